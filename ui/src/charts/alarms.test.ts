import { describe, expect, it } from 'vitest';
import { alarmsAt, alarmsIn, alarmWords, barsOf } from './alarms';
import type { ChartAlarm } from './alarms';

const alarm = (name: string, own: boolean, ...spans: [number, number][]): ChartAlarm => ({
  name,
  href: `/alarms/${name}`,
  of: own ? null : 'pod web-1',
  own,
  severity: null,
  spans: spans.map(([start, end]) => ({ start, end })),
});

describe('alarms on a chart', () => {
  it('are those within what it shows, each with the stretches within', () => {
    const all = [alarm('a', true, [0, 5], [20, 30]), alarm('b', true, [0, 10])];
    expect(alarmsIn({ span: { start: 10, end: 40 } }, all).map(({ name, spans }) => [name, spans])).toEqual([
      ['a', [{ start: 20, end: 30 }]],
    ]);
  });

  it('have a bar each, and share the last where they are many', () => {
    const some = [alarm('a', true, [0, 1]), alarm('b', false, [0, 1]), alarm('c', false, [2, 3])];
    expect(barsOf(some).map(({ own }) => own)).toEqual([true, false, false]);
    expect(barsOf([...some, alarm('d', true, [2.5, 4])])[2]).toEqual({ own: true, spans: [{ start: 2, end: 4 }] });
    expect(barsOf([])).toEqual([]);
  });

  it('are told at each point whose period they fall into', () => {
    const all = [alarm('a', true, [12, 18]), alarm('b', true, [20, 30])];
    const at = (time: number) => alarmsAt(all, time, 10).map(({ name }) => name);
    expect([at(0), at(10), at(20), at(30)]).toEqual([[], ['a'], ['b'], []]);
  });

  it('are called by their name and by what they are on', () => {
    expect(alarmWords(alarm('a', false))).toBe('a (pod web-1)');
    expect(alarmWords(alarm('a', true))).toBe('a');
  });
});
