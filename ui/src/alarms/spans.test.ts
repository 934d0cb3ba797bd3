import { describe, expect, it } from 'vitest';
import type { AlarmState, HistoryItem } from '../api/alarms';
import { alarmStretches, joint, timeIn, timelines } from './spans';

const at = (minute: number) => new Date(minute * 60_000).toISOString();
const span = { start: 0, end: 600_000 };

function change(number: number, minute: number, from: AlarmState, to: AlarmState, labels = {}): HistoryItem {
  return {
    number,
    time: at(minute),
    alarm: 'a',
    labels,
    type: 'StateUpdate',
    summary: '',
    from,
    to,
    reason: null,
    data: {},
  };
}

const minutes = (of: readonly { state: AlarmState; start: number; end: number }[] | undefined) =>
  (of ?? []).map(({ state, start, end }) => [state, start / 60_000, end / 60_000]);

describe('the states of an alarm over time', () => {
  it('come from its changes, newest first or not', () => {
    const items = [change(2, 5, 'ALARM', 'OK'), change(1, 2, 'OK', 'ALARM')];
    const found = timelines(items, [{ name: 'a', state: 'OK' }], span);
    expect(minutes(found.get('a'))).toEqual([
      ['OK', 0, 2],
      ['ALARM', 2, 5],
      ['OK', 5, 10],
    ]);
    expect(timeIn(found.get('a') ?? [])).toEqual({ OK: 420_000, ALARM: 180_000, INSUFFICIENT_DATA: 0 });
  });

  it('are the present one where nothing changed, and unknown where it came later', () => {
    expect(minutes(timelines([], [{ name: 'a', state: 'ALARM' }], span).get('a'))).toEqual([['ALARM', 0, 10]]);
    const later = { name: 'a', state: 'ALARM' as const, since: at(20) };
    expect(minutes(timelines([], [later], span).get('a'))).toEqual([]);
  });

  it('take series together: in alarm while any is', () => {
    const items = [
      change(1, 1, 'OK', 'ALARM', { pod: 'x' }),
      change(2, 2, 'OK', 'ALARM', { pod: 'y' }),
      change(3, 3, 'ALARM', 'OK', { pod: 'x' }),
      change(4, 6, 'ALARM', 'OK', { pod: 'y' }),
    ];
    expect(minutes(timelines(items, [{ name: 'a', state: 'OK' }], span).get('a'))).toEqual([
      ['OK', 0, 1],
      ['ALARM', 1, 6],
      ['OK', 6, 10],
    ]);
  });

  it('leave out what is no change of state, and changes of others', () => {
    const other = { ...change(1, 2, 'OK', 'ALARM'), alarm: 'b' };
    const action: HistoryItem = { ...change(2, 3, 'OK', 'ALARM'), type: 'Action' };
    expect(minutes(timelines([other, action], [{ name: 'a', state: 'OK' }], span).get('a'))).toEqual([['OK', 0, 10]]);
  });
});

describe('stretches in alarm', () => {
  it('of several series are put together where they overlap', () => {
    const one = (start: number, end: number, state: AlarmState = 'ALARM') => ({
      spans: [{ state, start: at(start), end: at(end) }],
    });
    expect(alarmStretches([one(5, 7), one(1, 3), one(2, 4), one(0, 9, 'OK'), one(7, 8)])).toEqual([
      { start: 60_000, end: 240_000 },
      { start: 300_000, end: 480_000 },
    ]);
  });

  it('are told by the worst state', () => {
    expect(joint(['OK', 'ALARM'])).toBe('ALARM');
    expect(joint(['OK', 'INSUFFICIENT_DATA'])).toBe('OK');
    expect(joint([])).toBe('INSUFFICIENT_DATA');
  });
});
