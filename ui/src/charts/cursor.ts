import { signal } from '@preact/signals';

/** The moment that the reader points at, in all charts at once. */
export interface Cursor {
  /** Milliseconds; `null` when nothing is pointed at. */
  time: number | null;
  /** The chart that the pointer or the keyboard is in. */
  owner: string | null;
  /** Stays when the pointer leaves. */
  pinned: boolean;
  /** Put there by keys: it stays at its moment when new data move that under the pixels. */
  steered: boolean;
}

const NOWHERE: Cursor = { time: null, owner: null, pinned: false, steered: false };

export const cursor = signal<Cursor>(NOWHERE);

/** Points at a moment, unless one is pinned. */
export function point(time: number | null, owner: string, steered = false): void {
  const held = cursor.peek();
  if (held.pinned || (held.time === time && held.owner === owner && held.steered === steered)) return;
  cursor.value = time === null ? NOWHERE : { time, owner, pinned: false, steered };
}

/** Keeps the present moment pointed at, or lets go of it. */
export function togglePin(owner: string): void {
  const held = cursor.peek();
  if (held.time === null) return;
  cursor.value = held.pinned ? NOWHERE : { ...held, owner, pinned: true };
}

/** Lets go of everything. */
export function unpin(): void {
  if (cursor.peek().time !== null) cursor.value = NOWHERE;
}
