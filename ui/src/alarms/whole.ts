import type { AlarmsAnswer, AlarmSummary, Contributor, Labels } from '../api/alarms';
import { literal, moment, rowText } from '../api/sql';
import type { SqlRow } from '../api/sql';
import { parseMoment } from '../format/time';

/** The series in ALARM of alarms that have more of them than a list names. Pure. */

/** How long back the change may be that brought a series into ALARM. */
const BACK_MS = 31 * 86_400_000;
/** The most series that are asked for. */
export const MOST_WHOLE = 5000;

/** Whether an alarm has more series in ALARM than are named. */
export function isCut({ contributors, in_alarm: named }: AlarmSummary): boolean {
  return contributors !== null && contributors.ALARM > named.length;
}

/** How many series in ALARM are not named. */
export function unnamed(alarms: readonly AlarmSummary[]): number {
  return alarms.reduce(
    (sum, alarm) => sum + (isCut(alarm) ? (alarm.contributors?.ALARM ?? 0) - alarm.in_alarm.length : 0),
    0,
  );
}

/** All cut alarms as a text that changes when their series may have. */
export function cutText(alarms: readonly AlarmSummary[]): string {
  return alarms
    .filter(isCut)
    .map(({ name, contributors }) => `${name} ${contributors?.ALARM ?? 0}`)
    .join('\n');
}

/** A row for each series of these alarms whose newest change led to ALARM, by the history of alarms. */
export function wholeStatement(names: readonly string[], now: number): string {
  const newest = (column: string) => `last_value(${column} order by time, number)`;
  return (
    `select alarm, labels, at, reason from (select alarm, labels, max(time) as at, ${newest('to_state')} as state, ` +
    `${newest('state_reason')} as reason from alarm_history where item_type = 'StateUpdate' ` +
    `and time >= ${moment(now - BACK_MS)} and alarm in (${names.map(literal).join(', ')}) ` +
    `group by alarm, labels) where state = 'ALARM' limit ${MOST_WHOLE + 1}`
  );
}

/** Labels of a row of the history; none where they are no map. */
export function labelsOf(row: SqlRow): Labels {
  const { labels } = row;
  if (typeof labels !== 'object' || labels === null) return {};
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The series of each alarm. */
export function seriesByAlarm(rows: readonly SqlRow[]): Map<string, Contributor[]> {
  const found = new Map<string, Contributor[]>();
  for (const row of rows) {
    const alarm = rowText(row, 'alarm');
    const at = parseMoment(rowText(row, 'at') ?? '');
    if (alarm === null || at === null) continue;
    const one = {
      labels: labelsOf(row),
      since: new Date(at).toISOString(),
      reason: rowText(row, 'reason') ?? '',
      value: null,
    };
    const held = found.get(alarm);
    if (held) held.push(one);
    else found.set(alarm, [one]);
  }
  return found;
}

/** An answer whose cut alarms name what is known besides. What the answer itself names is newer, and stays. */
export function withWhole(answer: AlarmsAnswer, known: ReadonlyMap<string, readonly Contributor[]>): AlarmsAnswer {
  if (!answer.alarms.some(isCut)) return answer;
  return {
    ...answer,
    alarms: answer.alarms.map((alarm) => {
      const more = isCut(alarm) ? known.get(alarm.name) : undefined;
      if (!more) return alarm;
      const key = (labels: Labels) => JSON.stringify(Object.entries(labels).sort());
      const named = new Set(alarm.in_alarm.map(({ labels }) => key(labels)));
      const room = (alarm.contributors?.ALARM ?? 0) - alarm.in_alarm.length;
      return {
        ...alarm,
        in_alarm: [...alarm.in_alarm, ...more.filter(({ labels }) => !named.has(key(labels))).slice(0, room)],
      };
    }),
  };
}
