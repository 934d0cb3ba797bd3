/** Alarms of the simulated cluster. For work on the page only. */

interface Given {
  origin: 'starter' | 'file' | 'api';
  definition: Record<string, unknown>;
}

const ARN = 'arn:aws:sns:us-east-1:000000000000:';
const MIB = 1024 ** 2;

const tags = (of: Record<string, string>) => Object.entries(of).map(([Key, Value]) => ({ Key, Value }));

const ofShop = (name: string): Record<string, unknown> => ({
  Metric: {
    Namespace: 'ContainerInsights',
    MetricName: name,
    Dimensions: [
      { Name: 'ClusterName', Value: 'demo' },
      { Name: 'Namespace', Value: 'shop' },
    ],
  },
  Period: 60,
  Stat: 'Average',
});

const judged = (kind: string, word: string, severity: string, runbook: string): Record<string, unknown> => ({
  Source: {
    Health: {
      Kinds: [kind],
      Words: [word],
      GroupBy: kind === 'Node' ? ['cluster', 'node'] : ['cluster', 'namespace', 'workload_kind', 'workload'],
    },
  },
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 0,
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  TreatMissingData: 'notBreaching',
  ActionsEnabled: false,
  Tags: tags({ severity, runbook }),
});

export const DEFINITIONS: readonly Given[] = [
  {
    origin: 'api',
    definition: {
      AlarmName: 'shop-memory',
      AlarmDescription: 'A workload of the shop is near the memory that it was given.',
      Source: {
        Rows: {
          Entity: 'pod',
          Metric: 'memory_working_set_bytes',
          Statistic: 'Maximum',
          Filters: { namespace: ['shop', 'pay*'], pod: { not: 'canary-*' } },
          GroupBy: ['cluster', 'namespace', 'workload_kind', 'workload'],
        },
      },
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 240 * MIB,
      Period: 60,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
      TreatMissingData: 'missing',
      AlarmActions: [`${ARN}shop-slack`, `${ARN}pager`],
      OKActions: [`${ARN}shop-slack`],
      Tags: tags({
        severity: 'critical',
        team: 'shop',
        runbook: 'Look at the memory of its pods.\nIf it grows without end, roll back the newest version.',
      }),
    },
  },
  {
    origin: 'file',
    definition: {
      AlarmName: 'node-cpu',
      AlarmDescription: 'A node has little CPU left.',
      Source: {
        Rows: {
          Entity: 'node',
          Metric: 'node_cpu_utilization',
          Statistic: 'Average',
          Filters: {},
          GroupBy: ['cluster', 'node'],
        },
      },
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 80,
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'missing',
      AlarmActions: [`${ARN}team-mail`],
      Tags: tags({ severity: 'warning', team: 'platform', runbook: 'https://runbooks.example.org/node-cpu' }),
    },
  },
  {
    origin: 'api',
    definition: {
      AlarmName: 'checkout-pods',
      Namespace: 'ContainerInsights',
      MetricName: 'service_number_of_running_pods',
      Dimensions: [
        { Name: 'ClusterName', Value: 'demo' },
        { Name: 'Namespace', Value: 'shop' },
        { Name: 'Service', Value: 'checkout' },
      ],
      Statistic: 'Minimum',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 2,
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      TreatMissingData: 'breaching',
      AlarmActions: [`${ARN}pager`],
      Tags: tags({ severity: 'critical', team: 'shop' }),
    },
  },
  {
    origin: 'api',
    definition: {
      AlarmName: 'shop-traffic',
      AlarmDescription: 'The shop sends and receives what it does not at this hour of other weeks.',
      Metrics: [
        { Id: 'm1', MetricStat: ofShop('pod_network_rx_bytes'), ReturnData: false },
        { Id: 'm2', MetricStat: ofShop('pod_network_tx_bytes'), ReturnData: false },
        { Id: 'both', Expression: 'm1 + m2', Label: 'Both ways', ReturnData: true },
        { Id: 'ad1', Expression: 'ANOMALY_DETECTION_BAND(both, 2)', ReturnData: true },
      ],
      ThresholdMetricId: 'ad1',
      AnomalyDetector: {
        ExcludedTimeRanges: [{ StartTime: '2026-11-20T10:00:00Z', EndTime: '2026-11-20T12:30:00Z' }],
        MetricTimezone: '+01:00',
      },
      ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'missing',
      AlarmActions: [`${ARN}shop-slack`],
      Tags: tags({ severity: 'warning', team: 'shop' }),
    },
  },
  {
    origin: 'api',
    definition: {
      AlarmName: 'payments-errors',
      Source: { Logs: { Filter: 'namespace=payments level=error', GroupBy: ['namespace'] } },
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 20,
      Period: 60,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
      TreatMissingData: 'notBreaching',
      AlarmActions: [`${ARN}team-mail`],
      Tags: tags({ severity: 'warning', team: 'payments' }),
    },
  },
  {
    origin: 'api',
    definition: {
      AlarmName: 'payments-all',
      AlarmDescription: 'Payments do not do what they should.',
      AlarmRule: 'ALARM("payments-errors") OR ALARM("shop-or-nodes")',
      ActionsSuppressor: 'node-cpu',
      ActionsSuppressorWaitPeriod: 60,
      ActionsSuppressorExtensionPeriod: 60,
      AlarmActions: [`${ARN}pager`],
      Tags: tags({ severity: 'critical', team: 'payments' }),
    },
  },
  {
    origin: 'api',
    definition: {
      AlarmName: 'shop-or-nodes',
      AlarmRule: 'ALARM("shop-memory") OR ALARM("node-cpu") AND NOT ALARM("checkout-pods")',
      Tags: tags({ severity: 'info' }),
    },
  },
  {
    origin: 'api',
    definition: {
      AlarmName: 'sql-orders',
      Source: { Sql: { Query: 'SELECT time, count(*) AS value FROM orders GROUP BY 1' } },
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      Period: 300,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      TreatMissingData: 'ignore',
    },
  },
  {
    origin: 'starter',
    definition: {
      AlarmName: 'starter: log loss',
      Source: { Loss: { GroupBy: ['cluster', 'node'] } },
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      Period: 60,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 5,
      TreatMissingData: 'missing',
      ActionsEnabled: false,
      Tags: tags({ severity: 'warning', runbook: 'Look at Status: which agent lost lines, and why.' }),
    },
  },
  {
    origin: 'starter',
    definition: {
      AlarmName: 'starter: pod crash-looping',
      ...judged(
        'Pod',
        'crash-looping',
        'critical',
        'Read the last lines before it ended; the page of the pod has them.',
      ),
    },
  },
  {
    origin: 'starter',
    definition: {
      AlarmName: 'starter: node not ready',
      ...judged('Node', 'not-ready', 'critical', 'Look at the conditions of the node and at its kubelet.'),
    },
  },
];
