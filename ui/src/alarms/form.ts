import type { AlarmKind, Definition } from '../api/alarms';
import { detectorKey, detectorOf, isBandOfMetric, needsBand, NO_DETECTOR } from './band';
import type { Detector } from './band';
import { filterRows, filtersOf, split } from './filters';
import type { FilterRow } from './filters';
import { NO_METRIC, queriesOf, queryOf } from './queries';
import type { QueryRow } from './queries';
import { count, given, list, namesAndValues, numberText, recordOf, textOf, textsOf, without } from './read';
import { singleOf, singleRows } from './single';

/** A definition as a form holds it: texts as they are typed, lists as they are chosen. Pure. */

/** What a form can be about. `math` is a metric alarm over several metrics and expressions. */
export type FormKind = AlarmKind | 'math';

export interface AlarmForm {
  kind: FormKind;
  name: string;
  description: string;
  /** By key. */
  tags: Readonly<Record<string, string>>;
  actionsEnabled: boolean;
  alarmActions: readonly string[];
  okActions: readonly string[];
  insufficientDataActions: readonly string[];
  /** Of a metric. */
  namespace: string;
  metricName: string;
  dimensions: readonly { name: string; value: string }[];
  /** Of samples in this unit only; empty is any. */
  unit: string;
  /** Of rows; the statistic also of a metric. */
  entity: string;
  metric: string;
  statistic: string;
  filters: readonly FilterRow[];
  /** Of rows, log lines and losses. */
  groupBy: readonly string[];
  /** Of log lines. */
  logFilter: string;
  sql: string;
  healthKinds: readonly string[];
  /** Separated by commas. */
  healthWords: string;
  healthSeverity: string;
  rule: string;
  suppressor: string;
  suppressorWait: string;
  suppressorExtension: string;
  operator: string;
  threshold: string;
  period: string;
  evaluationPeriods: string;
  datapointsToAlarm: string;
  treatMissingData: string;
  /** `Metrics`: of metric math, and the band of a single metric. */
  queries: readonly QueryRow[];
  /** What a band does not learn from. */
  detector: Detector;
  /** Keys of its `Source` that the form has no field for, while it is of this kind. */
  sourceRest: { kind: FormKind; keys: Definition };
  /** Keys that the form has no field for; they are kept as they are. */
  rest: Definition;
}

const EMPTY: AlarmForm = {
  kind: 'rows',
  name: '',
  description: '',
  tags: {},
  actionsEnabled: true,
  alarmActions: [],
  okActions: [],
  insufficientDataActions: [],
  ...NO_METRIC,
  entity: 'pod',
  metric: '',
  filters: [],
  groupBy: [],
  logFilter: '',
  sql: '',
  healthKinds: [],
  healthWords: '',
  healthSeverity: '',
  rule: '',
  suppressor: '',
  suppressorWait: '60',
  suppressorExtension: '60',
  operator: 'GreaterThanThreshold',
  threshold: '',
  period: '60',
  evaluationPeriods: '3',
  datapointsToAlarm: '3',
  treatMissingData: 'missing',
  queries: [],
  detector: NO_DETECTOR,
  sourceRest: { kind: 'rows', keys: {} },
  rest: {},
};

/** What a new alarm begins with, besides what its address holds. */
export const NEW_ALARM: Definition = {
  Source: { Rows: { Entity: 'pod', Metric: '', Statistic: 'Average', Filters: {}, GroupBy: [] } },
  ComparisonOperator: 'GreaterThanThreshold',
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 3,
  TreatMissingData: 'missing',
};

/** Keys that fields stand for; the others are kept. */
const HELD: ReadonlySet<string> = new Set([
  'AlarmName',
  'AlarmDescription',
  'Tags',
  'ActionsEnabled',
  'AlarmActions',
  'OKActions',
  'InsufficientDataActions',
  'Source',
  'Namespace',
  'MetricName',
  'Dimensions',
  'Statistic',
  'ExtendedStatistic',
  'Unit',
  'AlarmRule',
  'ActionsSuppressor',
  'ActionsSuppressorWaitPeriod',
  'ActionsSuppressorExtensionPeriod',
  'ComparisonOperator',
  'Threshold',
  'Period',
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'TreatMissingData',
  'Metrics',
  'ThresholdMetricId',
  'AnomalyDetector',
]);

/** The same of what is under `Source`. */
const HELD_OF_SOURCE: ReadonlySet<string> = new Set([
  'Entity',
  'Metric',
  'Statistic',
  'Filters',
  'GroupBy',
  'Filter',
  'Query',
  'Kinds',
  'Words',
  'Severity',
]);

