import type { Entity } from '../../api/row';
import { askMetrics } from '../../api/metrics';
import type { MetricAnswer, MetricQuestion } from '../../api/metrics';
import { interval, length, span } from '../../state/clock';
import { chartPeriod } from '../../state/range';
import { useResource } from '../../state/resource';
import { asFilters } from '../parts/where';

/** Sums over the nodes of a scope, now and over the range. Absent stays absent. */

export type Values = readonly (number | null)[];

const MEMORY = [
  'node_memory_total_bytes',
  'memory_free_bytes',
  'memory_buffers_bytes',
  'memory_cached_bytes',
  'memory_slab_reclaimable_bytes',
  'memory_shmem_bytes',
] as const;

const METRICS = [
  ...MEMORY,
  'cpu_usage_usec_per_second',
  'network_rx_bytes_per_second',
  'network_tx_bytes_per_second',
  'io_read_bytes_per_second',
  'io_write_bytes_per_second',
] as const;

/** What the tiles show over the range. */
export interface Totals {
  cpu?: Values | undefined;
  memory?: Values | undefined;
  network?: Values | undefined;
  disk?: Values | undefined;
}

/** Totals over the nodes of the scope, for the page's range; asked together with the charts. */
export function useTotals(where: Readonly<Record<string, string>>): Totals {
  const asked = span.value;
  const period = chartPeriod(length.value, interval.value);
  const subject = JSON.stringify([where, asked.end - asked.start, period]);
  const { data } = useResource<MetricAnswer>(subject, asked.start, (signal) => {
    const question: MetricQuestion = {
      entity: 'node',
      metrics: METRICS.map((metric) => ({ metric, statistic: 'Total' })),
      filters: asFilters(where),
      group_by: [],
      start: new Date(asked.start).toISOString(),
      end: new Date(asked.end).toISOString(),
      period_seconds: period,
    };
    return askMetrics(question, signal);
  });
  const of = (metric: (typeof METRICS)[number]): Values | undefined =>
    data?.series.find((series) => series.metric === metric)?.values;
  return {
    cpu: of('cpu_usage_usec_per_second')?.map((value) => (value === null ? null : value / 1e6)),
    memory: usedMemory(MEMORY.map(of)),
    network: added(of('network_rx_bytes_per_second'), of('network_tx_bytes_per_second')),
    disk: added(of('io_read_bytes_per_second'), of('io_write_bytes_per_second')),
  };
}

/** As `measures/node` has it: total less free and cache, shared memory counted as used. */
function usedMemory([total, ...parts]: readonly (Values | undefined)[]): Values | undefined {
  return total?.map((all, at) => {
    const [free, buffers, cached, slab, shared] = parts.map((part) => part?.[at] ?? null);
    if (all === null || free === null || free === undefined) return null;
    return Math.max(0, all - free - (buffers ?? 0) - (cached ?? 0) - (slab ?? 0) + (shared ?? 0));
  });
}

function added(a: Values | undefined, b: Values | undefined): Values | undefined {
  return a?.map((value, at) => (value === null ? null : value + (b?.[at] ?? 0)));
}

/** Sum of what is known; absent when nothing is. */
export function total(values: Values): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}

/** Mean of what is known; absent when nothing is. */
export function mean(values: Values): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
}

/** The entity with the largest value, and that value. */
export function most(
  entities: readonly Entity[],
  of: (entity: Entity) => number | null,
): { entity: Entity; value: number } | null {
  let found: { entity: Entity; value: number } | null = null;
  for (const entity of entities) {
    const value = of(entity);
    if (value !== null && (!found || value > found.value)) found = { entity, value };
  }
  return found;
}
