import type { Definition } from '../api/alarms';
import { bandExpression, bandParts } from './band';
import { count, given, isRecord, list, namesAndValues, numberText, recordOf, textOf, without } from './read';
import type { Fields } from './read';

/** `Metrics` of a definition as rows of a form: metrics and expressions by their ids. Pure. */

/** A metric with exactly its dimensions, and the statistic of it. */
export interface MetricText {
  namespace: string;
  metricName: string;
  dimensions: readonly { name: string; value: string }[];
  statistic: string;
  /** Of samples in this unit only; empty is any. */
  unit: string;
}

export interface QueryRow {
  /** Tells the rows of a form apart while ids are typed. */
  key: number;
  id: string;
  label: string;
  /** `null` for a metric. */
  expression: string | null;
  metric: MetricText;
  /** Seconds. Empty where an expression names none. */
  period: string;
  /** Whether it is looked at. */
  returned: boolean;
  /** Whether it is the band that ThresholdMetricId names. */
  band: boolean;
  /** As it was read: fields that the form has none for are kept. */
  given: Fields;
}

export const NO_METRIC: MetricText = {
  namespace: 'ContainerInsights',
  metricName: '',
  dimensions: [],
  statistic: 'Average',
  unit: '',
};

/** Rows of `Metrics`; `null` where it has another shape, which is kept as it is. */
export function queriesOf(written: unknown, band: unknown): QueryRow[] | null {
  if (!Array.isArray(written) || !written.every(isRecord)) return null;
  let bands = 0;
  return written.map((query, key): QueryRow => {
    const stat = recordOf(query.MetricStat);
    const metric = recordOf(stat.Metric);
    const id = textOf(query.Id);
    const isExpression = 'Expression' in query;
    const isBand = isExpression && id !== '' && id === band && bands === 0;
    if (isBand) bands += 1;
    return {
      key,
      id,
      label: textOf(query.Label),
      expression: isExpression ? textOf(query.Expression) : null,
      metric: {
        namespace: textOf(metric.Namespace),
        metricName: textOf(metric.MetricName),
        dimensions: namesAndValues(metric.Dimensions, 'Name'),
        statistic: textOf(stat.Stat),
        unit: textOf(stat.Unit),
      },
      period: numberText(isExpression ? query.Period : stat.Period, ''),
      // What is returned where nothing is said.
      returned: query.ReturnData !== false,
      band: isBand,
      given: query,
    };
  });
}

const OF_QUERY: ReadonlySet<string> = new Set(['MetricStat', 'Expression', 'Label', 'Period', 'ReturnData']);
const OF_STAT: ReadonlySet<string> = new Set(['Metric', 'Period', 'Stat', 'Unit']);
const OF_METRIC: ReadonlySet<string> = new Set(['Namespace', 'MetricName', 'Dimensions']);

/** One of `Metrics` as it is written. */
export function queryOf(row: QueryRow): Definition {
  const { MetricStat: stat, Period: period, ReturnData: returned } = row.given;
  return {
    ...without(row.given, OF_QUERY),
    Id: row.id,
    ...given('Label', row.label),
    ...(row.expression === null
      ? { MetricStat: statOf(row, recordOf(stat)), ...(period === undefined ? {} : { Period: period }) }
      : {
          Expression: row.expression,
          ...(stat === undefined ? {} : { MetricStat: stat }),
          ...count('Period', row.period),
        }),
    ...(row.returned && returned === undefined ? {} : { ReturnData: row.returned }),
  };
}

function statOf({ metric, period }: QueryRow, written: Fields): Definition {
  return {
    ...without(written, OF_STAT),
    Metric: {
      ...without(recordOf(written.Metric), OF_METRIC),
      Namespace: metric.namespace,
      MetricName: metric.metricName,
      ...list(
        'Dimensions',
        metric.dimensions.map(({ name, value }) => ({ Name: name, Value: value })),
      ),
    },
    ...count('Period', period),
    Stat: metric.statistic,
    ...given('Unit', metric.unit),
  };
}

/** The first id of its kind that is free: m1, m2, … */
export function proposedId(rows: readonly Pick<QueryRow, 'id'>[], letters: 'm' | 'e' | 'ad'): string {
  for (let number = 1; ; number += 1) {
    const id = `${letters}${number}`;
    if (!rows.some((row) => row.id === id)) return id;
  }
}

export function metricRow(rows: readonly QueryRow[], period: string, metric: MetricText = NO_METRIC): QueryRow {
  return made(rows, { id: proposedId(rows, 'm'), expression: null, metric, period });
}

export function expressionRow(rows: readonly QueryRow[], expression = ''): QueryRow {
  return made(rows, { id: proposedId(rows, 'e'), expression, metric: NO_METRIC, period: '' });
}

