import type { AlarmState, AlarmSummary, Definition, Labels } from '../api/alarms';
import { rowText } from '../api/sql';
import type { SqlRow } from '../api/sql';
import { parseMoment } from '../format/time';
import type { Span } from '../state/range';
import { aboutWords } from './about';
import { concerns, isAbout, isWithin } from './concern';
import type { Place } from './concern';
import { dimensionsOf, severityIn, staticThreshold } from './defined';
import type { StaticThreshold } from './defined';
import { severityRank } from './order';
import { placeOf } from './place';
import { together } from './spans';
import { labelsOf } from './whole';

/** When alarms about an entity, or about something within it, were in ALARM. Pure. */

/** One alarm over a range of time. */
export interface EntitySpans {
  alarm: string;
  severity: string | null;
  /** Whether any of its series is about the entity itself; else all are about what is within it. */
  own: boolean;
  /** When any of its series was in ALARM: in order, none touches another. */
  spans: readonly Span[];
  /** Which series, as text; at most {@link MOST_NAMED}. Nothing for those of the entity itself. */
  within: readonly string[];
  /** How many series were in ALARM. */
  series: number;
  /** Only of an alarm on the entity itself. */
  threshold: StaticThreshold | null;
}

export const MOST_NAMED = 3;
/** Finer than this share of the range no two stretches are told apart: nothing narrower is seen. */
const FINEST = 1 / 400;

interface Change {
  time: number;
  number: number;
  from: AlarmState;
  to: AlarmState;
}

interface Series {
  labels: Labels;
  changes: Change[];
  /** What it was after the range, from the next change. */
  after: AlarmState | null;
  /** Since when it is in ALARM now. */
  firing: number | null;
}

interface Known {
  rows: readonly SqlRow[];
  /** What is in ALARM now. */
  alarms: readonly AlarmSummary[];
  place: Place;
  span: Span;
  several: boolean;
}

const STATES: ReadonlySet<string> = new Set<AlarmState>(['OK', 'ALARM', 'INSUFFICIENT_DATA']);

/** The alarms that were in ALARM in a range: on the entity itself before those within it, then the worst first. */
export function entitySpans({ rows, alarms, place, span, several }: Known): EntitySpans[] {
  const fits = isWithin(place, several);
  if (fits === null) return [];
  const definitions = definitionsOf(rows);
  const found = new Map<string, Map<string, Series>>();
  const seriesOf = (alarm: string, labels: Labels): Series | null => {
    // An alarm over one metric has no labels in its history: what it is about are its dimensions.
    const named = Object.keys(labels).length > 0 ? labels : (definitions.get(alarm)?.dimensions ?? {});
    if (!fits(placeOf(named))) return null;
    const held = found.get(alarm) ?? new Map<string, Series>();
    found.set(alarm, held);
    const key = JSON.stringify(Object.entries(named).sort());
    const series = held.get(key) ?? { labels: named, changes: [], after: null, firing: null };
    held.set(key, series);
    return series;
  };
  for (const row of rows) {
    const what = rowText(row, 'what');
    if (what !== 'change' && what !== 'after') continue;
    const [alarm, from, to] = [rowText(row, 'alarm'), stateIn(row, 'from_state'), stateIn(row, 'to_state')];
    const time = parseMoment(rowText(row, 'time') ?? '');
    if (alarm === null || time === null) continue;
    const series = seriesOf(alarm, labelsOf(row));
    if (!series) continue;
    if (what === 'after') series.after = from;
    else if (to !== null)
      series.changes.push({ time, number: Number(row.number), from: from ?? 'INSUFFICIENT_DATA', to });
  }
  const present = new Map<string, AlarmSummary>();
  for (const { alarm, contributor } of concerns(alarms, place, several)) {
    present.set(alarm.name, alarm);
    const series = seriesOf(alarm.name, contributor.labels);
    if (series) series.firing = parseMoment(contributor.since);
  }
  return [...found]
    .map(([alarm, all]): EntitySpans => {
      const definition = definitions.get(alarm);
      const raised = [...all.values()]
        .map((series) => ({ series, spans: inAlarm(series, span, definition?.deleted ?? null) }))
        .filter(({ spans }) => spans.length > 0);
      const own = raised.some(({ series }) => isAbout(place, series.labels));
      return {
        alarm,
        severity: present.get(alarm)?.tags.severity ?? definition?.severity ?? null,
        own,
        // What is nearer to each other than an eye tells apart is one.
        spans: together(
          raised.flatMap(({ spans }) => spans),
          (span.end - span.start) * FINEST,
        ),
        within: raised
          .filter(({ series }) => !isAbout(place, series.labels))
          .slice(0, MOST_NAMED)
          .map(({ series }) => aboutWords(placeOf(series.labels))),
        series: raised.length,
        threshold: own ? (definition?.threshold ?? null) : null,
      };
    })
    .filter(({ spans }) => spans.length > 0)
    .sort(
      (a, b) =>
        Number(b.own) - Number(a.own) ||
        severityRank(a.severity) - severityRank(b.severity) ||
        a.alarm.localeCompare(b.alarm),
    );
}

/** When one series was in ALARM within a range. */
function inAlarm({ changes, after, firing }: Series, span: Span, deleted: number | null): Span[] {
  const ordered = [...changes].sort((a, b) => a.time - b.time || a.number - b.number);
  const first = ordered[0];
  const found: Span[] = [];
  let since: number | null = null;
  if (first) since = first.from === 'ALARM' ? span.start : null;
  else if (after !== null) since = after === 'ALARM' ? span.start : null;
  else if (firing !== null) since = firing < span.end ? Math.max(firing, span.start) : null;
  for (const { time, to } of ordered) {
    if (to === 'ALARM') since ??= Math.max(time, span.start);
    else if (since !== null) {
      if (time > since) found.push({ start: since, end: Math.min(time, span.end) });
      since = null;
    }
  }
  // An alarm that was deleted has no change that ends it.
  const end = deleted === null || firing !== null ? span.end : Math.min(deleted, span.end);
  if (since !== null && end > since) found.push({ start: since, end });
  return found;
}

function stateIn(row: SqlRow, name: string): AlarmState | null {
  const text = rowText(row, name);
  return text !== null && STATES.has(text) ? (text as AlarmState) : null;
}

interface Defined {
  dimensions: Labels;
  severity: string | null;
  threshold: StaticThreshold | null;
  deleted: number | null;
}

/** What the newest definition of each alarm says. */
function definitionsOf(rows: readonly SqlRow[]): Map<string, Defined> {
  const found = new Map<string, Defined>();
  for (const row of rows) {
    const alarm = rowText(row, 'alarm');
    if (rowText(row, 'what') !== 'definition' || alarm === null) continue;
    const held = parsed(rowText(row, 'data') ?? '');
    const wasDeleted = typeof held.deletedAlarm === 'object';
    const definition = held.updatedAlarm ?? held.createdAlarm ?? held.deletedAlarm;
    if (typeof definition !== 'object' || definition === null) continue;
    const written = definition as Definition;
    found.set(alarm, {
      dimensions: dimensionsOf(written),
      severity: severityIn(written),
      threshold: staticThreshold(written),
      deleted: wasDeleted ? parseMoment(rowText(row, 'time') ?? '') : null,
    });
  }
  return found;
}

function parsed(text: string): Record<string, unknown> {
  try {
    const held = JSON.parse(text) as unknown;
    return typeof held === 'object' && held !== null ? (held as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
