import { askMetrics } from '../api/metrics';
import type { MetricAnswer, MetricQuestion, Statistic } from '../api/metrics';
import type { EntityType } from '../api/row';
import { interval, length, span } from '../state/clock';
import { sparkPeriod } from '../state/range';
import { useResource } from '../state/resource';

/** The lines beside the numbers of a table: values over the page's range, by row key and metric. */
export type Trends = ReadonlyMap<string, Readonly<Record<string, readonly (number | null)[]>>>;

interface Wanted {
  entity: EntityType;
  metrics: readonly string[];
  /** Columns whose values, joined by a tab, are a row's key. */
  by: readonly string[];
  /** Row keys that are drawn. */
  keys: readonly string[];
  /** How entities of one row are put together; `Total` where a row stands for several. */
  statistic?: Statistic;
}

/** The key of a row in {@link Trends}. */
export function trendKey(values: readonly (string | null | undefined)[]): string {
  return values.map((value) => value ?? '').join('\t');
}

/** Asks for the trends of the rows that are drawn. Renewed when another point is complete. */
export function useTrends({ entity, metrics, by, keys, statistic = 'Average' }: Wanted): Trends {
  const period = sparkPeriod(length.value, interval.value);
  const end = Math.floor(span.value.end / (period * 1000)) * period * 1000;
  const filters = filtersOf(by, keys);
  const subject =
    filters === null ? null : JSON.stringify([entity, metrics, statistic, by, filters, period, length.value]);
  const { data } = useResource(subject, end, async (signal) => {
    const question: MetricQuestion = {
      entity,
      metrics: metrics.map((metric) => ({ metric, statistic })),
      filters: filters ?? {},
      group_by: by,
      start: new Date(end - length.peek() * 1000).toISOString(),
      end: new Date(end).toISOString(),
      period_seconds: period,
    };
    return byKey(await askMetrics(question, signal), by);
  });
  return data ?? NONE;
}

const NONE: Trends = new Map();

/** The values of each column among the keys. Columns that some rows lack do not filter. */
function filtersOf(by: readonly string[], keys: readonly string[]): Record<string, string[]> | null {
  if (keys.length === 0) return null;
  const rows = keys.map((key) => key.split('\t'));
  const filters: Record<string, string[]> = {};
  for (const [at, column] of by.entries()) {
    const values = [...new Set(rows.map((row) => row[at] ?? ''))].sort();
    if (!values.includes('')) filters[column] = values;
  }
  return filters;
}

function byKey(answer: MetricAnswer, by: readonly string[]): Trends {
  const found = new Map<string, Record<string, readonly (number | null)[]>>();
  for (const series of answer.series) {
    const key = trendKey(by.map((column) => series.labels[column]));
    const held = found.get(key) ?? {};
    held[series.metric] = series.values;
    found.set(key, held);
  }
  return found;
}
