import { computed, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { askAlarms } from '../api/alarms';
import type { AlarmsAnswer, AlarmSummary, Contributor } from '../api/alarms';
import { askSql } from '../api/sql';
import { concerns } from '../alarms/concern';
import type { Concern, Place } from '../alarms/concern';
import { cutText, isCut, MOST_WHOLE, seriesByAlarm, wholeStatement, withWhole } from '../alarms/whole';
import { several } from '../routes/links';
import { now } from './clock';
import { useResource } from './resource';

/** What is in ALARM, for every part of the page. `null` until it is known, and where the server has no alarms. */
const firing = signal<AlarmsAnswer | null>(null);

/** Whether the server has alarms at all: without them nothing of them is shown. */
export const hasAlarms = computed(() => firing.value !== null);

/** The alarms that are in ALARM, renewed with the page's clock, and the counts of all. */
export function useAlarms(): AlarmsAnswer | null {
  return firing.value;
}

const NONE: readonly AlarmSummary[] = [];

/** What goes off on an entity and on what is within it, the worst first. */
export function useConcerns(place: Place): Concern[] {
  return concerns(useAlarms()?.alarms ?? NONE, place, several.value);
}

/** The same for what is no component. */
export function alarmsNow(): AlarmsAnswer | null {
  return firing.peek();
}

/** A server without alarms is asked again after so long: it may have been replaced by one that has them. */
const SILENT_MS = 300_000;
let silentSince = Number.NEGATIVE_INFINITY;

/** Keeps them up to date for all pages. Drawn once. */
export function AlarmWatch() {
  const moment = now.value;
  const { data } = useResource('alarms', moment, async (signal) => {
    if (moment - silentSince < SILENT_MS) return null;
    const answer = await askAlarms({ state: 'ALARM' }, signal);
    silentSince = answer === null ? moment : Number.NEGATIVE_INFINITY;
    return answer && whole(answer, moment, signal);
  });
  useEffect(() => {
    firing.value = data;
  }, [data]);
  return null;
}

/** A list names twenty series of an alarm. Where there are more they are asked for, as seldom as will do. */
const WHOLE_MS = 60_000;
/** Even while they come and go. */
const AT_MOST_EVERY_MS = 20_000;
let held: { at: number; of: string; series: ReadonlyMap<string, readonly Contributor[]> } | null = null;

async function whole(answer: AlarmsAnswer, moment: number, signal: AbortSignal): Promise<AlarmsAnswer> {
  const cut = answer.alarms.filter(isCut);
  if (cut.length === 0) return answer;
  const of = cutText(cut);
  const age = held === null ? Number.POSITIVE_INFINITY : moment - held.at;
  if (age > (held?.of === of ? WHOLE_MS : AT_MOST_EVERY_MS)) {
    const names = cut.map(({ name }) => name);
    // Those that the list names are shown in any case.
    const rows = await askSql(wholeStatement(names, moment), signal, MOST_WHOLE).then(
      (found) => found.rows,
      () => null,
    );
    held = { at: moment, of, series: rows ? seriesByAlarm(rows) : (held?.series ?? new Map()) };
  }
  return held ? withWhole(answer, held.series) : answer;
}
