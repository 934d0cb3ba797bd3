import { describe, expect, it } from 'vitest';
import { split } from './filters';
import { definitionOf, formOf, kindOf, NEW_ALARM } from './form';
import { without } from './read';
import { toKind, toThreshold } from './turn';

const CONDITION = {
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 0.5,
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  TreatMissingData: 'notBreaching',
};

const BANDED = {
  ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  TreatMissingData: 'ignore',
};

const DEFINITIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  rows: {
    AlarmName: 'a',
    Source: {
      Rows: {
        Entity: 'pod',
        Metric: 'memory_working_set_bytes',
        Statistic: 'p99',
        Filters: { namespace: ['shop', 'kube-*'], pod: { not: 'canary-*' }, node: { not: ['a', 'b'] } },
        GroupBy: ['namespace', 'workload'],
      },
    },
    ...CONDITION,
    ActionsEnabled: false,
    AlarmActions: ['arn:aws:sns:us-east-1:000000000000:mail'],
    Tags: [
      { Key: 'severity', Value: 'critical' },
      { Key: 'team', Value: 'shop' },
    ],
  },
  metric: {
    AlarmName: 'b',
    AlarmDescription: 'why',
    Namespace: 'ContainerInsights',
    MetricName: 'node_cpu_utilization',
    Dimensions: [{ Name: 'ClusterName', Value: 'demo' }],
    Statistic: 'Average',
    ...CONDITION,
    Unit: 'Percent',
  },
  extended: {
    AlarmName: 'b',
    Namespace: 'ContainerInsights',
    MetricName: 'node_cpu_utilization',
    ExtendedStatistic: 'p99.9',
    ...CONDITION,
    EvaluateLowSampleCountPercentile: 'ignore',
  },
  logs: { AlarmName: 'c', Source: { Logs: { Filter: 'level=error', GroupBy: ['namespace'] } }, ...CONDITION },
  sql: { AlarmName: 'd', Source: { Sql: { Query: 'SELECT 1' } }, ...CONDITION },
  health: {
    AlarmName: 'e',
    Source: {
      Health: { Kinds: ['Pod'], Words: ['crash-looping'], Severity: 'critical', Filters: { namespace: ['x'] } },
    },
    ...CONDITION,
  },
  loss: { AlarmName: 'f', Source: { Loss: { GroupBy: ['node'] } }, ...CONDITION },
  composite: {
    AlarmName: 'g',
    AlarmRule: 'ALARM("a") AND NOT ALARM("b")',
    ActionsSuppressor: 'c',
    ActionsSuppressorWaitPeriod: 60,
    ActionsSuppressorExtensionPeriod: 120,
    OKActions: ['x'],
  },
  math: {
    AlarmName: 'h',
    Metrics: [{ Id: 'e1', Expression: 'm1 / m2' }],
    ThresholdMetricId: 'ad1',
    AnomalyDetector: { MetricTimezone: 'Europe/Berlin' },
    ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
    EvaluationPeriods: 2,
    DatapointsToAlarm: 2,
    TreatMissingData: 'missing',
  },
  'metric with a band': {
    AlarmName: 'i',
    Metrics: [
      { Id: 'ad1', Expression: 'ANOMALY_DETECTION_BAND(cpu,3)', Label: 'expected', ReturnData: true },
      { ...stat('cpu', 'pod_cpu_utilization', 300), Label: 'CPU', ReturnData: true },
    ],
    ThresholdMetricId: 'ad1',
    AnomalyDetector: {
      ExcludedTimeRanges: [
        { StartTime: '2026-11-20T10:00:00+01:00', EndTime: '2026-11-20T12:00:00Z' },
        { StartTime: 1795424400, EndTime: '1795428000', Why: 'load test' },
      ],
      MetricTimezone: '+01:00',
      Model: 'x',
    },
    ...BANDED,
  },
  'math with a band': {
    AlarmName: 'j',
    Metrics: [
      { ...stat('m1', 'pod_network_rx_bytes', 60), ReturnData: false, AccountId: '1' },
      { ...stat('m2', 'pod_network_tx_bytes', 60), ReturnData: false },
      { Id: 'both', Expression: 'm1 + m2', Label: 'Both ways', Period: 60 },
      { Id: 'ad1', Expression: 'ANOMALY_DETECTION_BAND(m1 + m2)' },
    ],
    ThresholdMetricId: 'ad1',
    ...BANDED,
  },
  'math with what no form knows': {
    AlarmName: 'k',
    Metrics: [
      {
        Id: 'm1',
        MetricStat: {
          Metric: { Namespace: 'N', MetricName: 'm', Dimensions: [{ Name: 'a', Value: 'b' }], New: 1 },
          Period: 'sixty',
          Stat: 'TM(5%:95%)',
          Unit: 'Percent',
          New: [2],
        },
        New: { a: 3 },
        ReturnData: false,
      },
      { Id: 'e1', Expression: '', ReturnData: true },
    ],
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    EvaluationPeriods: 2,
    DatapointsToAlarm: 2,
    TreatMissingData: 'missing',
    EvaluationInterval: 60,
  },
  'math of another shape': {
    AlarmName: 'l',
    Metrics: [7],
    ComparisonOperator: 'LessThanThreshold',
    EvaluationPeriods: 2,
    DatapointsToAlarm: 2,
    TreatMissingData: 'missing',
  },
  'filters of every form': {
    AlarmName: 'm',
    Source: {
      Rows: {
        Entity: 'pod',
        Metric: 'm',
        Statistic: 'Average',
        Filters: {
          namespace: 'shop',
          pod: ['web-1'],
          node: null,
          workload: { not: null },
          container: [null, 'a'],
          service: { not: [null, 'b,c', 'd'] },
        },
        GroupBy: [],
        Later: true,
      },
    },
    ...CONDITION,
  },
};

