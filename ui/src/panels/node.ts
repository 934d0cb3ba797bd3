import type { PanelSpec } from './panel';

/** Charts about nodes. Formulas stand beside the base columns that they are made of (crates/catalogue, table `node`). */

/** Microseconds of work per second to cores. */
const cores = (usec: number) => usec / 1e6;
/** Microseconds in which something happened per second to percent of the time. */
export const percentOfTime = (usec: number) => usec / 1e4;
const NO_ROWS = 'No rows of this node in this range. See Sources for what its agent reads, or choose a longer range.';
const NO_PSI =
  'The kernel counts no pressure (PSI): it needs CONFIG_PSI, and psi=1 on some distributions. Nothing else depends on it.';

export const NODE_CPU: PanelSpec = {
  id: 'cpu',
  title: 'CPU by mode',
  help: 'Processors busy, by what they did. The kernel counts iowait as idle, and steal as taken by the hypervisor.',
  unit: 'cores',
  entity: 'node',
  lines: [
    { label: 'user', of: ['cpu_user_usec_per_second'], value: cores, shape: 'stack', tone: 0 },
    { label: 'nice', of: ['cpu_nice_usec_per_second'], value: cores, shape: 'stack', tone: 6 },
    { label: 'system', of: ['cpu_system_usec_per_second'], value: cores, shape: 'stack', tone: 1 },
    {
      label: 'interrupts',
      of: ['cpu_irq_usec_per_second', 'cpu_softirq_usec_per_second'],
      value: (hard, soft) => cores(hard + soft),
      shape: 'stack',
      tone: 3,
    },
    { label: 'steal', of: ['cpu_steal_usec_per_second'], value: cores, shape: 'stack', tone: 4 },
    { label: 'iowait', of: ['cpu_iowait_usec_per_second'], value: cores, shape: 'stack', tone: 7, quiet: true },
    { label: 'processors', of: ['node_cpu_cores'], shape: 'limit', framed: true },
  ],
  absent: NO_ROWS,
};

export const NODE_MEMORY: PanelSpec = {
  id: 'memory',
  title: 'Memory',
  help: 'In use, and apart from it the cache that the kernel gives back when programs need room. Shared memory and tmpfs cannot be given back.',
  unit: 'bytes',
  entity: 'node',
  lines: [
    {
      label: 'used',
      of: [
        'node_memory_total_bytes',
        'memory_free_bytes',
        'memory_buffers_bytes',
        'memory_cached_bytes',
        'memory_slab_reclaimable_bytes',
      ],
      value: (total, free = 0, buffers = 0, cached = 0, slab = 0) =>
        Math.max(0, total - free - buffers - cached - slab),
      shape: 'stack',
      tone: 0,
    },
    { label: 'shared, tmpfs', of: ['memory_shmem_bytes'], shape: 'stack', tone: 3 },
    {
      label: 'cache',
      of: ['memory_buffers_bytes', 'memory_cached_bytes', 'memory_slab_reclaimable_bytes', 'memory_shmem_bytes'],
      value: (buffers, cached = 0, slab = 0, shared = 0) => Math.max(0, buffers + cached + slab - shared),
      shape: 'stack',
      tone: 6,
      quiet: true,
    },
    { label: 'total', of: ['node_memory_total_bytes'], shape: 'limit', framed: true },
  ],
  absent: NO_ROWS,
};

export const NODE_LOAD: PanelSpec = {
  id: 'load',
  title: 'Load',
  help: 'Tasks that run, wait for a processor or wait for a disk. Above the number of processors something waits.',
  unit: 'count',
  entity: 'node',
  lines: [
    { label: '1 minute', of: ['load_1m'], tone: 0, headline: true },
    { label: '5 minutes', of: ['load_5m'], tone: 1 },
    { label: '15 minutes', of: ['load_15m'], tone: 2 },
    { label: 'waiting for I/O', of: ['processes_blocked'], tone: 7 },
    { label: 'processors', of: ['node_cpu_cores'], shape: 'limit' },
  ],
  absent: NO_ROWS,
};

export const NODE_PRESSURE: PanelSpec = {
  id: 'pressure',
  title: 'Pressure',
  help: 'Share of the time in which at least one task (some) or all of them (full) waited for the resource.',
  unit: 'percent',
  entity: 'node',
  lines: [
    { label: 'CPU some', of: ['cpu_pressure_some_usec_per_second'], value: percentOfTime, tone: 0 },
    { label: 'memory some', of: ['memory_pressure_some_usec_per_second'], value: percentOfTime, tone: 3 },
    { label: 'memory full', of: ['memory_pressure_full_usec_per_second'], value: percentOfTime, tone: 4 },
    { label: 'I/O some', of: ['io_pressure_some_usec_per_second'], value: percentOfTime, tone: 1 },
    { label: 'I/O full', of: ['io_pressure_full_usec_per_second'], value: percentOfTime, tone: 5 },
  ],
  absent: NO_PSI,
};

