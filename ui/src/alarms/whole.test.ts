// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { AlarmsAnswer, AlarmSummary } from '../api/alarms';
import { cutText, isCut, seriesByAlarm, unnamed, wholeStatement, withWhole } from './whole';

const series = (pod: string) => ({ labels: { namespace: 'shop', pod }, since: '', reason: 'of the list', value: 1 });
const alarm = (name: string, count: number | null, pods: string[]) =>
  ({
    name,
    contributors: count === null ? null : { ALARM: count, OK: 0, INSUFFICIENT_DATA: 0 },
    in_alarm: pods.map(series),
  }) as unknown as AlarmSummary;
const answer = (...alarms: AlarmSummary[]) => ({ alarms }) as unknown as AlarmsAnswer;

describe('series that a list of alarms leaves out', () => {
  it('are counted', () => {
    const all = [alarm('one', null, ['a']), alarm('whole', 2, ['a', 'b']), alarm('cut', 5, ['a', 'b'])];
    expect(all.map(isCut)).toEqual([false, false, true]);
    expect(unnamed(all)).toBe(3);
    expect(cutText(all)).toBe('cut 5');
  });

  it('are added from the history, those of the list staying as they are, and never more than there are', () => {
    const known = seriesByAlarm(
      ['b', 'c', 'd', 'e'].map((pod) => ({
        alarm: 'cut',
        labels: { pod, namespace: 'shop' },
        at: '2026-11-26T15:00:00.000000000Z',
        reason: 'of the history',
      })),
    );
    const [cut, whole] = withWhole(answer(alarm('cut', 4, ['a', 'b']), alarm('whole', 1, ['a'])), known).alarms;
    expect(cut?.in_alarm.map(({ labels, reason }) => [labels.pod, reason])).toEqual([
      ['a', 'of the list'],
      ['b', 'of the list'],
      ['c', 'of the history'],
      ['d', 'of the history'],
    ]);
    expect(whole?.in_alarm).toHaveLength(1);
    expect(seriesByAlarm([{ alarm: 'x', labels: null, at: 'never' }, {}]).size).toBe(0);
  });

  it('are asked for by name, whatever is in it', () => {
    expect(wholeStatement(["it's", 'b'], 0)).toContain("alarm in ('it''s', 'b')");
  });
});
