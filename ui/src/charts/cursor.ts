import { signal } from '@preact/signals';

/** The moment that the reader points at, in all charts at once. */
export interface Cursor {
  /** Milliseconds; `null` when nothing is pointed at. */
  time: number | null;
  /** The chart that the pointer or the keyboard is in. */
  owner: string | null;
  /** Stays when the pointer leaves. */
  pinned: boolean;
}

export const cursor = signal<Cursor>({ time: null, owner: null, pinned: false });

/** Points at a moment, unless one is pinned. */
export function point(time: number | null, owner: string): void {
  const held = cursor.peek();
  if (held.pinned || (held.time === time && held.owner === owner)) return;
  cursor.value = { time, owner: time === null ? null : owner, pinned: false };
}

/** Keeps the present moment pointed at, or lets go of it. */
export function togglePin(owner: string): void {
  const held = cursor.peek();
  if (held.time === null) return;
  cursor.value = held.pinned ? { time: null, owner: null, pinned: false } : { ...held, owner, pinned: true };
}

/** Lets go of everything. */
export function unpin(): void {
  if (cursor.peek().time !== null) cursor.value = { time: null, owner: null, pinned: false };
}