export const NODE_PAGING: PanelSpec = {
  id: 'paging',
  title: 'Paging',
  help: 'Faults that had to read a disk, pages swapped, and cache pages read back soon after they were given up (thrashing).',
  unit: 'per_second',
  entity: 'node',
  lines: [
    { label: 'major faults', of: ['memory_major_page_faults_per_second'], tone: 0 },
    { label: 'swapped in', of: ['memory_swapped_in_per_second'], tone: 1 },
    { label: 'swapped out', of: ['memory_swapped_out_per_second'], tone: 3 },
    { label: 'cache refaults', of: ['memory_refaults_file_per_second'], tone: 2 },
  ],
  absent: NO_ROWS,
};

export const NODE_SWAP: PanelSpec = {
  id: 'swap',
  title: 'Swap',
  help: 'Swap space in use.',
  unit: 'bytes',
  entity: 'node',
  lines: [
    {
      label: 'used',
      of: ['memory_swap_total_bytes', 'memory_swap_free_bytes'],
      value: (total, free = 0) => (total === 0 ? null : total - free),
      shape: 'stack',
      tone: 0,
    },
    {
      label: 'total',
      of: ['memory_swap_total_bytes'],
      value: (total) => (total === 0 ? null : total),
      shape: 'limit',
      framed: true,
    },
  ],
  absent: 'This node has no swap.',
};

export const NODE_OOM: PanelSpec = {
  id: 'oom',
  title: 'Out-of-memory kills',
  help: 'Processes that the kernel ended because memory had run out, in each period.',
  unit: 'count',
  entity: 'node',
  lines: [{ label: 'killed', of: ['memory_oom_kills'], statistic: 'Sum', tone: 1 }],
  absent: NO_ROWS,
};

export const NODE_TASKS: PanelSpec = {
  id: 'tasks',
  title: 'Tasks',
  help: 'Threads of all processes, counted one by one.',
  unit: 'count',
  entity: 'node',
  lines: [
    { label: 'tasks', of: ['pids_current'], tone: 0 },
    { label: 'most allowed', of: ['pids_limit'], shape: 'limit' },
  ],
  absent: NO_ROWS,
};

export const NODE_SWITCHES: PanelSpec = {
  id: 'switches',
  title: 'Switches and interrupts',
  help: 'How often processors changed task, were interrupted, and how many tasks were made.',
  unit: 'per_second',
  entity: 'node',
  lines: [
    { label: 'context switches', of: ['context_switches_per_second'], tone: 0 },
    { label: 'interrupts', of: ['interrupts_per_second'], tone: 1 },
    { label: 'forks', of: ['forks_per_second'], tone: 2 },
  ],
  absent: NO_ROWS,
};

export const NODE_TCP: PanelSpec = {
  id: 'tcp',
  title: 'TCP connections',
  help: 'Connections that are open, and sockets of finished ones that still wait.',
  unit: 'count',
  entity: 'node',
  lines: [
    { label: 'established', of: ['tcp_established'], tone: 0 },
    { label: 'time-wait', of: ['tcp_sockets_time_wait'], tone: 1 },
    { label: 'tracked by firewall', of: ['conntrack_entries'], tone: 2 },
    { label: 'most tracked', of: ['conntrack_limit'], shape: 'limit' },
  ],
  absent: NO_ROWS,
};

export const NODE_TCP_FAULTS: PanelSpec = {
  id: 'tcp-faults',
  title: 'TCP and UDP faults',
  help: 'Segments sent again, connections refused because a queue was full, datagrams lost.',
  unit: 'per_second',
  entity: 'node',
  lines: [
    { label: 'retransmitted', of: ['tcp_retransmitted_segments_per_second'], tone: 0 },
    { label: 'resets sent', of: ['tcp_out_resets_per_second'], tone: 1 },
    { label: 'queue overflows', of: ['tcp_listen_overflows_per_second'], tone: 3 },
    { label: 'UDP errors', of: ['udp_in_errors_per_second'], tone: 2 },
  ],
  absent: NO_ROWS,
};

export const NODE_FILES: PanelSpec = {
  id: 'files',
  title: 'Open files and sockets',
  help: 'File handles and sockets in use on the whole node.',
  unit: 'count',
  entity: 'node',
  lines: [
    { label: 'file handles', of: ['files_open'], tone: 0 },
    { label: 'sockets', of: ['sockets_used'], tone: 1 },
  ],
  absent: NO_ROWS,
};
