import { needsBand } from './band';
import type { AlarmForm, FormKind } from './form';
import { equivalentOf } from './equivalent';
import { bandRow, metricOf, singleRows } from './single';
import { metricRow, NO_METRIC, returnedAt } from './queries';
import type { QueryRow } from './queries';

/** A form that is turned to something else: to another kind, from a threshold to a band. What was chosen goes along. Pure. */

type Change = Partial<AlarmForm>;

const STATIC = 'GreaterThanThreshold';
const OUTSIDE = 'LessThanLowerOrGreaterThanUpperThreshold';

/** Another kind, with what it usually begins with: of health and losses anything above 0 is wrong. */
export function toKind(form: AlarmForm, kind: FormKind): Change {
  const counted = kind === 'health' || kind === 'loss';
  const fresh: Change = { kind, sourceRest: { kind, keys: {} } };
  if (kind === 'math') return { ...fresh, queries: mathRows(form) };
  if (kind === 'metric') return { ...fresh, ...toSingle(form) };
  return {
    ...fresh,
    ...(needsBand(form.operator) ? { operator: STATIC } : {}),
    ...(counted && form.threshold === '' ? { threshold: '0', operator: STATIC } : {}),
  };
}

/** The rows that metric math begins with: those that it had, else the metric that was chosen. */
function mathRows(form: AlarmForm): readonly QueryRow[] {
  if (form.kind === 'metric' && needsBand(form.operator)) return singleRows(form);
  if (form.kind === 'metric' && form.metricName !== '') return [metricRow([], form.period, metricOf(form))];
  const begun = form.queries.filter((row) => !row.band || needsBand(form.operator));
  return begun.length > 0 ? begun : [metricRow([], form.period)];
}

/** A single metric: the one that is looked at, or the first. */
function toSingle(form: AlarmForm): Change {
  if (form.kind !== 'math') return needsBand(form.operator) ? { operator: STATIC } : {};
  const at = returnedAt(form.queries);
  const looked = form.queries[at];
  const row = looked?.expression === null ? looked : form.queries.find((one) => one.expression === null && !one.band);
  if (!row) return { queries: [], operator: needsBand(form.operator) ? STATIC : form.operator };
  const kept: QueryRow = { ...row, returned: true };
  return {
    ...row.metric,
    ...(row.period === '' ? {} : { period: row.period }),
    queries: needsBand(form.operator) ? [kept, bandRow([kept], kept.id)] : [],
  };
}

/** A band in place of a threshold; `null` where the alarm looks at what has no band. */
export function toBand(form: AlarmForm): Change | null {
  switch (form.kind) {
    case 'metric': {
      const queries = singleRows(form);
      return { operator: OUTSIDE, queries, period: atLeastMinute(form.period) };
    }
    case 'math': {
      const at = returnedAt(form.queries);
      const of = form.queries[at] ?? form.queries.find((row) => !row.band);
      const others = form.queries.filter((row) => !row.band);
      return { operator: OUTSIDE, queries: [...others, bandRow(others, of?.id ?? '')] };
    }
    case 'rows': {
      const same = equivalentOf(form);
      if (!same) return null;
      const metric = { ...NO_METRIC, ...same };
      const period = atLeastMinute(form.period);
      return {
        ...metric,
        kind: 'metric',
        operator: OUTSIDE,
        period,
        queries: singleRows({ ...metric, period, queries: [] }),
        // Its threshold was in the unit of the column.
        threshold: '',
      };
    }
    default:
      return null;
  }
}

/** A threshold in place of the band. */
export function toThreshold(form: AlarmForm): Change {
  return {
    operator: STATIC,
    queries: form.kind === 'metric' ? [] : form.queries.filter((row) => !row.band),
  };
}

/** Bands have periods of a minute at least. */
function atLeastMinute(period: string): string {
  return Number(period) < 60 ? '60' : period;
}
