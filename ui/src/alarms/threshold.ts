import type { Replay } from '../api/alarms';

/** The height of a threshold on a chart. Pure. */

export interface Scale {
  bottom: number;
  top: number;
}

/** Room for the values and the threshold, with some above so that it can be dragged higher. */
export function scaleFor(replay: Pick<Replay, 'series'>, threshold: number | null): Scale {
  let low = 0;
  let high = Number.NEGATIVE_INFINITY;
  for (const { values, lower, upper } of replay.series) {
    for (const list of [values, lower ?? [], upper ?? []]) {
      for (const value of list) {
        if (value === null) continue;
        if (value > high) high = value;
        if (value < low) low = value;
      }
    }
  }
  if (threshold !== null) {
    high = Math.max(high, threshold);
    low = Math.min(low, threshold);
  }
  if (!Number.isFinite(high)) high = 1;
  const size = high - low || Math.abs(high) || 1;
  return { bottom: low < 0 ? low - size * 0.1 : 0, top: high + size * 0.2 };
}

/** One step of the arrow keys: a round number of which there are about a hundred on the scale. */
export function stepOf({ bottom, top }: Scale): number {
  const wanted = (top - bottom) / 100;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 2, 5, 10].find((step) => step * power >= wanted * 0.999) ?? 10) * power;
}

/** A height on the scale as a number of whole steps, so that dragging gives numbers that one would type. */
export function snapped(value: number, scale: Scale): number {
  const step = stepOf(scale);
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Number((Math.round(value / step) * step).toFixed(Math.min(places, 12)));
}
