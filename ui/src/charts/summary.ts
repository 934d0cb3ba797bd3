import { spoken } from '../format/number';
import { dateTime } from '../format/time';
import type { Zone } from '../format/time';
import type { Span } from '../state/range';
import { alarmWords } from './alarms';
import { extremes, newest, stacked } from './model';
import type { ChartModel } from './model';

/** What a chart's caption says: the height of the whole picture now, at its lowest and at its highest. */
export interface Summary {
  now: number | null;
  min: number;
  max: number;
  maxAt: number;
}

/** Of the headline; else of stacks their sum, of lines the one that goes highest. `null` without data. */
export function summarize(model: ChartModel): Summary | null {
  const stack = model.series.filter((series) => series.shape === 'stack' && series.quiet !== true);
  const lines = model.series.filter((series) => series.shape === 'line');
  const headline = model.series.find((series) => series.headline === true);
  const candidates = headline
    ? [headline.values]
    : stack.length > 0
      ? [stacked(stack.map((series) => series.values)).at(-1) ?? []]
      : lines.map((line) => line.values);
  let best: { values: readonly (number | null)[]; max: number; min: number; at: number } | null = null;
  for (const values of candidates) {
    const found = extremes(values);
    if (found && (!best || found.max > best.max)) best = { values, ...found };
  }
  if (!best) return null;
  return { now: newest(best.values), min: best.min, max: best.max, maxAt: model.times[best.at] ?? 0 };
}

const MOST_BANDS = 12;

/** The caption for ears: every series with its newest value. */
export function description(model: ChartModel, zone: Zone): string {
  const from = dateTime(model.span.start, zone);
  const to = dateTime(model.span.end, zone);
  const parts = model.series
    .filter((series) => newest(series.values) !== null)
    .map((series) => {
      const ends = extremes(series.values);
      const now = `${series.label} ${spoken(model.unit, newest(series.values))}`;
      return series.shape === 'limit' || !ends
        ? now
        : `${now} (minimum ${spoken(model.unit, ends.min)}, maximum ${spoken(model.unit, ends.max)})`;
    });
  const bands = (model.bands ?? []).map(
    (band) => `${band.label} from ${dateTime(band.start, zone)} to ${dateTime(band.end, zone)}`,
  );
  const happened = (model.happenings ?? []).map((one) => `${one.label} at ${dateTime(one.time, zone)}`);
  const told =
    happened.length === 0
      ? ''
      : ` Meanwhile: ${happened.slice(-MOST_BANDS).join('; ')}${happened.length > MOST_BANDS ? `; and ${happened.length - MOST_BANDS} more before` : ''}.`;
  const alarms = model.alarms ?? [];
  const inAlarm =
    alarms.length === 0
      ? ''
      : ` In alarm meanwhile: ${alarms
          .slice(0, MOST_BANDS)
          .map((one) => `${alarmWords(one)} ${stretchWords(one.spans, zone)}`)
          .join('; ')}${alarms.length > MOST_BANDS ? `; and ${alarms.length - MOST_BANDS} more` : ''}.`;
  const marked = bands.length === 0 ? '' : ` Marked: ${bands.slice(0, MOST_BANDS).join('; ')}.`;
  return parts.length === 0
    ? `No data from ${from} to ${to}.${marked}${inAlarm}${told}`
    : `From ${from} to ${to}. Newest values: ${parts.join('; ')}.${marked}${inAlarm}${told}`;
}

/** `from 14:02 to 14:07`; of several how many, and the newest. */
function stretchWords(spans: readonly Span[], zone: Zone): string {
  const last = spans.at(-1);
  if (!last) return '';
  const words = `from ${dateTime(last.start, zone)} to ${dateTime(last.end, zone)}`;
  return spans.length === 1 ? words : `${spans.length} times, the last ${words}`;
}
