import { entitySpans } from '../alarms/entitySpans';
import type { EntitySpans } from '../alarms/entitySpans';
import { isWithin, LOOSE, namesOf, wholeCluster } from '../alarms/concern';
import type { Place } from '../alarms/concern';
import { NAMED, writtenAs } from '../alarms/place';
import { askSql, literal, moment } from '../api/sql';
import { parseMoment } from '../format/time';
import type { Problem } from '../api/problem';
import { several } from '../routes/links';
import { hasAlarms, useAlarms, useConcerns } from './alarms';
import { interval, length, now, span } from './clock';
import { chartPeriod } from './range';
import type { Span } from './range';
import { useResource } from './resource';

/** When alarms about the entity of a page were in ALARM in the page's range. One question for the page. */

/** The most changes that are asked for; beyond it the newest are kept. */
export const MOST_CHANGES = 1000;
/** Definitions and states besides them. */
const MOST_ROWS = MOST_CHANGES + 500;

export interface AlarmSpans {
  list: readonly EntitySpans[];
  /** There were more changes than are shown: before this moment (milliseconds) nothing is known. Else null. */
  since: number | null;
  problem: Problem | null;
}

const NONE: AlarmSpans = { list: [], since: null, problem: null };

export function useAlarmSpans(place: Place): AlarmSpans {
  const asked = span.value;
  const firing = useAlarms()?.alarms ?? [];
  const names = [...new Set(useConcerns(place).map(({ alarm }) => alarm.name))].sort();
  const grain = Math.max(chartPeriod(length.value, interval.value), 10) * 1000;
  const wanted = hasAlarms.value && isWithin(place, several.value) !== null;
  const subject = wanted ? JSON.stringify(['alarm spans', place, asked.end - asked.start, several.value]) : null;
  const edition = `${Math.floor(asked.end / grain)} ${names.join()}`;
  const { data, problem } = useResource(subject, edition, async (signal) => {
    const { rows } = await askSql(
      statement({ place, span: asked, now: now.peek(), several: several.peek(), names }),
      signal,
      MOST_ROWS,
    );
    const changes = rows.filter(({ what }) => what === 'change');
    const cut = changes.length > MOST_CHANGES;
    const times = changes.map(({ time }) => parseMoment(String(time)) ?? asked.end);
    return { rows, asked, since: cut ? times.reduce((a, b) => Math.min(a, b), asked.end) : null };
  });
  if (!wanted) return NONE;
  if (!data) return { ...NONE, problem };
  const list = entitySpans({
    rows: data.rows,
    alarms: firing,
    place,
    // Before the oldest change that is known nothing is.
    span: { start: data.since ?? data.asked.start, end: data.asked.end },
    several: several.value,
  });
  return { list, since: data.since, problem };
}

interface Question {
  place: Place;
  span: Span;
  now: number;
  several: boolean;
  /** Alarms that are in ALARM on it now: their changes may be older than the range. */
  names: readonly string[];
}

/** How long after its end a range is one of the past: what its series became since is asked for. */
const PAST_MS = 120_000;

/**
 * The statement, whose rows are of three sorts. `change`: a change of state in the range. `after`: the first change of
 * a series after the range, which says what it was in until then. `definition`: the newest definition of an alarm.
 */
export function statement({ place, span: asked, now: moment_, several: more, names }: Question): string {
  const state = `item_type = 'StateUpdate' and time >= ${moment(asked.start)}`;
  const concerned = `${state} and (${condition(place, more)} or ${unlabelled(place)})`;
  const within = `${concerned} and time < ${moment(asked.end)}`;
  const none = 'cast(null as varchar)';
  const parts = [
    `select * from (select 'change' as what, time, number, alarm, labels, from_state, to_state, ${none} as data ` +
      `from alarm_history where ${within} order by time desc, number desc limit ${MOST_CHANGES + 1})`,
  ];
  if (moment_ - asked.end > PAST_MS)
    parts.push(
      `select 'after' as what, min(time) as time, min(number) as number, alarm, labels, ` +
        `first_value(from_state order by time, number) as from_state, ${none} as to_state, ${none} as data ` +
        `from alarm_history where ${concerned} and time >= ${moment(asked.end)} group by alarm, labels`,
    );
  const alarms = `alarm in (select alarm from alarm_history where ${concerned})`;
  const listed = names.length === 0 ? '' : ` or alarm in (${names.map(literal).join(', ')})`;
  parts.push(
    `select 'definition' as what, max(time) as time, max(number) as number, alarm, null as labels, ${none} as from_state, ` +
      `${none} as to_state, last_value(data order by time, number) as data ` +
      `from alarm_history where item_type = 'ConfigurationUpdate' and (${alarms}${listed}) group by alarm`,
  );
  return `${parts.join(' union all ')} limit ${MOST_ROWS}`;
}

/** That the labels of a change name the place or something within it. */
function condition(place: Place, more: boolean): string {
  const cluster = wholeCluster(place);
  if (cluster !== null) {
    const its = expression('cluster');
    return more
      ? `${its} = ${literal(cluster)}`
      : `(${its} = ${literal(cluster)} or (${its} is null and cardinality(labels) > 0))`;
  }
  return namesOf(place)
    .flatMap(([name, value]) => {
      const its = expression(name);
      const is = `${its} = ${literal(value)}`;
      if (LOOSE.has(name)) return [`(${is} or ${its} is null)`];
      const uid = place.pod_uid;
      if (name === 'pod' && typeof uid === 'string')
        return [`(${is} or (${its} is null and labels['pod_uid'] = ${literal(uid)}))`];
      if (name === 'pod_uid' && typeof place.pod === 'string') return [`(${is} or ${its} is null)`];
      return [is];
    })
    .join(' and ');
}

/** The label that stands for a column, in whichever way it is written. */
function expression(column: string): string {
  const label = (name: string) => `labels[${literal(name)}]`;
  const named = NAMED.flatMap(({ kind, name, columns }) => {
    const kinds = Object.entries(columns)
      .filter(([, held]) => held === column)
      .map(([one]) => literal(one));
    return kinds.length === 0 ? [] : [`case when ${label(kind)} in (${kinds.join(', ')}) then ${label(name)} end`];
  });
  const all = [...writtenAs(column).map(label), ...named];
  return all.length === 1 ? (all[0] ?? '') : `coalesce(${all.join(', ')})`;
}

/** That an alarm over one metric, whose changes have no labels, names the place in its definition. */
function unlabelled(place: Place): string {
  const values = namesOf(place).filter(([name]) => !LOOSE.has(name) || wholeCluster(place) !== null);
  const named = values
    .filter(([name]) => name !== 'pod_uid' || typeof place.pod !== 'string')
    .map(([, value]) => `strpos(data, ${literal(JSON.stringify(value))}) > 0`);
  return (
    `((labels is null or cardinality(labels) = 0) and alarm in ` +
    `(select alarm from alarm_history where item_type = 'ConfigurationUpdate' and ${named.join(' and ')}))`
  );
}
