import { askSql, column, moment, rowNumber, rowText, whereOf } from '../api/sql';
import type { SqlRow } from '../api/sql';
import { trendKey } from '../tables/trends';
import { span } from './clock';
import type { Span } from './range';
import { useResource } from './resource';
import type { Resource } from './resource';

/** What went wrong with something's containers within the page's range. */
export interface Counts {
  restarts: number;
  oomKills: number;
  /** Log lines of level error or fatal; `null` where counting them would cost too much. */
  errors: number | null;
}

/** A pod in which something was counted, with what it belongs to. */
export interface Counted {
  what: 'restarts' | 'oom_kills' | 'errors';
  n: number;
  cluster: string | null;
  namespace: string | null;
  podUid: string | null;
  node: string | null;
  workloadKind: string | null;
  workload: string | null;
  services: readonly string[];
}

export interface CountsAnswer {
  counted: readonly Counted[];
  /** Whether log lines were counted too. */
  withErrors: boolean;
}

const HOUR_MS = 3600_000;
/** Lines are not counted over longer ranges: their level is not indexed by pod. */
const ERRORS_MS = 3 * HOUR_MS;
/** Ranges up to which minutes are read; longer ones are read by the hour, but for the hours that still grow. */
const MINUTES_MS = 24 * HOUR_MS;

/** Restarts, kills for want of memory and error lines in the page's range, by pod. One question for a whole table. */
export function useCounts(where: Readonly<Record<string, string>>): Resource<CountsAnswer> {
  const asked = span.value;
  const length = asked.end - asked.start;
  // Renewed with each minute: older ones do not change.
  const edition = Math.floor(asked.end / 60_000);
  return useResource(JSON.stringify(['counts', where, length]), edition, async (signal) => {
    const { rows } = await askSql(statement(asked, where), signal);
    return { counted: rows.map(countedOf), withErrors: length <= ERRORS_MS };
  });
}

/** The statement. Only what counts more than nothing is answered, so the answer is short. Pure. */
export function statement(asked: Span, where: Readonly<Record<string, string>>): string {
  const { workload, workload_kind: kind, ...direct } = where;
  const scope = whereOf(direct);
  const within = `time >= ${moment(asked.start)} and time < ${moment(asked.end)}`;
  const parts = [
    ...tiers('object', asked).map(
      ([table, bounds]) =>
        `select 'restarts' as what, "cluster", namespace, object_uid as pod_uid, sum(restarts_increase) as n from ${table} ` +
        `where object_kind = 'Container' and restarts_increase > 0 and ${bounds} and ${scope} group by 2, 3, 4`,
    ),
    ...tiers('container', asked).map(
      ([table, bounds]) =>
        `select 'oom_kills' as what, "cluster", namespace, pod_uid, sum(memory_oom_kills) as n from ${table} ` +
        `where container_kind = 'container' and memory_oom_kills > 0 and ${bounds} and ${scope} group by 2, 3, 4`,
    ),
    ...(asked.end - asked.start <= ERRORS_MS
      ? [
          `select 'errors' as what, "cluster", namespace, pod_uid, count(*) as n from log ` +
            `where level in ('error', 'fatal') and pod_uid is not null and ${within} and ${scope} group by 2, 3, 4`,
        ]
      : []),
  ];
  const named =
    `select pod_uid, last_value(workload_kind order by time) as workload_kind, last_value(workload order by time) as workload, ` +
    `last_value(node order by time) as node, last_value(services order by time) as services ` +
    `from identity where container is null group by pod_uid`;
  const only = whereOf({ workload_kind: kind, workload });
  return (
    `with counted as (${parts.join(' union all ')}), named as (${named}) ` +
    `select c.what, c.${column('cluster')}, c.namespace, c.pod_uid, c.n, i.node, i.workload_kind, i.workload, i.services ` +
    `from counted c left join named i on c.pod_uid = i.pod_uid where ${only}`
  );
}

/** Tables that together hold the range, each with its bounds. */
function tiers(table: string, { start, end }: Span): (readonly [string, string])[] {
  const from = moment(start);
  const to = moment(end);
  if (end - start <= MINUTES_MS) return [[`${table}_1m`, `time >= ${from} and time < ${to}`]];
  const seam = moment(Math.floor(end / HOUR_MS) * HOUR_MS - 2 * HOUR_MS);
  return [
    [`${table}_1h`, `time >= ${from} and time < ${seam}`],
    [`${table}_1m`, `time >= ${seam} and time < ${to}`],
  ];
}

function countedOf(row: SqlRow): Counted {
  const services = row.services;
  return {
    what: (rowText(row, 'what') ?? 'restarts') as Counted['what'],
    n: rowNumber(row, 'n') ?? 0,
    cluster: rowText(row, 'cluster'),
    namespace: rowText(row, 'namespace'),
    podUid: rowText(row, 'pod_uid'),
    node: rowText(row, 'node'),
    workloadKind: rowText(row, 'workload_kind'),
    workload: rowText(row, 'workload'),
    services: typeof services === 'object' && services !== null ? Object.keys(services) : [],
  };
}

/** Which keys a pod counts for. */
export type KeysOf = (it: Counted) => readonly string[];

export const BY_WORKLOAD: KeysOf = (it) => [trendKey([it.cluster, it.namespace, it.workloadKind, it.workload])];
export const BY_NAMESPACE: KeysOf = (it) => [trendKey([it.cluster, it.namespace])];
export const BY_SERVICE: KeysOf = (it) => it.services.map((service) => trendKey([it.cluster, it.namespace, service]));
export const BY_POD: KeysOf = (it) => [it.podUid ?? ''];

/** Adds up what was counted by key. A key that is not there has no count of anything. Pure. */
export function countsBy({ counted, withErrors }: CountsAnswer, keysOf: KeysOf): ReadonlyMap<string, Counts> {
  const found = new Map<string, Counts>();
  for (const one of counted) {
    for (const key of keysOf(one)) {
      const held = found.get(key) ?? none(withErrors);
      if (one.what === 'restarts') held.restarts += one.n;
      else if (one.what === 'oom_kills') held.oomKills += one.n;
      else held.errors = (held.errors ?? 0) + one.n;
      found.set(key, held);
    }
  }
  return found;
}

/** No count of anything. */
export function none(withErrors: boolean): Counts {
  return { restarts: 0, oomKills: 0, errors: withErrors ? 0 : null };
}
