// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { AlarmSummary, Labels } from '../api/alarms';
import type { SqlRow } from '../api/sql';
import type { Place } from './concern';
import { entitySpans } from './entitySpans';

const MINUTE = 60_000;
const at = (minute: number) => new Date(minute * MINUTE).toISOString();
const span = { start: 10 * MINUTE, end: 70 * MINUTE };
const pod = { cluster: 'c', namespace: 'shop', pod: 'web-1' };
const place: Place = pod;

let number = 0;
const change = (alarm: string, labels: Labels | null, minute: number, from: string, to: string): SqlRow => ({
  what: 'change',
  time: at(minute),
  number: (number += 1),
  alarm,
  labels,
  from_state: from,
  to_state: to,
});
const defined = (alarm: string, definition: object, key = 'createdAlarm', minute = 0): SqlRow => ({
  what: 'definition',
  time: at(minute),
  alarm,
  data: JSON.stringify({ [key]: { AlarmName: alarm, ...definition } }),
});
const firing = (name: string, labels: Labels, minute: number, severity?: string) =>
  ({
    name,
    tags: severity === undefined ? {} : { severity },
    in_alarm: [{ labels, since: at(minute), reason: '', value: null }],
  }) as unknown as AlarmSummary;

const found = (rows: SqlRow[], alarms: AlarmSummary[] = [], of: Place = place) =>
  entitySpans({ rows, alarms, place: of, span, several: true });
const minutes = (rows: SqlRow[], alarms: AlarmSummary[] = [], of: Place = place) =>
  found(rows, alarms, of).map(({ alarm, spans }) => [
    alarm,
    ...spans.map(({ start, end }) => [start / MINUTE, end / MINUTE]),
  ]);

describe('when alarms about an entity were in ALARM', () => {
  it('comes from the changes of its series, whatever their order', () => {
    const rows = [
      change('a', pod, 50, 'OK', 'ALARM'),
      change('a', pod, 30, 'ALARM', 'INSUFFICIENT_DATA'),
      change('a', pod, 20, 'OK', 'ALARM'),
      change('a', { ...pod, pod: 'web-2' }, 12, 'OK', 'ALARM'),
    ];
    expect(minutes(rows)).toEqual([['a', [20, 30], [50, 70]]]);
  });

  it('reaches back to the begin where the first change is one from ALARM', () => {
    expect(minutes([change('a', pod, 30, 'ALARM', 'OK')])).toEqual([['a', [10, 30]]]);
  });

  it('is the whole range of a series that changed before it, or after it', () => {
    expect(minutes([], [firing('a', pod, 5)])).toEqual([['a', [10, 70]]]);
    expect(minutes([], [firing('a', pod, 40)])).toEqual([['a', [40, 70]]]);
    expect(minutes([], [firing('a', pod, 80)])).toEqual([]);
    const after = (from: string): SqlRow => ({
      what: 'after',
      time: at(90),
      alarm: 'a',
      labels: pod,
      from_state: from,
    });
    expect(minutes([after('ALARM')])).toEqual([['a', [10, 70]]]);
    expect(minutes([after('OK')])).toEqual([]);
  });

  it('ends with an alarm that was deleted', () => {
    const rows = [change('a', pod, 20, 'OK', 'ALARM'), defined('a', {}, 'deletedAlarm', 40)];
    expect(minutes(rows)).toEqual([['a', [20, 40]]]);
  });

  it('takes the series of an alarm together, and what no eye tells apart', () => {
    const container = (name: string) => ({ ...pod, container: name });
    const rows = [
      change('a', container('x'), 20, 'OK', 'ALARM'),
      change('a', container('x'), 30, 'ALARM', 'OK'),
      change('a', container('y'), 30.1, 'OK', 'ALARM'),
      change('a', container('y'), 40, 'ALARM', 'OK'),
      change('a', container('y'), 45, 'OK', 'ALARM'),
      change('a', container('y'), 46, 'ALARM', 'OK'),
    ];
    expect(minutes(rows)).toEqual([['a', [20, 40], [45, 46]]]);
    const [one] = found(rows);
    expect([one?.own, one?.within, one?.series]).toEqual([false, ['container x', 'container y'], 2]);
  });

  it('knows an alarm over one metric by the dimensions of its definition', () => {
    const dimensions = [
      { Name: 'ClusterName', Value: 'c' },
      { Name: 'Namespace', Value: 'shop' },
      { Name: 'FullPodName', Value: 'web-1' },
    ];
    const rows = [
      change('mine', null, 20, 'OK', 'ALARM'),
      defined('mine', { Dimensions: dimensions, Tags: [{ Key: 'severity', Value: 'critical' }] }),
      change('other', null, 20, 'OK', 'ALARM'),
      defined('other', { Dimensions: { Namespace: 'shop', FullPodName: 'web-2' } }),
      change('undefined', null, 20, 'OK', 'ALARM'),
    ];
    expect(minutes(rows)).toEqual([['mine', [20, 70]]]);
    expect(found(rows)[0]?.severity).toBe('critical');
    // What is in ALARM now goes by the same dimensions, and is the same series.
    const now = firing('mine', { ClusterName: 'c', Namespace: 'shop', FullPodName: 'web-1' }, 20);
    expect(minutes(rows, [now])).toEqual([['mine', [20, 70]]]);
    expect(found(rows, [now])[0]?.series).toBe(1);
  });

  it('has alarms on the entity itself first, then the worst', () => {
    const alarms = [
      firing('child', { ...pod, container: 'x' }, 20, 'critical'),
      firing('info', pod, 20, 'info'),
      firing('critical', pod, 20, 'critical'),
    ];
    expect(found([], alarms).map(({ alarm, own }) => [alarm, own])).toEqual([
      ['critical', true],
      ['info', true],
      ['child', false],
    ]);
  });

  it('has the threshold of an alarm over rows on the entity itself, where it stands still', () => {
    const source = { Source: { Rows: { Entity: 'pod', Metric: 'm', Statistic: 'Maximum', GroupBy: ['pod'] } } };
    const threshold = { entity: 'pod', metric: 'm', statistic: 'Maximum', value: 5 };
    const rows = [change('a', pod, 20, 'OK', 'ALARM'), defined('a', { ...source, Threshold: 5 }, 'updatedAlarm')];
    expect(found(rows)[0]?.threshold).toEqual(threshold);
    expect(found(rows, [], { namespace: 'shop' })[0]?.threshold).toBeNull();
    expect(found([...rows, defined('a', { ...source, ThresholdMetricId: 'b' })])[0]?.threshold).toBeNull();
  });

  it('says nothing of a place without a name, nor of rows that are none', () => {
    expect(found([change('a', pod, 20, 'OK', 'ALARM')], [], { cluster: 'c', namespace: null })).toEqual([]);
    expect(found([{ what: 'change' }, { what: 'definition', alarm: 'a', data: '{' }, {}])).toEqual([]);
  });
});
