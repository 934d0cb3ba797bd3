import { batch, computed, effect, signal } from '@preact/signals';
import { serverNow } from '../api/http';
import { query, setQuery } from '../routes/location';
import { alignedSpan, grainFor, rangeFromQuery, rangeToQuery, spanOf } from './range';
import type { Range, Span } from './range';

/**
 * The page's clock: one moment for everything on it, moved on when new rows are due. It stands still while the page
 * is hidden, the range is fixed or the reader has paused it.
 */
export const now = signal(serverNow());

/** Seconds between an agent's rows; the inventory corrects it. */
export const interval = signal(10);

/** The time range of the address. */
export const range = computed(() => rangeFromQuery(query.value));

const visible = signal(document.visibilityState !== 'hidden');

/** Whether the reader lets the page follow the present. */
export const following = computed(() => query.value.get('live') !== 'off');

/** Whether the page is following the present right now. */
export const live = computed(() => following.value && visible.value && range.value.kind === 'relative');

/** Changes the range; a new history entry, so that the back button undoes a zoom. */
export function setRange(next: Range): void {
  batch(() => {
    now.value = serverNow();
    setQuery(rangeToQuery(next));
  });
}

/** Length of the range in seconds. */
export const length = computed(() => {
  const { start, end } = spanOf(range.value, 0);
  return (end - start) / 1000;
});

let last: Span = { start: 0, end: 0 };

/** What charts show: the range on whole grains. The same object as long as both ends stay. */
export const span = computed<Span>(() => {
  const next = alignedSpan(range.value, now.value, grainFor(length.value, interval.value));
  if (next.start !== last.start || next.end !== last.end) last = next;
  return last;
});

/** Moves the clock now. */
export function refresh(): void {
  now.value = serverNow();
}

/** Rows of a tick are here so long after it. */
const SETTLE_MS = 2300;

/** Starts the clock. Returns the way to stop it. */
export function startClock(): () => void {
  const seen = () => {
    visible.value = document.visibilityState !== 'hidden';
  };
  document.addEventListener('visibilitychange', seen);
  const stop = effect(() => {
    const every = Math.max(interval.value, 1) * 1000;
    if (!live.value) return undefined;
    let timer = 0;
    const next = () => {
      const wait = every - ((serverNow() - SETTLE_MS) % every);
      timer = window.setTimeout(
        () => {
          refresh();
          next();
        },
        Math.max(wait, 250),
      );
    };
    if (serverNow() - now.peek() > every) refresh();
    next();
    return () => window.clearTimeout(timer);
  });
  return () => {
    stop();
    document.removeEventListener('visibilitychange', seen);
  };
}