export function freeKey(rows: readonly Pick<QueryRow, 'key'>[]): number {
  return Math.max(-1, ...rows.map(({ key }) => key)) + 1;
}

/** The first of all is looked at. */
function made(rows: readonly QueryRow[], its: Pick<QueryRow, 'id' | 'expression' | 'metric' | 'period'>): QueryRow {
  const returned = !rows.some((row) => row.returned && !row.band);
  return { ...its, key: freeKey(rows), label: '', returned, band: false, given: { ReturnData: returned } };
}

/** The row that is looked at; its place is −1 where there is none or several. */
export function returnedAt(rows: readonly QueryRow[]): number {
  const all = rows.flatMap((row, at) => (row.returned && !row.band ? [at] : []));
  return all.length === 1 ? (all[0] ?? -1) : -1;
}

/** Another row is looked at. The band follows, where it was of the one before. */
export function returning(rows: readonly QueryRow[], at: number): QueryRow[] {
  const before = rows[returnedAt(rows)]?.id;
  const next = rows[at]?.id ?? '';
  return rows.map((row, place) => {
    if (row.band) return before === undefined ? row : bandFollowing(row, before, next);
    return { ...row, returned: place === at };
  });
}

/** A row is called otherwise. The band follows, where it is of this row; expressions say what they said. */
export function renamed(rows: readonly QueryRow[], at: number, id: string): QueryRow[] {
  const before = rows[at];
  return rows.map((row, place) => {
    if (place === at) return { ...row, id };
    return row.band && before?.returned === true ? bandFollowing(row, before.id, id) : row;
  });
}

function bandFollowing(row: QueryRow, before: string, next: string): QueryRow {
  const parts = bandParts(row.expression ?? '');
  return parts?.of === before ? { ...row, expression: bandExpression(next, parts.width) } : row;
}

export function changed(rows: readonly QueryRow[], at: number, change: Partial<QueryRow>): QueryRow[] {
  return rows.map((row, place) => (place === at ? { ...row, ...change } : row));
}

/** Without a row. When it was looked at, the last one is instead. */
export function removed(rows: readonly QueryRow[], at: number): QueryRow[] {
  const was = at === returnedAt(rows);
  const next = was ? rows.findLastIndex((row, place) => place !== at && !row.band) : -1;
  const told = next >= 0 ? returning(rows, next) : [...rows];
  return told.filter((_, place) => place !== at);
}

/** The place where a row goes when it is moved up (−1) or down (1), past the band, which is not among the rows. */
export function neighbour(rows: readonly QueryRow[], at: number, by: -1 | 1): number | null {
  for (let place = at + by; place >= 0 && place < rows.length; place += by)
    if (rows[place]?.band === false) return place;
  return null;
}

/** A row in another place: it and its neighbour are exchanged. */
export function moved(rows: readonly QueryRow[], at: number, by: -1 | 1): QueryRow[] {
  const to = neighbour(rows, at, by);
  const [one, other] = [rows[at], to === null ? undefined : rows[to]];
  if (to === null || !one || !other) return [...rows];
  return rows.map((row, place) => (place === at ? other : place === to ? one : row));
}

/** The period that all rows have which name one: `null` when they differ, empty when none does. */
export function commonPeriod(rows: readonly QueryRow[]): string | null {
  const all = new Set(rows.map(({ period }) => period).filter((period) => period !== ''));
  return all.size > 1 ? null : ([...all][0] ?? '');
}

/** All metrics get a period, and expressions that name one; without a metric what is looked at names it. */
export function withPeriod(rows: readonly QueryRow[], period: string): QueryRow[] {
  const alone = rows.every((row) => row.expression !== null);
  return rows.map((row) =>
    row.expression === null || row.period !== '' || (alone && row.returned && !row.band) ? { ...row, period } : row,
  );
}

/** What people call the row that is looked at: its label, else its id. `null` where the alarm is not of such rows. */
export function nameLooked({ kind, queries }: { kind: string; queries: readonly QueryRow[] }): string | null {
  const row = kind === 'math' || kind === 'metric' ? queries[returnedAt(queries)] : undefined;
  return row === undefined ? null : row.label === '' ? row.id : row.label;
}

/** What a row stands for, in a few words. */
export function queryWords({ expression, metric }: Pick<QueryRow, 'expression' | 'metric'>): string {
  if (expression !== null) return expression;
  if (metric.metricName === '') return 'no metric chosen yet';
  const where = metric.dimensions.map(({ name, value }) => `${name} ${value || '?'}`).join(', ');
  return `${metric.metricName}, ${metric.statistic}${where === '' ? '' : `, ${where}`}`;
}
