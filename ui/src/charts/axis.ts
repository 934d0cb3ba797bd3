import { format } from '../format/number';
import type { Unit } from '../format/number';
import { dateTime } from '../format/time';
import type { Zone } from '../format/time';
import { extremes } from './model';
import type { ChartSeries } from './model';

/** Steps that a person counts in, per power of ten or of 1024. */
const DECIMAL_STEPS = [1, 2, 2.5, 5, 10];
const BINARY_STEPS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
/** About so many lines across a chart. */
const LINES = 5;

function isBytes(unit: Unit): boolean {
  return unit === 'bytes' || unit === 'bytes_per_second';
}

/** A round step of which about five fit below `max`. */
export function stepFor(unit: Unit, max: number): number {
  const wanted = max / LINES;
  if (isBytes(unit) && wanted >= 1) {
    const power = 1024 ** Math.floor(Math.log(wanted) / Math.log(1024));
    const step = BINARY_STEPS.find((s) => s * power >= wanted) ?? 1024;
    return step * power;
  }
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = DECIMAL_STEPS.find((s) => s * power >= wanted * 0.999999) ?? 10;
  return step * power;
}

/** Heights of the lines from 0 to at least `max`. */
export function splits(unit: Unit, max: number): number[] {
  // Nothing was counted: tenths of an event would be odd.
  if (unit === 'count' && max === 1) return [0, 1];
  const step = stepFor(unit, max);
  const found: number[] = [];
  for (let index = 0; index * step <= max * 1.000001; index += 1) found.push(index * step);
  return found;
}

/** A tick's text: as short as it is exact, `5 GiB` rather than `5.00 GiB`. */
export function tickText(unit: Unit, value: number): string {
  if (value === 0) return '0';
  return format(unit, value)
    .replace(/(\.\d*?)0+(?=\D|$)/, '$1')
    .replace(/\.(?=\D|$)/, '');
}

/** Whether a limit is drawn at its height, or only named at the upper edge because usage is far below it. */
export function limitInFrame(limit: number, dataMax: number): boolean {
  return limit <= dataMax * 2.5;
}

/**
 * The upper end of the axis; it begins at 0. `highest` is the largest value drawn (stacks summed), before limits.
 */
export function upperEnd(unit: Unit, highest: number, limits: readonly ChartSeries[], top?: number): number {
  if (top !== undefined) return top;
  let max = highest;
  for (const limit of limits) {
    const value = extremes(limit.values)?.max ?? 0;
    if (limit.framed === true || limitInFrame(value, highest)) max = Math.max(max, value);
  }
  if (max <= 0) return unit === 'percent' ? 1 : isBytes(unit) ? 1024 : 1;
  const step = stepFor(unit, max);
  const steps = max / step;
  // Headroom, so that a peak is not cut by the frame.
  return (
    (steps - Math.floor(steps) < 0.02 && Math.floor(steps) >= 1 ? steps + 0.15 : Math.ceil(steps * 5 + 0.35) / 5) * step
  );
}

/** Texts of the time axis: the date only where the day changes. */
export function timeTexts(times: readonly number[], step: number, zone: Zone): string[] {
  let day = '';
  return times.map((ms) => {
    const text = dateTime(ms, zone);
    const date = text.slice(5, 10);
    const clock = step < 60_000 ? text.slice(11) : text.slice(11, 16);
    const changed = day !== '' && date !== day;
    day = date;
    if (step >= 86400_000) return date;
    return changed ? (clock.startsWith('00:00') ? date : `${date} ${clock}`) : clock;
  });
}