/** Reads a definition. What is missing or of another shape is as in an empty form. */
export function formOf(definition: Definition): AlarmForm {
  const get = (key: string) => definition[key];
  const source = recordOf(get('Source'));
  const kind = kindOf(definition);
  const inner = recordOf(Object.values(source)[0]);
  const queries = queriesOf(get('Metrics'), get('ThresholdMetricId')) ?? [];
  const single = kind === 'metric' ? singleOf(queries) : null;
  return {
    ...EMPTY,
    kind,
    name: textOf(get('AlarmName')),
    description: textOf(get('AlarmDescription')),
    tags: Object.fromEntries(tagsOf(get('Tags'))),
    actionsEnabled: get('ActionsEnabled') !== false,
    alarmActions: textsOf(get('AlarmActions')),
    okActions: textsOf(get('OKActions')),
    insufficientDataActions: textsOf(get('InsufficientDataActions')),
    namespace: textOf(get('Namespace')) || EMPTY.namespace,
    metricName: textOf(get('MetricName')),
    dimensions: namesAndValues(get('Dimensions'), 'Name'),
    unit: textOf(get('Unit')),
    statistic:
      textOf(inner.Statistic) || textOf(get('Statistic')) || textOf(get('ExtendedStatistic')) || EMPTY.statistic,
    entity: textOf(inner.Entity) || EMPTY.entity,
    metric: textOf(inner.Metric),
    filters: filterRows(inner.Filters),
    groupBy: textsOf(inner.GroupBy),
    logFilter: textOf(inner.Filter),
    sql: textOf(inner.Query),
    healthKinds: textsOf(inner.Kinds),
    healthWords: textsOf(inner.Words).join(', '),
    healthSeverity: textOf(inner.Severity),
    rule: textOf(get('AlarmRule')),
    suppressor: textOf(get('ActionsSuppressor')),
    suppressorWait: numberText(get('ActionsSuppressorWaitPeriod'), EMPTY.suppressorWait),
    suppressorExtension: numberText(get('ActionsSuppressorExtensionPeriod'), EMPTY.suppressorExtension),
    operator: textOf(get('ComparisonOperator')) || EMPTY.operator,
    threshold: numberText(get('Threshold'), ''),
    period: numberText(get('Period'), EMPTY.period),
    evaluationPeriods: numberText(get('EvaluationPeriods'), EMPTY.evaluationPeriods),
    // M is N where it is left out.
    datapointsToAlarm: numberText(
      get('DatapointsToAlarm'),
      numberText(get('EvaluationPeriods'), EMPTY.datapointsToAlarm),
    ),
    treatMissingData: textOf(get('TreatMissingData')) || EMPTY.treatMissingData,
    queries,
    detector: detectorOf(get('AnomalyDetector')) ?? NO_DETECTOR,
    sourceRest: { kind, keys: without(inner, HELD_OF_SOURCE) },
    ...(single ?? {}),
    rest: { ...without(definition, HELD), ...unread(definition, queries) },
  };
}

/** Keys that fields stand for, but not in the shape that they have here: they are kept as they are. */
function unread(definition: Definition, queries: readonly QueryRow[]): Definition {
  const { Metrics: metrics, ThresholdMetricId: band, AnomalyDetector: detector } = definition;
  return {
    ...(metrics !== undefined && queriesOf(metrics, band) === null ? { Metrics: metrics } : {}),
    ...(band !== undefined && !queries.some((row) => row.band) ? { ThresholdMetricId: band } : {}),
    ...(detectorOf(detector) === null ? { AnomalyDetector: detector } : {}),
  };
}

function tagsOf(written: unknown): [string, string][] {
  return namesAndValues(written, 'Key').map(({ name, value }) => [name, value]);
}

/** What a definition is about, by its keys. */
export function kindOf(definition: Definition): FormKind {
  if ('AlarmRule' in definition) return 'composite';
  // A band is of an id, so a single metric with a band is one of Metrics too.
  if (
    isBandOfMetric(definition.Metrics, definition.ThresholdMetricId) &&
    needsBand(textOf(definition.ComparisonOperator))
  )
    return 'metric';
  if ('Metrics' in definition) return 'math';
  const [source] = Object.keys(recordOf(definition.Source));
  switch (source) {
    case 'Rows':
      return 'rows';
    case 'Logs':
      return 'logs';
    case 'Sql':
      return 'sql';
    case 'Health':
      return 'health';
    case 'Loss':
      return 'loss';
    default:
      return 'MetricName' in definition ? 'metric' : 'rows';
  }
}

