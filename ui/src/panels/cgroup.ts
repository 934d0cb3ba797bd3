import type { EntityType } from '../api/row';
import { MEMORY_PARTS, splitMemory } from '../measures/memory';
import type { MemoryPart } from '../measures/memory';
import { percentOfTime } from './node';
import type { Labels, Line, PanelSpec } from './panel';

/** Charts about a container, unit, slice or pod: the same columns of its cgroup. */

const cores = (usec: number) => usec / 1e6;
const NO_ROWS = 'No rows in this range. It may not have run then: choose another range.';

/** What was requested, where the Kubernetes API tells it. */
const request = (entity: EntityType, what: 'cpu' | 'memory', value?: (metric: number) => number): Line => ({
  label: 'requested',
  of: [`${entity}_${what}_request`],
  ...(value ? { value } : {}),
  shape: 'limit',
});
/** The counters that every part of memory is found from. */
const COUNTERS = ['memory_usage_bytes', 'memory_anon_bytes', 'memory_file_bytes'];
const OPTIONAL_COUNTERS = [
  'memory_shmem_bytes',
  'memory_active_file_bytes',
  'memory_inactive_file_bytes',
  'memory_dirty_bytes',
  'memory_writeback_bytes',
];

/** A part of memory over time. */
function memoryLine({ id, label, tone, reclaimable }: MemoryPart): Line {
  return {
    label,
    of: COUNTERS,
    optional: OPTIONAL_COUNTERS,
    value: (usage, anon = 0, file = 0, shmem = 0, activeFile = 0, inactiveFile = 0, dirty = 0, writeback = 0) =>
      splitMemory({ usage, anon, file, shmem, activeFile, inactiveFile, dirty, writeback })[id],
    shape: 'stack',
    tone,
    quiet: reclaimable,
    hatched: reclaimable,
  };
}

export function cgroupPanels(entity: EntityType): PanelSpec[] {
  return [
    {
      id: 'cpu',
      title: 'CPU',
      help: 'Processor time used, by mode. The limit is the quota of the cgroup.',
      unit: 'cores',
      entity,
      lines: [
        { label: 'user', of: ['cpu_user_usec_per_second'], value: cores, shape: 'stack', tone: 0 },
        { label: 'system', of: ['cpu_system_usec_per_second'], value: cores, shape: 'stack', tone: 1 },
        {
          label: 'limit',
          of: ['cpu_quota_usec', 'cpu_period_usec'],
          value: (quota, length = 0) => (length > 0 ? quota / length : null),
          shape: 'limit',
        },
        request(entity, 'cpu', (millicores) => millicores / 1000),
      ],
      absent: NO_ROWS,
    },
    {
      id: 'throttling',
      title: 'CPU throttling',
      help: 'Share of the scheduling periods in which the quota ran out and tasks were held back.',
      unit: 'percent',
      entity,
      lines: [
        {
          label: 'periods throttled',
          of: ['cpu_throttled_periods_per_second', 'cpu_periods_per_second'],
          value: (throttled, periods = 0) => (periods > 0 ? (throttled / periods) * 100 : 0),
          tone: 1,
        },
      ],
      absent: 'It has no CPU quota, so it is never throttled.',
    },
    {
      id: 'memory',
      title: 'Memory',
      help: 'All memory in use, each page once. Paler and hatched is page cache that can be reclaimed: it counts towards the limit, but is given up before anything is killed. The working set is usage less inactive file: what eviction looks at.',
      unit: 'bytes',
      entity,
      lines: [
        ...MEMORY_PARTS.map(memoryLine),
        {
          label: 'working set (usage less inactive file)',
          of: ['memory_working_set_bytes'],
          tone: 7,
          headline: true,
        },
        { label: 'limit', of: ['memory_limit_bytes'], shape: 'limit' },
        { label: 'high', of: ['memory_high_bytes'], shape: 'limit' },
        request(entity, 'memory'),
      ],
      absent: 'The memory controller is off for it, or it has no rows in this range.',
    },
    {
      id: 'memory-events',
      title: 'Memory events',
      help: 'Times that usage met its limit, and processes ended by the out-of-memory killer, in each period.',
      unit: 'count',
      entity,
      lines: [
        { label: 'limit met', of: ['memory_limit_hits'], statistic: 'Sum', tone: 0 },
        { label: 'processes killed', of: ['memory_oom_kills'], statistic: 'Sum', tone: 1 },
      ],
      absent: NO_ROWS,
    },
    {
      id: 'faults',
      title: 'Page faults',
      help: 'Faults that had to read a disk, and cache pages read back soon after they were given up.',
      unit: 'per_second',
      entity,
      lines: [
        { label: 'major faults', of: ['memory_major_page_faults_per_second'], tone: 0 },
        { label: 'cache refaults', of: ['memory_refaults_file_per_second'], tone: 1 },
      ],
      absent: NO_ROWS,
    },
    {
      id: 'io-bytes',
      title: 'Block I/O',
      help: 'Bytes that reached a block device. Writes to the page cache count when they are written back.',
      unit: 'bytes_per_second',
      entity,
      lines: [
        { label: 'read', of: ['io_read_bytes_per_second'], tone: 0 },
        { label: 'write', of: ['io_write_bytes_per_second'], tone: 1 },
      ],
      absent: 'No block I/O in this range, or the io controller is off for it.',
    },
    {
      id: 'io-operations',
      title: 'Block operations',
      help: 'Reads and writes of block devices.',
      unit: 'per_second',
      entity,
      lines: [
        { label: 'reads', of: ['io_reads_per_second'], tone: 0 },
        { label: 'writes', of: ['io_writes_per_second'], tone: 1 },
      ],
      absent: 'No block I/O in this range, or the io controller is off for it.',
    },
    {
      id: 'tasks',
      title: 'Tasks',
      help: 'Threads, counted one by one, and processes.',
      unit: 'count',
      entity,
      lines: [
        { label: 'tasks', of: ['pids_current'], tone: 0 },
        { label: 'processes', of: ['process_count'], tone: 1 },
        { label: 'most allowed', of: ['pids_limit'], shape: 'limit' },
      ],
      absent: 'The pids controller is off for it, or it has no rows in this range.',
    },
    {
      id: 'pressure',
      title: 'Pressure',
      help: 'Share of the time in which at least one task (some) or all of them (full) waited for the resource.',
      unit: 'percent',
      entity,
      lines: [
        { label: 'CPU some', of: ['cpu_pressure_some_usec_per_second'], value: percentOfTime, tone: 0 },
        { label: 'memory some', of: ['memory_pressure_some_usec_per_second'], value: percentOfTime, tone: 3 },
        { label: 'memory full', of: ['memory_pressure_full_usec_per_second'], value: percentOfTime, tone: 4 },
        { label: 'I/O some', of: ['io_pressure_some_usec_per_second'], value: percentOfTime, tone: 1 },
        { label: 'I/O full', of: ['io_pressure_full_usec_per_second'], value: percentOfTime, tone: 5 },
      ],
      absent: 'Pressure by cgroup needs cgroup v2 and a kernel with PSI. On cgroup v1 only the node has it.',
    },
  ];
}

