import { describe, expect, it } from 'vitest';
import type { Definition } from '../api/alarms';
import { definitionOf, formOf } from './form';
import type { AlarmForm } from './form';
import { toBand, toKind, toThreshold } from './turn';

const METRIC = {
  AlarmName: 'a',
  Namespace: 'ContainerInsights',
  MetricName: 'pod_cpu_utilization',
  Dimensions: [{ Name: 'ClusterName', Value: 'demo' }],
  Statistic: 'Average',
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 80,
  Period: 300,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 3,
  TreatMissingData: 'missing',
};

const rows = (change: object, filters: object): AlarmForm =>
  formOf({
    ...METRIC,
    MetricName: undefined,
    Source: {
      Rows: { Entity: 'pod', Metric: 'memory_working_set_bytes', Statistic: 'p90', Filters: filters, ...change },
    },
  });

function turned(form: AlarmForm, change: Partial<AlarmForm> | null): Definition {
  if (!change) throw new Error('there is no such way');
  return definitionOf({ ...form, ...change });
}

describe('from a threshold to a band', () => {
  it('a metric becomes m1 with the band of it', () => {
    const form = formOf(METRIC);
    const made = turned(form, toBand(form));
    expect(made).toEqual({
      AlarmName: 'a',
      Metrics: [
        {
          Id: 'm1',
          MetricStat: {
            Metric: {
              Namespace: 'ContainerInsights',
              MetricName: 'pod_cpu_utilization',
              Dimensions: [{ Name: 'ClusterName', Value: 'demo' }],
            },
            Period: 300,
            Stat: 'Average',
          },
          ReturnData: true,
        },
        { Id: 'ad1', Expression: 'ANOMALY_DETECTION_BAND(m1, 2)', ReturnData: true },
      ],
      ThresholdMetricId: 'ad1',
      ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      TreatMissingData: 'missing',
    });
    // And it is a metric still, whose threshold comes back.
    expect(formOf(made)).toMatchObject({ kind: 'metric', metricName: 'pod_cpu_utilization', period: '300' });
    const banded = { ...form, ...toBand(form) };
    expect(turned(banded, toThreshold(banded))).toEqual(METRIC);
  });

  it('takes a period of a minute at least', () => {
    const form = formOf({ ...METRIC, Period: 10 });
    expect(toBand(form)).toMatchObject({ period: '60' });
  });

  it('an expression is banded too', () => {
    const math = formOf({
      ...METRIC,
      Metrics: [
        { Id: 'm1', MetricStat: {}, ReturnData: false },
        { Id: 'e1', Expression: 'm1 * 2' },
      ],
    });
    const banded = { ...math, ...toBand(math) };
    expect(definitionOf(banded)).toMatchObject({
      ThresholdMetricId: 'ad1',
      Metrics: [{ Id: 'm1' }, { Id: 'e1' }, { Id: 'ad1', Expression: 'ANOMALY_DETECTION_BAND(e1, 2)' }],
    });
    const back = turned(banded, toThreshold(banded));
    expect(back).not.toHaveProperty('ThresholdMetricId');
    expect(back.Metrics).toHaveLength(2);
  });

  it('rows of a chart become the metric of the same values, with its dimensions', () => {
    const form = rows({}, { cluster: 'demo', namespace: ['shop'], workload: 'web', workload_kind: 'Deployment' });
    expect(turned(form, toBand(form)).Metrics).toMatchObject([
      {
        Id: 'm1',
        MetricStat: {
          Metric: {
            MetricName: 'pod_memory_working_set',
            Dimensions: [
              { Name: 'ClusterName', Value: 'demo' },
              { Name: 'Namespace', Value: 'shop' },
              { Name: 'PodName', Value: 'web' },
            ],
          },
          Stat: 'p90',
        },
      },
      { Expression: 'ANOMALY_DETECTION_BAND(m1, 2)' },
    ]);
    const node = rows({ Entity: 'node', Metric: 'cpu_usage_usec_per_second' }, { cluster: 'demo', node: 'n1' });
    expect(toBand(node)).toMatchObject({
      metricName: 'node_cpu_usage_total',
      threshold: '',
      dimensions: [
        { name: 'ClusterName', value: 'demo' },
        { name: 'NodeName', value: 'n1' },
      ],
    });
    const named = rows({ Metric: 'pod_cpu_utilization' }, { namespace: 'shop' });
    expect(toBand(named)).toMatchObject({
      metricName: 'pod_cpu_utilization',
      dimensions: [
        { name: 'ClusterName', value: '' },
        { name: 'Namespace', value: 'shop' },
      ],
    });
  });

  it('is no way for what has no such metric', () => {
    for (const [change, filters] of [
      [{ Metric: 'pids_current' }, {}],
      [{}, { namespace: ['a', 'b'] }],
      [{}, { namespace: 'shop-*' }],
      [{}, { namespace: { not: 'shop' } }],
      [{}, { namespace: null }],
      [{}, { node: 'n1' }],
      [{}, { label_app: 'x' }],
    ] as const)
      expect(toBand(rows(change, filters)), JSON.stringify([change, filters])).toBeNull();
    expect(toBand(formOf({ AlarmRule: 'TRUE' }))).toBeNull();
  });
});

describe('from a kind to another', () => {
  it('a metric goes into metric math and comes back', () => {
    const form = formOf(METRIC);
    const math = { ...form, ...toKind(form, 'math') };
    expect(definitionOf(math).Metrics).toMatchObject([
      { Id: 'm1', MetricStat: { Metric: { MetricName: 'pod_cpu_utilization' }, Period: 300 } },
    ]);
    expect(definitionOf(math)).toMatchObject({ Threshold: 80 });
    expect(definitionOf({ ...math, ...toKind(math, 'metric') })).toEqual(METRIC);
  });

  it('a band goes along', () => {
    const form = formOf(METRIC);
    const banded = { ...form, ...toBand(form) };
    const math = { ...banded, ...toKind(banded, 'math') };
    expect(math.queries.map(({ id }) => id)).toEqual(['m1', 'ad1']);
    const back = { ...math, ...toKind(math, 'metric') };
    expect(definitionOf(back)).toEqual(definitionOf(banded));
  });

  it('what has no band gets a threshold', () => {
    const form = formOf(METRIC);
    const banded = { ...form, ...toBand(form) };
    for (const kind of ['rows', 'logs', 'loss', 'sql', 'health'] as const) {
      const made = turned(banded, toKind(banded, kind));
      expect(made.ComparisonOperator, kind).toBe('GreaterThanThreshold');
      expect(made, kind).not.toHaveProperty('Metrics');
      expect(made, kind).not.toHaveProperty('AnomalyDetector');
    }
    expect(turned(form, toKind({ ...form, threshold: '' }, 'health'))).toMatchObject({ Threshold: 0 });
  });

  it('begins metric math with a metric to be chosen', () => {
    const form = formOf({});
    expect(turned(form, toKind(form, 'math')).Metrics).toMatchObject([{ Id: 'm1', ReturnData: true }]);
  });
});
