import { number, rate, ratio, share } from '../api/row';
import type { Entity } from '../api/row';

/** A node's newest row as people speak of it. Absent stays absent. */

/** Processors busy. */
export const cpuUsed = (node: Entity) => share(node, 'cpu_usage_usec');
export const cpuCores = (node: Entity) => number(node, 'node_cpu_cores');
export const cpuShare = (node: Entity) => ratio(cpuUsed(node), cpuCores(node));

export const memoryTotal = (node: Entity) => number(node, 'node_memory_total_bytes');

/** The cache that would be given back: buffers, page cache without shared memory, reclaimable slab. */
export function memoryCache(node: Entity): number | null {
  const cached = number(node, 'memory_cached_bytes');
  if (cached === null) return null;
  const shared = number(node, 'memory_shmem_bytes') ?? 0;
  return Math.max(
    0,
    cached +
      (number(node, 'memory_buffers_bytes') ?? 0) +
      (number(node, 'memory_slab_reclaimable_bytes') ?? 0) -
      shared,
  );
}

/** Memory in use, cache left out, shared memory included. */
export function memoryUsed(node: Entity): number | null {
  const total = memoryTotal(node);
  const free = number(node, 'memory_free_bytes');
  const cache = memoryCache(node);
  return total === null || free === null || cache === null ? null : Math.max(0, total - free - cache);
}

export const memoryShare = (node: Entity) => ratio(memoryUsed(node), memoryTotal(node));

export const received = (node: Entity) => rate(node, 'network_rx_bytes');
export const sent = (node: Entity) => rate(node, 'network_tx_bytes');
export const read = (node: Entity) => rate(node, 'io_read_bytes');
export const written = (node: Entity) => rate(node, 'io_write_bytes');

/** The highest of the three pressures, as a share of time, with its name. `null` on a kernel without PSI. */
export function pressure(node: Entity): { share: number; of: string } | null {
  const all = (['cpu', 'memory', 'io'] as const)
    .map((kind) => ({
      of: kind === 'io' ? 'I/O' : kind === 'cpu' ? 'CPU' : 'memory',
      share: share(node, `${kind}_pressure_some_usec`),
    }))
    .filter((one): one is { of: string; share: number } => one.share !== null);
  return all.length === 0 ? null : all.reduce((most, one) => (one.share > most.share ? one : most));
}

/** Columns that these need, for listings. */
export const NODE_COLUMNS: readonly string[] = [
  'interval_usec',
  'boot_time',
  'kernel_version',
  'os_image',
  'architecture',
  'cgroup_version',
  'agent_version',
  'node_cpu_cores',
  'node_memory_total_bytes',
  'cpu_usage_usec',
  'load_1m',
  'load_5m',
  'load_15m',
  'memory_free_bytes',
  'memory_cached_bytes',
  'memory_shmem_bytes',
  'memory_buffers_bytes',
  'memory_slab_reclaimable_bytes',
  'memory_available_bytes',
  'network_rx_bytes',
  'network_tx_bytes',
  'io_read_bytes',
  'io_write_bytes',
  'cpu_pressure_some_usec',
  'memory_pressure_some_usec',
  'io_pressure_some_usec',
  'pods_running',
  'containers_running',
  'pids_current',
];
