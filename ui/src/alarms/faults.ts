import type { KeyFault } from '../api/problem';
import type { Definition } from '../api/alarms';

/** Faults of a definition, at the fields that they are about. Pure. */

/** Not a key of a definition: the period that all of `Metrics` have, which is one field. */
export const METRICS_PERIOD = 'Metrics.Period';

/** The keys that have a field, most of them of any kind of alarm. */
export const FIELD_KEYS: readonly string[] = [
  'AlarmName',
  'AlarmDescription',
  'Tags',
  'AlarmActions',
  'OKActions',
  'InsufficientDataActions',
  'Namespace',
  'MetricName',
  'Dimensions',
  'Statistic',
  'ExtendedStatistic',
  'Unit',
  'Source.Rows.Entity',
  'Source.Rows.Metric',
  'Source.Rows.Statistic',
  'Source.Rows.Filters',
  'Source.Rows.GroupBy',
  'Source.Logs.Filter',
  'Source.Logs.GroupBy',
  'Source.Sql.Query',
  'Source.Health.Kinds',
  'Source.Health.Words',
  'Source.Health.Severity',
  'Source.Health.Filters',
  'Source.Loss.GroupBy',
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
  'ThresholdMetricId',
  'AnomalyDetector.MetricTimezone',
  METRICS_PERIOD,
];

/** Keys of lists whose items have fields each. */
const FIELDS_OF_ITEMS =
  /^(?:Metrics\[\d+\](?:\.(?:Id|Label|Expression|MetricStat\.(?:Stat|Unit|Period|Metric\.(?:Namespace|MetricName|Dimensions))))?|AnomalyDetector\.ExcludedTimeRanges\[\d+\](?:\.(?:StartTime|EndTime))?|AnomalyDetector\.ExcludedTimeRanges|Metrics)(?![A-Za-z])/;

export interface Placed {
  /** What is wrong with a field; several messages in one. `null` when nothing is. */
  at: (...keys: string[]) => string | null;
  /** What has no field. */
  elsewhere: readonly KeyFault[];
}

/** Puts each fault at the field whose key it is about: the same one, or the one that it is within. */
export function place(faults: readonly KeyFault[]): Placed {
  const found = new Map<string, string[]>();
  const elsewhere: KeyFault[] = [];
  for (const fault of faults) {
    const key = FIELD_KEYS.find((one) => within(fault.key, one)) ?? FIELDS_OF_ITEMS.exec(fault.key)?.[0];
    if (key === undefined) {
      elsewhere.push(fault);
      continue;
    }
    found.set(key, [...(found.get(key) ?? []), sentence(fault, key)]);
  }
  return {
    at: (...keys) => {
      const messages = keys.flatMap((key) => found.get(key) ?? []);
      return messages.length === 0 ? null : messages.join(' ');
    },
    elsewhere,
  };
}

function within(key: string, field: string): boolean {
  return key === field || key.startsWith(`${field}.`) || key.startsWith(`${field}[`);
}

/** The message after the part of the key that the field does not name: `[2]: …`. */
function sentence({ key, message }: KeyFault, field: string): string {
  const rest = key.slice(field.length).replace(/^\./, '');
  const text = `${rest === '' ? '' : `${rest}: `}${message}`;
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

/** Without those about what is still empty: nobody has to be told what they have not come to yet. */
export function ofFilled(faults: readonly KeyFault[], definition: Definition): KeyFault[] {
  return faults.filter(({ key }) => !isEmpty(valueAt(definition, key)));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** The value at a path such as `Source.Rows.Filters` or `Dimensions[1].Value`: items are counted from 1. */
export function valueAt(definition: Definition, path: string): unknown {
  let value: unknown = definition;
  for (const part of path.split(/[.[\]]/).filter((one) => one !== '')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Array.isArray(value) ? (value as unknown[])[Number(part) - 1] : (value as Record<string, unknown>)[part];
  }
  return value;
}
