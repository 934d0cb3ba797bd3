import { isRecord, numberText, recordOf, without } from './read';
import type { Fields } from './read';

/** Anomaly bands of a definition: the expression, and what is not learned from. Pure. */

/** Deviations to each side when none is written. */
export const USUAL_WIDTH = '2';

export const BAND_SIDES: readonly (readonly [operator: string, words: string])[] = [
  ['LessThanLowerOrGreaterThanUpperThreshold', 'outside the band'],
  ['GreaterThanUpperThreshold', 'above the band'],
  ['LessThanLowerThreshold', 'below the band'],
];

/** Whether an operator compares with a band instead of a threshold. */
export function needsBand(operator: string): boolean {
  return /(?:Lower|Upper)/.test(operator);
}

/** What a band is of, and how many deviations wide; `null` where the expression is no band. */
export function bandParts(expression: string): { of: string; width: string } | null {
  const inner = /^\s*ANOMALY_DETECTION_BAND\s*\(([\s\S]*)\)\s*$/.exec(expression)?.[1];
  if (inner === undefined) return null;
  let depth = 0;
  let quote = '';
  let comma = -1;
  for (let at = 0; at < inner.length; at += 1) {
    const c = inner.charAt(at);
    if (quote !== '') quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'") quote = c;
    else if (c === '(' || c === '[') depth += 1;
    else if (c === ')' || c === ']') depth -= 1;
    else if (c === ',' && depth === 0) {
      if (comma >= 0) return null;
      comma = at;
    }
    // Closed before the end: it is more than one call.
    if (depth < 0) return null;
  }
  if (depth !== 0 || quote !== '') return null;
  return comma < 0
    ? { of: inner.trim(), width: '' }
    : { of: inner.slice(0, comma).trim(), width: inner.slice(comma + 1).trim() };
}

export function bandExpression(of: string, width: string): string {
  return `ANOMALY_DETECTION_BAND(${of}${width.trim() === '' ? '' : `, ${width.trim()}`})`;
}

/** What is wrong with a width that is a number; others are the server's to judge. */
export function widthFault(width: string): string | null {
  const number = Number(width.trim());
  return width.trim() === '' || Number.isNaN(number) || (number > 0 && Number.isFinite(number))
    ? null
    : 'A width is a number above 0.';
}

/** A time that is not learned from. Ends are as they were read, RFC 3339 or seconds since 1970. */
export interface ExcludedRange {
  start: unknown;
  end: unknown;
  given: Fields;
}

/** `AnomalyDetector` as a form holds it. */
export interface Detector {
  ranges: readonly ExcludedRange[];
  /** Empty is UTC. */
  timezone: string;
  /** As it was read: fields that the form has none for are kept. */
  given: Fields;
}

export const NO_DETECTOR: Detector = { ranges: [], timezone: '', given: {} };

/** `null` where it has another shape, which is kept as it is. */
export function detectorOf(written: unknown): Detector | null {
  if (written === undefined) return NO_DETECTOR;
  if (!isRecord(written)) return null;
  const ranges = written.ExcludedTimeRanges ?? [];
  const timezone = written.MetricTimezone ?? '';
  if (!Array.isArray(ranges) || !ranges.every(isRecord) || typeof timezone !== 'string') return null;
  return {
    ranges: ranges.map((range) => ({ start: range.StartTime, end: range.EndTime, given: range })),
    timezone,
    given: written,
  };
}

/** The key `AnomalyDetector`; nothing when nothing is said. */
export function detectorKey({ ranges, timezone, given }: Detector): Fields {
  const written = {
    ...without(given, new Set(['ExcludedTimeRanges', 'MetricTimezone'])),
    ...(ranges.length === 0 ? {} : { ExcludedTimeRanges: ranges.map(rangeKeys) }),
    ...(timezone.trim() === '' ? {} : { MetricTimezone: timezone.trim() }),
  };
  return Object.keys(written).length === 0 ? {} : { AnomalyDetector: written };
}

function rangeKeys({ start, end, given }: ExcludedRange): Fields {
  return {
    ...without(given, new Set(['StartTime', 'EndTime'])),
    ...(start === undefined ? {} : { StartTime: start }),
    ...(end === undefined ? {} : { EndTime: end }),
  };
}

const MINUTE_MS = 60_000;

/** A range between two moments in milliseconds, of whole minutes. */
export function excluded(start: number, end: number): ExcludedRange {
  const first = Math.floor(start / MINUTE_MS) * MINUTE_MS;
  const last = Math.max(Math.ceil(end / MINUTE_MS) * MINUTE_MS, first + MINUTE_MS);
  return { start: moment(first), end: moment(last), given: {} };
}

/** A moment as a definition has it: RFC 3339 without what is zero. */
export function moment(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** Milliseconds of a time of a definition: RFC 3339, or seconds since 1970. `null` where it is none. */
export function millisOf(written: unknown): number | null {
  if (typeof written === 'number') return Number.isFinite(written) ? written * 1000 : null;
  if (typeof written !== 'string' || written.trim() === '') return null;
  const ms = /^\d+(?:\.\d+)?$/.test(written.trim()) ? Number(written) * 1000 : Date.parse(written);
  return Number.isNaN(ms) ? null : ms;
}

/** The stretches that are known, in milliseconds and in order, for a chart. */
export function excludedSpans({ ranges }: Detector): { start: number; end: number }[] {
  return ranges
    .map(({ start, end }) => ({ start: millisOf(start), end: millisOf(end) }))
    .filter((one): one is { start: number; end: number } => one.start !== null && one.end !== null)
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
}

/** What is wrong with a range, as far as it can be told here. */
export function rangeFault({ start, end }: ExcludedRange): string | null {
  const [from, to] = [millisOf(start), millisOf(end)];
  return from !== null && to !== null && from >= to ? 'The end is not after the start.' : null;
}

/** Whether an alarm's `Metrics` are a metric and its band, and nothing else. */
export function isBandOfMetric(metrics: unknown, band: unknown): boolean {
  if (!Array.isArray(metrics) || metrics.length !== 2) return false;
  const all = metrics.map(recordOf);
  const its = all.find((query) => query.Id === band && typeof query.Expression === 'string');
  const metric = all.find((query) => query !== its);
  if (!its || !metric || 'Expression' in metric || !isRecord(metric.MetricStat)) return false;
  const parts = bandParts(numberText(its.Expression, ''));
  return parts !== null && parts.of === metric.Id && metric.ReturnData !== false && its.ReturnData !== false;
}