/** A pod has a network of its own besides. */
export const POD_NETWORK: readonly PanelSpec[] = [
  {
    id: 'network-bytes',
    title: 'Network',
    help: 'Bytes received and sent over the interfaces of the pod.',
    unit: 'bytes_per_second',
    entity: 'pod',
    lines: [
      { label: 'received', of: ['network_rx_bytes_per_second'], tone: 0 },
      { label: 'sent', of: ['network_tx_bytes_per_second'], tone: 1 },
    ],
    absent: 'It uses the network of its node (hostNetwork), so its traffic cannot be told apart.',
  },
  {
    id: 'network-faults',
    title: 'Packets lost or bad',
    help: 'Errors and drops on the interfaces of the pod.',
    unit: 'per_second',
    entity: 'pod',
    lines: [
      {
        label: 'errors',
        of: ['network_rx_errors_per_second', 'network_tx_errors_per_second'],
        value: (rx, tx = 0) => rx + tx,
        tone: 0,
      },
      {
        label: 'dropped',
        of: ['network_rx_dropped_per_second', 'network_tx_dropped_per_second'],
        value: (rx, tx = 0) => rx + tx,
        tone: 1,
      },
    ],
    absent: 'It uses the network of its node (hostNetwork), so its traffic cannot be told apart.',
  },
];

/** Kinds of container row that hold others: counting them besides would count twice. */
export const LEAF_KINDS = ['container', 'unit', 'scope'];

/** A container by its name and pod, a unit by its name; with the node where names repeat from node to node. */
function partName({ node, pod, container, container_id: id }: Labels, several: boolean): string {
  const name = container ?? id?.split('/').at(-1) ?? 'unnamed';
  if (pod !== null && pod !== undefined) return `${name} · ${pod}`;
  return several ? `${name} · ${node ?? ''}` : name;
}

/** What uses most, over all containers and units of a scope. */
export const TOP_CPU: PanelSpec = {
  id: 'top-cpu',
  title: 'CPU by container and unit',
  help: 'The largest over the range, and all others together. Slices are left out: they are sums of these.',
  unit: 'cores',
  entity: 'container',
  by: ['node', 'pod', 'container', 'container_id'],
  name: partName,
  only: { container_kind: LEAF_KINDS },
  most: 7,
  rest: true,
  heavy: true,
  lines: [{ label: 'CPU', of: ['cpu_usage_usec_per_second'], value: cores, shape: 'stack' }],
  absent:
    'No container or unit has figures in this range. They need the cpu controller for it: Sources shows what is read.',
};

export const TOP_MEMORY: PanelSpec = {
  ...TOP_CPU,
  id: 'top-memory',
  title: 'Memory by container and unit',
  unit: 'bytes',
  lines: [{ label: 'working set', of: ['memory_working_set_bytes'], shape: 'stack' }],
  absent:
    'No container or unit has figures in this range. They need the memory controller for it: Sources shows what is read.',
};
