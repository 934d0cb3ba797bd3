import { describe, expect, it } from 'vitest';
import { DEFINITIONS } from './definitions.ts';
import { faultsOf, replay } from './replay.ts';

const banded = DEFINITIONS.find(({ definition }) => 'AnomalyDetector' in definition)?.definition ?? {};
const keys = (definition: Record<string, unknown>) => faultsOf(definition).map(({ key }) => key);

describe('the stand-in for alarms', () => {
  it('finds nothing wrong with its own definitions', () => {
    for (const { definition } of DEFINITIONS) expect(faultsOf(definition), String(definition.AlarmName)).toEqual([]);
  });

  it('draws a band, and calls what is outside of it breaching', () => {
    const { series, threshold } = replay(banded, 0, 6 * 3_600_000);
    expect(threshold).toBeNull();
    const [one] = series;
    expect(one?.lower).toHaveLength(one?.values.length ?? 0);
    for (const [at, lower] of (one?.lower ?? []).entries()) expect(lower).toBeLessThan(one?.upper?.[at] ?? 0);
    expect(one?.transitions.length).toBeGreaterThan(0);
  });

  it('judges metrics, and ranges that are left out, with the place', () => {
    expect(keys({ ...banded, AnomalyDetector: { ExcludedTimeRanges: [{ StartTime: 9, EndTime: 3 }] } })).toEqual([
      'AnomalyDetector.ExcludedTimeRanges[1].EndTime',
    ]);
    expect(keys({ ...banded, ThresholdMetricId: undefined })).toContain('Metrics');
    expect(keys({ ...banded, Metrics: [{ Id: 'M', Expression: '' }] })).toEqual([
      'Metrics[1].Id',
      'Metrics[1].Expression',
    ]);
    const first = DEFINITIONS[0]?.definition ?? {};
    expect(keys({ ...first, AnomalyDetector: {} })).toEqual(['AnomalyDetector']);
  });
});
