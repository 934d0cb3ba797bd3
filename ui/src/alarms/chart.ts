import type { AlarmSeries, Counted, Replay, ReplaySeries } from '../api/alarms';
import type { ChartModel, ChartPoint, ChartSeries, PointKind } from '../charts/model';
import type { Unit } from '../format/number';
import type { Span } from '../state/range';
import { labelsText } from './order';
import { alarmStretches } from './spans';
import type { Scale } from './threshold';

/** A replay as a chart: values, threshold or band, stretches in alarm, evaluated points. Pure. */

/** So many series are drawn; the others are in the tables. */
export const MOST_DRAWN = 8;

const KINDS: Readonly<Record<Counted, PointKind>> = {
  Breaching: 'breaching',
  NotBreaching: 'not',
  LeftOut: 'left-out',
  Missing: 'missing',
  FilledBreaching: 'filled-breaching',
  FilledNotBreaching: 'filled-not',
};

const UPPER = 'upper end of the band';
const LOWER = 'lower end of the band';

interface Drawn {
  replay: Replay;
  span: Span;
  unit: Unit;
  /** Instead of the replay's own, while it is being moved. */
  threshold: number | null;
  scale: Scale;
  /** The series whose points were evaluated. */
  evaluated?: AlarmSeries | null;
  /** What the values are called where they have no labels. */
  name?: string;
  /** What a band is not learned from. */
  excluded?: readonly Span[];
}

export function chartOf({
  replay,
  span,
  unit,
  threshold,
  scale,
  evaluated = null,
  name = 'value',
  excluded = [],
}: Drawn): ChartModel {
  const drawn = chosen(replay.series, evaluated);
  // Of the one whose points are shown, else of any of them.
  const inAlarm = evaluated ? drawn.slice(0, 1) : drawn;
  const series: ChartSeries[] = drawn.map((one, place) => ({
    key: JSON.stringify(one.labels),
    label: labelsText(one.labels) || name,
    values: one.values,
    shape: 'line',
    tone: place,
    ...(place === 0 ? { headline: true } : {}),
  }));
  // The band of the first: of several they would hide each other.
  const band = drawn[0];
  if (band?.upper) series.push(limit(UPPER, band.upper));
  if (band?.lower) series.push(limit(LOWER, band.lower));
  if (threshold !== null)
    series.push(
      limit(
        'threshold',
        replay.times.map(() => threshold),
      ),
    );
  return {
    unit,
    span,
    period: replay.period_seconds * 1000,
    times: replay.times,
    series,
    ...(band?.upper && band.lower ? { between: [UPPER, LOWER] as const } : {}),
    bands: [
      ...excluded
        .filter(({ start, end }) => start < span.end && end > span.start)
        .map(({ start, end }) => ({ start, end, label: 'not learned from' })),
      ...alarmStretches(inAlarm).map(({ start, end }) => ({ start, end, label: 'in alarm', soft: true })),
    ],
    points: evaluated ? pointsOf(evaluated) : [],
    bottom: scale.bottom,
    top: scale.top,
  };
}

function limit(label: string, values: readonly (number | null)[]): ChartSeries {
  return { key: label, label, values, shape: 'limit', tone: 7, framed: true };
}

/** Those that changed most come first, the evaluated one before them. */
function chosen(series: readonly ReplaySeries[], evaluated: AlarmSeries | null): ReplaySeries[] {
  const key = evaluated && JSON.stringify(evaluated.labels);
  const first = (one: ReplaySeries) => (key !== null && JSON.stringify(one.labels) === key ? 0 : 1);
  return [...series]
    .sort((a, b) => first(a) - first(b) || b.transitions.length - a.transitions.length)
    .slice(0, MOST_DRAWN);
}

export function pointsOf(series: Pick<AlarmSeries, 'points'>): ChartPoint[] {
  return series.points.map(({ time, value, counted }) => ({ time: Date.parse(time), value, kind: KINDS[counted] }));
}

/** How much of the values a band is known for: since when, and whether at all. `null` where nothing has a value. */
export function bandKnown(replay: Pick<Replay, 'times' | 'series'>): { all: boolean; since: number | null } | null {
  const first = replay.series[0];
  if (!first?.values.some((value) => value !== null)) return null;
  const begins = first.values.findIndex((value) => value !== null);
  const known = (first.upper ?? []).findIndex((value) => value !== null);
  return { all: known >= 0 && known <= begins, since: known < 0 ? null : (replay.times[known] ?? null) };
}
