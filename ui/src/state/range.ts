/**
 * The page's one time range. Pure: the present moment is an argument. In the address it is `range=1h` (up to now)
 * or `from=…&to=…` (fixed); nothing means the last hour.
 */

export type Range =
  | { readonly kind: 'relative'; readonly seconds: number }
  | { readonly kind: 'absolute'; readonly start: number; readonly end: number };

/** A range with both ends known, in milliseconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What is shown when the address says nothing. */
export const DEFAULT_RANGE: Range = { kind: 'relative', seconds: 3600 };

/** Offered in the picker. */
export const PRESETS: readonly number[] = [
  300,
  900,
  1800,
  3600,
  3 * 3600,
  6 * 3600,
  12 * 3600,
  86400,
  2 * 86400,
  7 * 86400,
  30 * 86400,
];

const SHORTEST_MS = 10_000;
/** A range that ends so shortly before the present is meant to end with it. */
const NEAR_MS = 15_000;
const LONGEST_SECONDS = 2 * 366 * 86400;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86400, w: 7 * 86400 };

/** Seconds of a length such as `90m`, `1h30m`, `2 d`; `null` when it is none or out of bounds. */
export function parseLength(text: string): number | null {
  const trimmed = text.trim().toLowerCase().replace(/^-/, '');
  if (!/^(?:\d+(?:\.\d+)?\s*(?:s|m|min|h|d|w)\s*)+$/.test(trimmed)) return null;
  let seconds = 0;
  for (const [, count = '', unit = ''] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(min|[smhdw])/g)) {
    seconds += Number(count) * (UNITS[unit] ?? Number.NaN);
  }
  const whole = Math.round(seconds);
  return whole * 1000 >= SHORTEST_MS && whole <= LONGEST_SECONDS ? whole : null;
}

/** The shortest text of a length: 5400 → `90m`, 86400 → `1d`. */
export function lengthText(seconds: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    const size = UNITS[unit] ?? 1;
    if (seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}

/** A range in words: `Last 3 hours`. */
export function lengthWords(seconds: number): string {
  for (const [unit, word] of [
    ['d', 'day'],
    ['h', 'hour'],
    ['m', 'minute'],
  ] as const) {
    const size = UNITS[unit] ?? 1;
    if (seconds % size === 0) {
      const count = seconds / size;
      return count === 1 ? `Last ${word}` : `Last ${count} ${word}s`;
    }
  }
  return `Last ${seconds} seconds`;
}

/** Reads the range out of an address. Anything malformed falls back to the default. */
export function rangeFromQuery(query: URLSearchParams): Range {
  const from = moment(query.get('from'));
  const to = moment(query.get('to'));
  if (from !== null && to !== null && to - from >= SHORTEST_MS) return { kind: 'absolute', start: from, end: to };
  const seconds = parseLength(query.get('range') ?? '');
  return seconds === null ? DEFAULT_RANGE : { kind: 'relative', seconds };
}

function moment(text: string | null): number | null {
  const ms = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** The query keys that stand for a range. */
export function rangeToQuery(range: Range): Readonly<Record<'range' | 'from' | 'to', string | null>> {
  if (range.kind === 'relative') return { range: lengthText(range.seconds), from: null, to: null };
  return { range: null, from: isoText(range.start), to: isoText(range.end) };
}

function isoText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** Both ends of a range at a moment. */
export function spanOf(range: Range, now: number): Span {
  return range.kind === 'absolute' ? range : { start: now - range.seconds * 1000, end: now };
}

/** A brushed part: whole seconds, never shorter than can be shown. `null` when it is too short to have been meant. */
export function brushed(start: number, end: number): Range | null {
  const from = Math.floor(Math.min(start, end) / 1000) * 1000;
  const to = Math.ceil(Math.max(start, end) / 1000) * 1000;
  return to - from < SHORTEST_MS ? null : { kind: 'absolute', start: from, end: to };
}

/** Moves by a share of the range's own length; a move that reaches the present becomes relative again. */
export function shifted(range: Range, share: number, now: number): Range {
  const span = spanOf(range, now);
  const by = Math.round(((span.end - span.start) * share) / 1000) * 1000;
  if (span.end + by >= now - Math.max(NEAR_MS, (span.end - span.start) / 100)) {
    return { kind: 'relative', seconds: Math.max(10, Math.round((span.end - span.start) / 1000)) };
  }
  return {
    kind: 'absolute',
    start: Math.floor((span.start + by) / 1000) * 1000,
    end: Math.floor((span.end + by) / 1000) * 1000,
  };
}

/** Twice as long around the same middle, not past the present. */
export function widened(range: Range, now: number): Range {
  if (range.kind === 'relative') return { kind: 'relative', seconds: Math.min(range.seconds * 2, LONGEST_SECONDS) };
  const half = (range.end - range.start) / 2;
  const end = Math.min(range.end + half, now);
  return brushed(end - half * 4, end) ?? range;
}

/** Periods that the server keeps rows for, or can add up from such. */
const PERIODS: readonly number[] = [1, 2, 5, 10, 30, 60, 300, 900, 3600, 10800, 21600, 86400, 7 * 86400];

/** The shortest period that rows come in and that gives at most so many points. */
function shortest(seconds: number, intervalSeconds: number, points: number): number {
  return PERIODS.find((period) => period >= intervalSeconds && seconds / period <= points) ?? 28 * 86400;
}

/** Seconds for each point of a chart. */
export function chartPeriod(seconds: number, intervalSeconds: number): number {
  return shortest(seconds, intervalSeconds, 360);
}

/** Seconds for each point of a sparkline. */
export function sparkPeriod(seconds: number, intervalSeconds: number): number {
  return shortest(seconds, intervalSeconds, 100);
}

/** The next longer period, for a range of which rows are no longer held in a shorter one. */
export function longerPeriod(period: number): number | null {
  const kept = [60, 300, 3600];
  return kept.find((longer) => longer > period) ?? null;
}

/**
 * How far a relative range moves at a time, in seconds: the interval in which rows come; with long ranges, where a
 * row is less than a point, a minute.
 */
export function grainFor(seconds: number, intervalSeconds: number): number {
  return seconds / 300 <= intervalSeconds ? intervalSeconds : Math.max(intervalSeconds, 60);
}

/**
 * Both ends on whole grains. A relative range ends with the last grain that every agent has had time to report, so
 * that sums over many nodes do not dip at the right edge.
 */
export function alignedSpan(range: Range, now: number, grainSeconds: number): Span {
  const grain = grainSeconds * 1000;
  if (range.kind === 'absolute') {
    return { start: Math.floor(range.start / 1000) * 1000, end: Math.ceil(range.end / 1000) * 1000 };
  }
  const end = Math.floor((now - ARRIVAL_MS) / grain) * grain;
  return { start: end - range.seconds * 1000, end };
}

/** How long after its tick a row is expected at the latest. */
const ARRIVAL_MS = 2000;
