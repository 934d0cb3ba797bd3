import { number, rate, ratio, share, text } from '../api/row';
import type { Entity } from '../api/row';

/** A container's, unit's or pod's newest row as people speak of it. Absent stays absent. */

/** Cores used. */
export const cpuUsed = (it: Entity) => share(it, 'cpu_usage_usec');
/** Cores allowed; absent without a quota. */
export const cpuLimit = (it: Entity) => ratio(number(it, 'cpu_quota_usec'), number(it, 'cpu_period_usec'));
/** Share of the periods in which the quota ran out; absent without one. */
export const throttled = (it: Entity) => ratio(number(it, 'cpu_throttled_periods'), number(it, 'cpu_periods'));
export const memoryUsed = (it: Entity) => number(it, 'memory_working_set_bytes');
export const memoryLimit = (it: Entity) => number(it, 'memory_limit_bytes');
export const memoryShare = (it: Entity) => ratio(memoryUsed(it), memoryLimit(it));
export const read = (it: Entity) => rate(it, 'io_read_bytes');
export const written = (it: Entity) => rate(it, 'io_write_bytes');
export const tasks = (it: Entity) => number(it, 'pids_current');

/** Its name; of a unit or slice the last part of its path when the unit's name is not known. */
export function containerName(it: Entity): string {
  const id = text(it, 'container_id') ?? '';
  return text(it, 'container') ?? (id.startsWith('/') ? (id.split('/').at(-1) ?? id) : id.slice(0, 12));
}

/** Where it belongs: its pod, or the slice that holds it. */
export function containerPlace(it: Entity): string {
  const pod = text(it, 'pod');
  if (pod !== null) return [text(it, 'namespace'), pod].filter((part) => part !== null).join(' / ');
  const path = text(it, 'cgroup_path') ?? '';
  const parent = path.split('/').slice(0, -1).join('/');
  return parent === '' ? '/' : parent;
}

const BOTH: readonly string[] = [
  'interval_usec',
  'cgroup_path',
  'started_time',
  'cpu_usage_usec',
  'cpu_quota_usec',
  'cpu_period_usec',
  'cpu_periods',
  'cpu_throttled_periods',
  'memory_working_set_bytes',
  'memory_limit_bytes',
  'io_read_bytes',
  'io_write_bytes',
  'pids_current',
  'memory_oom_kills',
];

/** Columns that listings of containers need. */
export const CONTAINER_COLUMNS: readonly string[] = [...BOTH, 'container_kind', 'runtime'];

/** Columns that listings of pods need. */
export const POD_COLUMNS: readonly string[] = [
  ...BOTH,
  'qos_class',
  'host_network',
  'containers_running',
  'network_rx_bytes',
  'network_tx_bytes',
];
