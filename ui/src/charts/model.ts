import type { Unit } from '../format/number';
import type { Span } from '../state/range';
import type { ChartAlarm } from './alarms';
import type { Happening } from './happening';

/** How a series is drawn: stacked areas add up; a limit is a thin line that only marks a height. */
export type Shape = 'line' | 'stack' | 'limit';

/** One series of a chart, in the chart's unit. */
export interface ChartSeries {
  /** Stable across refreshes. */
  key: string;
  label: string;
  values: readonly (number | null)[];
  shape: Shape;
  /** Place in the palette. */
  tone: number;
  /** Drawn paler: memory that would be given back, time that is not use. */
  quiet?: boolean;
  /** Filled with lines instead of an even colour, so that it is told apart without colour. */
  hatched?: boolean;
  /** The series that the caption's figures are about, where neither sum nor highest line is the one to look at. */
  headline?: boolean;
  /** A limit that belongs into the picture even when usage is far below. */
  framed?: boolean;
  /** A colour with a meaning of its own, by theme, instead of the place's. */
  colour?: Readonly<Record<'light' | 'dark', string>>;
}

/** A stretch of time that is marked over the series. */
export interface ChartBand {
  start: number;
  end: number;
  /** What happened in it, in a few words. */
  label: string;
  /** Shaded under a bar instead of hatched, where values are to be read within it. */
  soft?: boolean;
}

/** What a point was counted as in judging an alarm. */
export type PointKind = 'breaching' | 'not' | 'left-out' | 'missing' | 'filled-breaching' | 'filled-not';

/** A point that is marked. One without a value stands on the axis. */
export interface ChartPoint {
  time: number;
  value: number | null;
  kind: PointKind;
}

/** What a chart shows. Data only; the theme and the reader's cursor are not in it. */
export interface ChartModel {
  unit: Unit;
  span: Span;
  /** Milliseconds that one point stands for. */
  period: number;
  /** Start of each period. */
  times: readonly number[];
  series: readonly ChartSeries[];
  /** Keys of two series between which is shaded: the upper one and the lower one. */
  between?: readonly [upper: string, lower: string];
  /** Fixed upper end of the axis. */
  top?: number;
  /** Lower end of the axis, where values may be below 0. */
  bottom?: number;
  /** Points that are marked. */
  points?: readonly ChartPoint[];
  /** Stacks are drawn as a bar for each period, for what is counted rather than measured. */
  bars?: boolean;
  /** Hatched over everything. */
  bands?: readonly ChartBand[];
  /** What happened meanwhile, in the order of time. */
  happenings?: readonly Happening[];
  /** Alarms that were in ALARM meanwhile, those that matter most first. */
  alarms?: readonly ChartAlarm[];
}

/** Values as the plot takes them: `null` breaks the line, `undefined` is stepped over. */
export type Plotted = (number | null | undefined)[];

/**
 * How many empty points in a row still lie within the rhythm of the rows. Rows that come every 60 s in a chart with a
 * point each 10 s leave five empty in between, and that is no gap.
 */
export function usualStep(values: readonly (number | null)[]): number {
  const steps: number[] = [];
  let before = -1;
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    if (before >= 0) steps.push(index - before);
    before = index;
  }
  if (steps.length < 3) return 1;
  steps.sort((a, b) => a - b);
  return steps[Math.ceil(steps.length * 0.75) - 1] ?? 1;
}

/** Marks the empty points: those within the usual step are stepped over, longer runs break the line. */
export function withGaps(values: readonly (number | null)[], step = usualStep(values)): Plotted {
  const out: Plotted = [...values];
  if (step <= 1) return out;
  let start = -1;
  for (let index = 0; index <= values.length; index += 1) {
    const missing = index < values.length && values[index] === null;
    if (missing && start < 0) start = index;
    if (missing || start < 0) continue;
    const inside = start > 0 && index < values.length;
    if (inside && index - start < step) out.fill(undefined, start, index);
    start = -1;
  }
  return out;
}

/** Running sums of the stacked series, bottom first. A point is empty where all of them are. */
export function stacked(series: readonly (readonly (number | null)[])[]): (number | null)[][] {
  const length = series[0]?.length ?? 0;
  const sums = series.map(() => new Array<number | null>(length).fill(null));
  for (let at = 0; at < length; at += 1) {
    if (series.every((values) => (values[at] ?? null) === null)) continue;
    let sum = 0;
    for (const [place, values] of series.entries()) {
      sum += values[at] ?? 0;
      const row = sums[place];
      if (row) row[at] = sum;
    }
  }
  return sums;
}

/** Stretches of time in which no series has a value, as `[from, to]` in milliseconds, within the span. */
export function emptyStretches(model: ChartModel): [number, number][] {
  const lines = model.series.filter((series) => series.shape !== 'limit');
  if (lines.length === 0 || model.times.length === 0) return [];
  const step = Math.max(1, ...lines.map((line) => usualStep(line.values)));
  const filled: number[] = [];
  for (const [index, time] of model.times.entries()) {
    if (lines.some((line) => (line.values[index] ?? null) !== null)) filled.push(time);
  }
  const found: [number, number][] = [];
  const reach = step * model.period;
  let until = model.span.start;
  for (const time of filled) {
    if (time - until > reach * 0.5 + model.period) found.push([until, time]);
    until = time + reach;
  }
  // Rows of the last few ticks may still be on their way, and the last minute may not be closed.
  if (model.span.end - until > Math.max(reach, model.period >= 60_000 ? 90_000 : 30_000))
    found.push([until, model.span.end]);
  return found;
}

/** The newest value that there is. */
export function newest(values: readonly (number | null)[]): number | null {
  for (let index = values.length - 1; index >= 0; index -= 1) {
    const value = values[index];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** Smallest and largest value and their places; `null` when there is none. */
export function extremes(values: readonly (number | null)[]): { min: number; max: number; at: number } | null {
  let found: { min: number; max: number; at: number } | null = null;
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    if (!found) {
      found = { min: value, max: value, at: index };
      continue;
    }
    found.min = Math.min(found.min, value);
    if (value > found.max) {
      found.max = value;
      found.at = index;
    }
  }
  return found;
}

/** The index of the point nearest to a moment; `null` when there are none or it lies outside by more than a period. */
export function nearest(times: readonly number[], time: number, period: number): number | null {
  if (times.length === 0) return null;
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  const after = times[low] ?? 0;
  const before = times[low - 1];
  const index = before !== undefined && time - before < after - time ? low - 1 : low;
  return Math.abs((times[index] ?? 0) - time) <= period * 1.5 ? index : null;
}
