import { describe, expect, it } from 'vitest';
import { bandExpression } from './band';
import { faultsOfRows, located, merged } from './queryFaults';
import {
  commonPeriod,
  expressionRow,
  metricRow,
  moved,
  neighbour,
  NO_METRIC,
  queriesOf,
  removed,
  renamed,
  returnedAt,
  returning,
  withPeriod,
} from './queries';
import type { QueryRow } from './queries';
import { bandRow } from './single';

function rowsOf(...make: ((rows: readonly QueryRow[]) => QueryRow)[]): QueryRow[] {
  return make.reduce<QueryRow[]>((rows, one) => [...rows, one(rows)], []);
}

const metric = (rows: readonly QueryRow[]) =>
  metricRow(rows, '60', { ...NO_METRIC, metricName: `metric_${rows.length}` });
const ids = (rows: readonly QueryRow[]) => rows.map(({ id }) => id);
const keysOf = (rows: readonly QueryRow[]) => faultsOfRows(rows).map(({ key }) => key);

describe('metrics and expressions', () => {
  it('get the first ids that are free, and the first is looked at', () => {
    const rows = rowsOf(metric, metric, expressionRow, metric);
    expect(ids(rows)).toEqual(['m1', 'm2', 'e1', 'm3']);
    expect(ids([...removed(rows, 0), metricRow(removed(rows, 0), '60')])).toEqual(['m2', 'e1', 'm3', 'm1']);
    expect(returnedAt(rows)).toBe(0);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(4);
  });

  it('are looked at one at a time, and the band follows', () => {
    const rows = rowsOf(metric, metric, (all) => bandRow(all, 'm1'));
    const next = returning(rows, 1);
    expect(next.map(({ returned }) => returned)).toEqual([false, true, true]);
    expect(next[2]?.expression).toBe('ANOMALY_DETECTION_BAND(m2, 2)');
    const other = [...rows.slice(0, 2), { ...rows[2]!, expression: bandExpression('m1 * 2', '3') }];
    expect(returning(other, 1)[2]?.expression).toBe('ANOMALY_DETECTION_BAND(m1 * 2, 3)');
  });

  it('are renamed with their band, also by way of nothing', () => {
    const rows = rowsOf(metric, (all) => bandRow(all, 'm1'));
    const emptied = renamed(rows, 0, '');
    expect(renamed(emptied, 0, 'cpu')[1]?.expression).toBe('ANOMALY_DETECTION_BAND(cpu, 2)');
  });

  it('change places past the band, which is not among them', () => {
    const rows = rowsOf(metric, (all) => bandRow(all, 'm1'), metric);
    expect(ids(moved(rows, 2, -1))).toEqual(['m2', 'ad1', 'm1']);
    expect(neighbour(rows, 0, -1)).toBeNull();
    expect(neighbour(rows, 2, 1)).toBeNull();
    expect(ids(moved(rows, 0, -1))).toEqual(ids(rows));
  });

  it('leave another one to look at when they go', () => {
    const rows = rowsOf(metric, metric, (all) => bandRow(all, 'm1'));
    const rest = removed(rows, 0);
    expect(rest.map(({ id, returned }) => [id, returned])).toEqual([
      ['m2', true],
      ['ad1', true],
    ]);
    expect(rest[1]?.expression).toBe('ANOMALY_DETECTION_BAND(m2, 2)');
    expect(removed(removed(rows, 1), 0).map(({ id }) => id)).toEqual(['ad1']);
  });

  it('have one period', () => {
    const rows = rowsOf(metric, metric, expressionRow);
    expect(commonPeriod(rows)).toBe('60');
    expect(commonPeriod([{ ...rows[0]!, period: '300' }, ...rows.slice(1)])).toBeNull();
    expect(withPeriod(rows, '300').map(({ period }) => period)).toEqual(['300', '300', '']);
    const alone = rowsOf((all) => expressionRow(all, 'TIME_SERIES(1)'));
    expect(commonPeriod(alone)).toBe('');
    expect(withPeriod(alone, '60')[0]?.period).toBe('60');
  });

  it('are not read from what is no list of objects', () => {
    for (const other of [undefined, 7, {}, [7], [[]], 'x']) expect(queriesOf(other, undefined)).toBeNull();
  });
});

describe('faults of metrics and expressions', () => {
  it('are told at once of ids', () => {
    const rows = rowsOf(metric, metric, expressionRow);
    expect(keysOf(rows)).toEqual([]);
    expect(keysOf(renamed(rows, 1, 'm1'))).toEqual(['Metrics[2].Id']);
    for (const id of ['M2', '2', 'a b', '']) expect(keysOf(renamed(rows, 1, id)), id).toEqual(['Metrics[2].Id']);
  });

  it('are told at once of ids that nothing has, with the character', () => {
    const rows = rowsOf(metric, metric, (all) => expressionRow(all, 'm1 / (m2 + m3)'));
    expect(faultsOfRows(rows)).toEqual([
      { key: 'Metrics[3].Expression', message: 'character 12: nothing has the id m3; there are m1, m2' },
    ]);
    const itself = rowsOf(metric, (all) => expressionRow(all, 'e1 + m1'));
    expect(faultsOfRows(itself)[0]?.message).toBe('it refers to itself, e1');
  });

  it('of the server stand at the row that they name', () => {
    const rows = rowsOf(metric, metric, expressionRow, (all) => bandRow(all, 'e1'));
    const at = (message: string, key = 'Metrics') => located({ key, message }, rows);
    // As the server says them.
    expect(at("expression 'e1': character 5: expected a number, found the end")).toEqual({
      key: 'Metrics[3].Expression',
      message: 'character 5: expected a number, found the end',
    });
    expect(at("expression 'e1', character 6: no metric or expression has the id 'm9'")).toEqual({
      key: 'Metrics[3].Expression',
      message: "character 6: no metric or expression has the id 'm9'",
    });
    expect(at("expression 'e1' is a number; a result is a time series").key).toBe('Metrics[3].Expression');
    expect(at("'ad1' is no band: it has to be ANOMALY_DETECTION_BAND(id)")).toEqual({
      key: 'Metrics[4].Expression',
      message: 'is no band: it has to be ANOMALY_DETECTION_BAND(id)',
    });
    expect(at('expressions refer to each other in a ring: e1 → e2 → e1')).toEqual({
      key: 'Metrics[3].Expression',
      message: 'expressions refer to each other in a ring: e1 → e2 → e1',
    });
    expect(at("ContainerInsights has no metric 'metric_1', perhaps x?").key).toBe(
      'Metrics[2].MetricStat.Metric.MetricName',
    );
    expect(at('metric_0 is in Percent: of samples in Bytes there are none').key).toBe('Metrics[1].MetricStat.Unit');
    expect(at('are all of the same Period').key).toBe('Metrics.Period');
    for (const message of ["expression 'zz': character 1: x", 'exactly one of them has ReturnData true'])
      expect(at(message)).toEqual({ key: 'Metrics', message });
    expect(at('is missing', 'Threshold').key).toBe('Threshold');
  });

  it('are told once', () => {
    const own = [{ key: 'Metrics[1].Id', message: 'a' }];
    const others = [
      { key: 'Metrics[1].Id', message: 'b' },
      { key: 'Threshold', message: 'c' },
    ];
    expect(merged(own, others)).toEqual([own[0], others[1]]);
  });
});
