import { describe, expect, it } from 'vitest';
import { ofFilled, place, valueAt } from './faults';

describe('faults of a definition', () => {
  it('stand at the field that they are about', () => {
    const placed = place([
      { key: 'Threshold', message: 'is no number' },
      { key: 'AlarmActions[2]', message: 'is no ARN' },
      { key: 'Source.Rows.Filters.namespace', message: 'is unknown' },
      { key: 'Source', message: 'has two kinds' },
      { key: 'PeriodX', message: 'is no key' },
    ]);
    expect(placed.at('Threshold')).toBe('Is no number.');
    expect(placed.at('AlarmActions', 'OKActions')).toBe('[2]: is no ARN.');
    expect(placed.at('Source.Rows.Filters')).toBe('Namespace: is unknown.');
    expect(placed.at('Period')).toBeNull();
    expect(placed.elsewhere.map(({ key }) => key)).toEqual(['Source', 'PeriodX']);
  });

  it('stand at the row of a list, and at its field where it has one', () => {
    const placed = place([
      { key: 'Metrics[2].MetricStat.Metric.Dimensions[1].Value', message: 'has 0 characters' },
      { key: 'Metrics[2].MetricStat.Stat', message: 'is no statistic' },
      { key: 'Metrics[12].Labl', message: 'there is no such key' },
      { key: 'Metrics[1]', message: 'is a number' },
      { key: 'Metrics', message: 'has no items' },
      { key: 'Metrics.Period', message: 'are all of the same Period' },
      { key: 'AnomalyDetector.ExcludedTimeRanges[1].EndTime', message: 'is not after StartTime' },
      { key: 'AnomalyDetector', message: 'there is no such key' },
    ]);
    expect(placed.at('Metrics[2].MetricStat.Metric.Dimensions')).toBe('[1].Value: has 0 characters.');
    expect(placed.at('Metrics[2].MetricStat.Stat')).toBe('Is no statistic.');
    expect(placed.at('Metrics[12]')).toBe('Labl: there is no such key.');
    expect(placed.at('Metrics[1]')).toBe('Is a number.');
    expect(placed.at('Metrics')).toBe('Has no items.');
    expect(placed.at('Period', 'Metrics.Period')).toBe('Are all of the same Period.');
    expect(placed.at('AnomalyDetector.ExcludedTimeRanges[1].EndTime')).toBe('Is not after StartTime.');
    expect(placed.elsewhere.map(({ key }) => key)).toEqual(['AnomalyDetector']);
  });

  it('are not told of what is still empty', () => {
    const definition = { AlarmName: '', Threshold: 0, Dimensions: [{ Name: 'a', Value: '' }], Tags: [] };
    const keys = ['AlarmName', 'Threshold', 'Dimensions[1].Value', 'Dimensions[1].Name', 'Tags', 'Period'];
    expect(
      ofFilled(
        keys.map((key) => ({ key, message: 'x' })),
        definition,
      ).map(({ key }) => key),
    ).toEqual(['Threshold', 'Dimensions[1].Name']);
  });

  it('are looked up by their path', () => {
    expect(valueAt({ a: { b: [{ c: 1 }] } }, 'a.b[1].c')).toBe(1);
    expect(valueAt({ a: null }, 'a.b')).toBeUndefined();
  });
});
