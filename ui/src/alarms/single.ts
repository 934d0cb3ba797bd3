import type { AlarmForm } from './form';
import { bandExpression, USUAL_WIDTH } from './band';
import { freeKey, metricRow, NO_METRIC, proposedId } from './queries';
import type { MetricText, QueryRow } from './queries';

/**
 * A single metric with a band: CloudWatch writes it as two of `Metrics`, a form has the fields of a metric and those of
 * a band. Pure.
 */

type Single = MetricText & Pick<AlarmForm, 'period'>;

/** The fields of the metric that a band is of; `null` without one. */
export function singleOf(rows: readonly QueryRow[]): Single | null {
  const row = rows.find((one) => !one.band && one.expression === null);
  return row ? { ...row.metric, period: row.period } : null;
}

/** The metric and its band. */
export function singleRows(form: Single & Pick<AlarmForm, 'queries'>): QueryRow[] {
  const known = form.queries.find((row) => !row.band && row.expression === null);
  const metric: QueryRow = {
    ...(known ?? metricRow([], form.period)),
    metric: metricOf(form),
    period: form.period,
    returned: true,
  };
  const band = form.queries.find((row) => row.band) ?? bandRow([metric], metric.id);
  // In the order in which they stand.
  const isFirst = known === undefined || form.queries.indexOf(known) < indexOrLast(form.queries, band);
  return isFirst ? [metric, band] : [band, metric];
}

function indexOrLast(rows: readonly QueryRow[], row: QueryRow): number {
  const at = rows.indexOf(row);
  return at < 0 ? rows.length : at;
}

/** A new band of an id. */
export function bandRow(rows: readonly QueryRow[], of: string): QueryRow {
  return {
    key: freeKey(rows),
    id: proposedId(rows, 'ad'),
    label: '',
    expression: bandExpression(of, USUAL_WIDTH),
    metric: NO_METRIC,
    period: '',
    returned: true,
    band: true,
    given: { ReturnData: true },
  };
}

export function metricOf({ namespace, metricName, dimensions, statistic, unit }: MetricText): MetricText {
  return { namespace, metricName, dimensions, statistic, unit };
}
