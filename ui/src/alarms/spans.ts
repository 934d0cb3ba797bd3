import type { AlarmState, HistoryItem, ReplaySeries } from '../api/alarms';

import type { Span } from '../state/range';
import { ALARM_STATES } from './order';

/** Stretches of time in one state. Pure. */

export interface Stretch {
  state: AlarmState;
  /** Milliseconds. */
  start: number;
  end: number;
}

/**
 * What state each alarm had, from the changes within a span (in any order) and the state that each has now. Before
 * its first change the state is what that change came from; without a change it is the present one. Changes of single
 * series are taken together: the alarm is in ALARM while any of its series is.
 */
export function timelines(
  items: readonly HistoryItem[],
  present: readonly { name: string; state: AlarmState; since?: string }[],
  span: Span,
): Map<string, Stretch[]> {
  const changes = new Map<string, HistoryItem[]>();
  for (const item of items) {
    if (item.type !== 'StateUpdate' || item.to === null) continue;
    const held = changes.get(item.alarm);
    if (held) held.push(item);
    else changes.set(item.alarm, [item]);
  }
  return new Map(present.map((alarm) => [alarm.name, timeline(changes.get(alarm.name) ?? [], alarm, span)]));
}

function timeline(
  items: readonly HistoryItem[],
  present: { state: AlarmState; since?: string },
  span: Span,
): Stretch[] {
  const ordered = [...items].sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || a.number - b.number);
  const key = (item: HistoryItem) => JSON.stringify(Object.entries(item.labels).sort());
  const several = new Set(ordered.map(key));
  const states = new Map<string, AlarmState>();
  for (const item of ordered) {
    const one = key(item);
    if (!states.has(one)) states.set(one, item.from ?? 'INSUFFICIENT_DATA');
  }
  if (ordered.length === 0) {
    const since = present.since === undefined ? Number.NaN : Date.parse(present.since);
    // It became so after the span: what it was within is not known, but it was not this.
    return since >= span.end ? [] : [{ state: present.state, ...span }];
  }
  const found: Stretch[] = [];
  let from = span.start;
  let state = joint([...states.values()]);
  for (const item of ordered) {
    const time = Math.min(Math.max(Date.parse(item.time), span.start), span.end);
    if (item.to) states.set(key(item), item.to);
    const next = several.size > 1 ? joint([...states.values()]) : (item.to ?? state);
    if (next === state) continue;
    if (time > from) found.push({ state, start: from, end: time });
    from = time;
    state = next;
  }
  if (span.end > from) found.push({ state, start: from, end: span.end });
  return found;
}

/** ALARM when any is, else OK when any is. */
export function joint(states: readonly AlarmState[]): AlarmState {
  if (states.includes('ALARM')) return 'ALARM';
  return states.includes('OK') ? 'OK' : 'INSUFFICIENT_DATA';
}

/** When any of the series is in ALARM, overlapping stretches put together. */
export function alarmStretches(series: readonly Pick<ReplaySeries, 'spans'>[]): Span[] {
  return together(
    series
      .flatMap(({ spans }) => spans)
      .filter(({ state }) => state === 'ALARM')
      .map(({ start, end }) => ({ start: Date.parse(start), end: Date.parse(end) })),
  );
}

/** Stretches that overlap, or have no more than `gap` milliseconds between them, as one; in the order of time. */
export function together(spans: readonly Span[], gap = 0): Span[] {
  const found: { start: number; end: number }[] = [];
  for (const one of [...spans].sort((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last && one.start <= last.end + gap) last.end = Math.max(last.end, one.end);
    else found.push({ ...one });
  }
  return found;
}

/** Milliseconds in each state. */
export function timeIn(stretches: readonly Stretch[]): Record<AlarmState, number> {
  const found = Object.fromEntries(ALARM_STATES.map((state) => [state, 0])) as Record<AlarmState, number>;
  for (const { state, start, end } of stretches) found[state] += end - start;
  return found;
}
