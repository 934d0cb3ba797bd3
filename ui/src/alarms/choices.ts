import { askSql, column, literal, rowText, whereOf } from '../api/sql';
import type { EntityType } from '../api/row';

/** What a definition can be made of, as the store says. */

export const ENTITIES: readonly (readonly [EntityType, string])[] = [
  ['pod', 'pods'],
  ['container', 'containers'],
  ['node', 'nodes'],
  ['volume', 'volumes'],
  ['object', 'objects of the Kubernetes API'],
  ['pod_network', 'interfaces of pods'],
  ['node_filesystem', 'file systems of nodes'],
  ['node_disk', 'disks of nodes'],
  ['node_network', 'interfaces of nodes'],
];

export const STATISTICS: readonly (readonly [string, string])[] = [
  ['Average', 'mean of the rows in a period'],
  ['Maximum', 'the highest'],
  ['Minimum', 'the lowest'],
  ['Sum', 'all rows added up'],
  ['SampleCount', 'number of rows'],
  ['p50', 'half of the rows are below'],
  ['p90', 'nine of ten are below'],
  ['p95', '95 of 100 are below'],
  ['p99', '99 of 100 are below'],
];

/** CloudWatch's units that metrics here are in. */
export const UNITS: readonly string[] = [
  'Bytes',
  'Bytes/Second',
  'Count',
  'Count/Second',
  'Percent',
  'Seconds',
  'None',
];

/** Something to choose, with what it means. */
export interface Named {
  name: string;
  help: string;
}

export interface Columns {
  metrics: readonly Named[];
  /** By which rows are told apart. */
  names: readonly string[];
}

/** Names that the server adds to the rows of pods and what is in them. */
const OF_PODS = ['workload_kind', 'workload', 'service'];
const WITH_WORKLOADS: ReadonlySet<string> = new Set(['pod', 'container', 'pod_network']);

/** Metrics and names of a kind of entity, from its table. */
export async function askColumns(entity: string, signal: AbortSignal): Promise<Columns> {
  const { rows } = await askSql(`describe ${column(entity)}`, signal);
  const metrics: Named[] = [];
  const names: string[] = [];
  for (const row of rows) {
    const name = rowText(row, 'column_name') ?? '';
    const help = rowText(row, 'help') ?? '';
    const kind = rowText(row, 'temporality');
    const isNumber = /^(?:int|float)/.test(rowText(row, 'type') ?? '');
    if (kind === 'identity') {
      if (name !== 'time') names.push(name);
    } else if (isNumber && kind === 'delta') {
      metrics.push({ name: `${name}_per_second`, help }, { name, help: `${help} In each row.` });
    } else if (isNumber && (kind === 'gauge' || kind === 'constant')) {
      metrics.push({ name, help });
    }
  }
  return { metrics, names: [...names, ...(WITH_WORKLOADS.has(entity) ? OF_PODS : [])] };
}

const MOST_VALUES = 300;

/** Values of a name that there are, for choosing. `where` narrows to what was chosen before. */
export async function askValues(
  name: string,
  where: Readonly<Record<string, readonly string[]>>,
  signal: AbortSignal,
): Promise<string[]> {
  const table = name === 'node' || name === 'cluster' ? 'node' : 'identity';
  const of = column(name);
  const recent = table === 'node' ? "time >= now() - interval '1 hour'" : 'true';
  const { rows } = await askSql(
    `select distinct ${of} as v from ${column(table)} where ${of} is not null and ${recent} and ${whereOf(where)} order by 1 limit ${MOST_VALUES}`,
    signal,
    MOST_VALUES,
  );
  return rows.map((row) => rowText(row, 'v')).filter((value) => value !== null);
}

/** The column that holds what a dimension of CloudWatch names, and what it is narrowed by. */
export const DIMENSION_COLUMNS: Readonly<Record<string, string>> = {
  ClusterName: 'cluster',
  Namespace: 'namespace',
  PodName: 'workload',
  FullPodName: 'pod',
  ContainerName: 'container',
  NodeName: 'node',
};

/** A text as it stands in SQL, for those who write it themselves. */
export const SQL_EXAMPLE = `SELECT date_bin(interval '60 seconds', time) AS time, namespace, max(memory_working_set_bytes) AS value
FROM pod WHERE time >= $start AND time < $end AND namespace = ${literal('shop')} GROUP BY 1, 2`;