function stat(id: string, name: string, period: number) {
  const metric = {
    Namespace: 'ContainerInsights',
    MetricName: name,
    Dimensions: [{ Name: 'ClusterName', Value: 'demo' }],
  };
  return { Id: id, MetricStat: { Metric: metric, Period: period, Stat: 'Average' } };
}

describe('a definition as a form', () => {
  for (const [name, definition] of Object.entries(DEFINITIONS)) {
    it(`comes back as it was: ${name}`, () => {
      expect(definitionOf(formOf(definition))).toEqual(definition);
    });
  }

  for (const [name, definition] of Object.entries(DEFINITIONS)) {
    it(`loses nothing else when something is changed: ${name}`, () => {
      const form = { ...formOf(definition), description: 'changed', evaluationPeriods: '4' };
      const made = definitionOf(form);
      // Read anew, as after a look at the JSON, and changed back.
      const again = definitionOf({ ...formOf(made), description: '', evaluationPeriods: '' });
      expect(again).toEqual(without(definition, new Set(['AlarmDescription', 'EvaluationPeriods'])));
    });
  }

  it('knows what a definition is about', () => {
    expect(Object.entries(DEFINITIONS).map(([, definition]) => kindOf(definition))).toEqual([
      'rows',
      'metric',
      'metric',
      'logs',
      'sql',
      'health',
      'loss',
      'composite',
      'math',
      'metric',
      'math',
      'math',
      'math',
      'rows',
    ]);
    expect(kindOf(NEW_ALARM)).toBe('rows');
  });

  it('leaves out keys of another kind when the kind is changed', () => {
    const form = { ...formOf(DEFINITIONS.math!), kind: 'rows' as const, operator: 'GreaterThanThreshold' };
    const made = definitionOf({ ...form, threshold: '3' });
    expect(made).not.toHaveProperty('Metrics');
    expect(made).not.toHaveProperty('ThresholdMetricId');
    expect(made).not.toHaveProperty('AnomalyDetector');
    expect(made.Threshold).toBe(3);
    expect(definitionOf({ ...formOf(DEFINITIONS.metric!), kind: 'composite' })).not.toHaveProperty('Threshold');
  });

  it('sends what is no number as it is typed, and nothing for nothing', () => {
    const form = formOf(DEFINITIONS.rows!);
    expect(definitionOf({ ...form, threshold: '5 GiB' }).Threshold).toBe('5 GiB');
    expect(definitionOf({ ...form, threshold: ' ' })).not.toHaveProperty('Threshold');
    expect(definitionOf({ ...form, threshold: '-0.5' }).Threshold).toBe(-0.5);
  });

  it('reads M as N where it is left out', () => {
    expect(formOf({ EvaluationPeriods: 5 }).datapointsToAlarm).toBe('5');
  });

  it('survives what has another shape', () => {
    expect(() =>
      formOf({ Source: 'x', Tags: 'y', Dimensions: [null], AlarmActions: [1], Threshold: {} }),
    ).not.toThrow();
  });

  it('takes names and values written shorter, as an object', () => {
    const made = definitionOf(
      formOf({ ...DEFINITIONS.metric!, Dimensions: { ClusterName: 'demo' }, Tags: { severity: 'info' } }),
    );
    expect(made.Dimensions).toEqual([{ Name: 'ClusterName', Value: 'demo' }]);
    expect(made.Tags).toEqual([{ Key: 'severity', Value: 'info' }]);
  });

  it('leaves a detector out where there is no band', () => {
    const form = formOf(DEFINITIONS['metric with a band']!);
    expect(definitionOf({ ...form, ...toThreshold(form) })).not.toHaveProperty('AnomalyDetector');
    expect(definitionOf({ ...form, ...toKind(form, 'rows') })).not.toHaveProperty('AnomalyDetector');
  });

  it('splits lists', () => {
    expect(split(' a, b ,,c')).toEqual(['a', 'b', 'c']);
    expect(split('"a, b", c"d , "say \\"hi\\", all"')).toEqual(['a, b', 'c"d', 'say "hi", all']);
    expect(split('')).toEqual([]);
  });
});