/** Whether the alarm compares with a band. Only what is over metrics can. */
export function isBanded(form: Pick<AlarmForm, 'kind' | 'operator' | 'queries'>): boolean {
  if (form.kind === 'metric') return needsBand(form.operator);
  return form.kind === 'math' && (needsBand(form.operator) || form.queries.some((row) => row.band));
}

/** Writes a definition: the keys of the form's kind, and those that it has no field for. */
export function definitionOf(form: AlarmForm): Definition {
  const composite = form.kind === 'composite';
  const { Metrics: metrics, ThresholdMetricId: band, AnomalyDetector: detector, ...rest } = form.rest;
  return {
    ...given('AlarmName', form.name),
    ...given('AlarmDescription', form.description),
    ...sourceOf(form),
    ...(composite ? {} : conditionOf(form)),
    ...(form.kind === 'math' ? metricsOf(form.queries, metrics, band) : {}),
    ...(isBanded(form) ? (detector === undefined ? detectorKey(form.detector) : { AnomalyDetector: detector }) : {}),
    ...(form.actionsEnabled ? {} : { ActionsEnabled: false }),
    ...list('AlarmActions', form.alarmActions),
    ...list('OKActions', form.okActions),
    ...list('InsufficientDataActions', form.insufficientDataActions),
    ...list(
      'Tags',
      Object.entries(form.tags)
        .filter(([, value]) => value !== '')
        .map(([Key, Value]) => ({ Key, Value })),
    ),
    ...rest,
  };
}

/** `Metrics`, and the id of the band among them. */
function metricsOf(rows: readonly QueryRow[], unread: unknown, band: unknown): Definition {
  const its = rows.find((row) => row.band)?.id ?? band;
  return {
    Metrics: rows.length === 0 && unread !== undefined ? unread : rows.map(queryOf),
    ...(its === undefined ? {} : { ThresholdMetricId: its }),
  };
}

function sourceOf(form: AlarmForm): Definition {
  const group = list('GroupBy', form.groupBy);
  const filters = filtersOf(form.filters);
  const kept = form.sourceRest.kind === form.kind ? form.sourceRest.keys : {};
  switch (form.kind) {
    case 'metric':
      if (isBanded(form)) return metricsOf(singleRows(form), undefined, undefined);
      return {
        Namespace: form.namespace,
        MetricName: form.metricName,
        ...list(
          'Dimensions',
          form.dimensions.map(({ name, value }) => ({ Name: name, Value: value })),
        ),
        ...(isExtended(form.statistic) ? { ExtendedStatistic: form.statistic } : { Statistic: form.statistic }),
        ...given('Unit', form.unit),
      };
    case 'rows':
      return {
        Source: {
          Rows: {
            Entity: form.entity,
            Metric: form.metric,
            Statistic: form.statistic,
            Filters: filters,
            GroupBy: [...form.groupBy],
            ...kept,
          },
        },
      };
    case 'logs':
      return { Source: { Logs: { Filter: form.logFilter, ...group, ...kept } } };
    case 'sql':
      return { Source: { Sql: { Query: form.sql, ...kept } } };
    case 'health':
      return {
        Source: {
          Health: {
            ...list('Kinds', form.healthKinds),
            ...list('Words', split(form.healthWords)),
            ...given('Severity', form.healthSeverity),
            ...(Object.keys(filters).length > 0 ? { Filters: filters } : {}),
            ...kept,
          },
        },
      };
    case 'loss':
      return { Source: { Loss: { ...group, ...kept } } };
    case 'composite':
      return {
        AlarmRule: form.rule,
        ...(form.suppressor === ''
          ? {}
          : {
              ActionsSuppressor: form.suppressor,
              ...count('ActionsSuppressorWaitPeriod', form.suppressorWait),
              ...count('ActionsSuppressorExtensionPeriod', form.suppressorExtension),
            }),
      };
    default:
      return {};
  }
}

function conditionOf(form: AlarmForm): Definition {
  return {
    ComparisonOperator: form.operator,
    ...(needsBand(form.operator) ? {} : count('Threshold', form.threshold)),
    // Each of Metrics has a period of its own.
    ...(form.kind === 'math' || isBanded(form) ? {} : count('Period', form.period)),
    ...count('EvaluationPeriods', form.evaluationPeriods),
    ...count('DatapointsToAlarm', form.datapointsToAlarm),
    TreatMissingData: form.treatMissingData,
  };
}

/** Percentiles and trimmed statistics have a key of their own. */
function isExtended(statistic: string): boolean {
  return !['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'].includes(statistic);
}
