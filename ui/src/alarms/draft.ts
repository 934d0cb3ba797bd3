import type { MetricQuestion } from '../api/metrics';
import type { Definition } from '../api/alarms';

/** A definition in an address, and one made from a chart. Pure. */

/** The draft of an address; `null` where it has none or it is no JSON object. */
export function draftOf(query: URLSearchParams): Definition | null {
  const text = query.get('draft');
  if (text === null) return null;
  try {
    const held = JSON.parse(text) as unknown;
    return typeof held === 'object' && held !== null && !Array.isArray(held) ? (held as Definition) : null;
  } catch {
    return null;
  }
}

export function draftText(definition: Definition): string {
  return JSON.stringify(definition);
}

/** Periods of an alarm, in seconds: 10, 20, 30 and the multiples of 60. */
export function alarmPeriod(seconds: number): number {
  if (seconds >= 60) return Math.round(seconds / 60) * 60;
  return [10, 20, 30].find((period) => period >= seconds) ?? 60;
}

const LONGEST_OF_A_CHART = 300;

/** By which names entities are told apart. */
const OWN_NAMES: Readonly<Record<string, readonly string[]>> = {
  node: ['node'],
  pod: ['namespace', 'pod'],
  container: ['namespace', 'pod', 'container'],
  volume: ['namespace', 'pod', 'volume'],
};

/** An alarm on what a chart shows: the metric that it draws first, of the same entities. */
export function alarmOn(question: MetricQuestion, title: string): Definition | null {
  const first = question.metrics[0];
  if (!first) return null;
  const summed = first.statistic === 'Total';
  const names = Object.values(question.filters).flat();
  return {
    AlarmName: [...names.slice(-1), title].join(' ').slice(0, 200),
    Source: {
      Rows: {
        Entity: question.entity,
        Metric: first.metric,
        // An alarm has no sum of means: each of what is added up gets a state of its own.
        Statistic: summed ? 'Average' : first.statistic,
        Filters: question.filters,
        GroupBy: summed
          ? [...new Set([...question.group_by, ...(OWN_NAMES[question.entity] ?? [])])]
          : [...question.group_by],
      },
    },
    ComparisonOperator: 'GreaterThanThreshold',
    // A chart over weeks has periods that are too long to be told in time.
    Period: Math.max(60, Math.min(alarmPeriod(question.period_seconds), LONGEST_OF_A_CHART)),
    EvaluationPeriods: 3,
    DatapointsToAlarm: 3,
    TreatMissingData: 'missing',
  };
}
