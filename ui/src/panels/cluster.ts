import { NODE_PRESSURE } from './node';
import type { Beside, Line, PanelSpec } from './panel';
import { CPU_BY_POD, MEMORY_BY_POD } from './pods';

/**
 * Charts about a whole cluster: its nodes added up, beside what their pods ask for and what they have to give. To be
 * asked with the statistic `Total`.
 */

const cores = (usec: number) => usec / 1e6;
const NO_NODES = 'No node of this cluster has rows in this range. Choose another range, or look at Sources.';

/** Nodes as the Kubernetes API tells of them. */
function ofNodes(lines: readonly Line[]): Beside {
  return { entity: 'object', only: { object_kind: ['Node'] }, lines };
}

export const CLUSTER_CPU: PanelSpec = {
  id: 'cpu',
  title: 'CPU: used, requested, allocatable',
  help: 'Processors busy on all nodes, and of these what pods use. Requested is what the scheduler has promised to pods, allocatable what it may promise.',
  unit: 'cores',
  entity: 'node',
  heavy: true,
  lines: [{ label: 'used', of: ['cpu_usage_usec_per_second'], value: cores, shape: 'stack', tone: 0 }],
  beside: [
    {
      entity: 'pod',
      lines: [
        { label: 'by pods', of: ['cpu_usage_usec_per_second'], value: cores, tone: 3 },
        { label: 'requested', of: ['pod_cpu_request'], value: (millicores) => millicores / 1000, shape: 'limit' },
      ],
    },
    ofNodes([{ label: 'allocatable', of: ['cpu_allocatable_cores'], shape: 'limit', framed: true }]),
  ],
  absent: NO_NODES,
};

export const CLUSTER_MEMORY: PanelSpec = {
  id: 'memory',
  title: 'Memory: used, requested, allocatable',
  help: 'In use on all nodes without the cache, and the working sets of pods. Requested is what the scheduler has promised to pods, allocatable what it may promise.',
  unit: 'bytes',
  entity: 'node',
  heavy: true,
  lines: [
    {
      label: 'used',
      of: [
        'node_memory_total_bytes',
        'memory_free_bytes',
        'memory_buffers_bytes',
        'memory_cached_bytes',
        'memory_slab_reclaimable_bytes',
        'memory_shmem_bytes',
      ],
      // As in measures/node: shared memory counts as used, though the kernel counts it as cached.
      value: (total, free = 0, buffers = 0, cached = 0, slab = 0, shared = 0) =>
        Math.max(0, total - free - Math.max(0, buffers + cached + slab - shared)),
      shape: 'stack',
      tone: 0,
    },
  ],
  beside: [
    {
      entity: 'pod',
      lines: [
        { label: 'working sets of pods', of: ['memory_working_set_bytes'], tone: 3 },
        { label: 'requested', of: ['pod_memory_request'], shape: 'limit' },
      ],
    },
    ofNodes([{ label: 'allocatable', of: ['memory_allocatable_bytes'], shape: 'limit', framed: true }]),
  ],
  absent: NO_NODES,
};

const namespaceName: NonNullable<PanelSpec['name']> = ({ namespace }) => namespace ?? 'not known yet';

export const CPU_BY_NAMESPACE: PanelSpec = {
  ...CPU_BY_POD,
  id: 'cpu-by-namespace',
  title: 'CPU by namespace',
  help: 'The namespaces whose pods use most over the range, and all others together.',
  by: ['namespace'],
  name: namespaceName,
  absent: 'No pod has rows in this range. Choose another range.',
};

export const MEMORY_BY_NAMESPACE: PanelSpec = {
  ...MEMORY_BY_POD,
  id: 'memory-by-namespace',
  title: 'Memory by namespace',
  help: CPU_BY_NAMESPACE.help,
  by: ['namespace'],
  name: namespaceName,
  absent: CPU_BY_NAMESPACE.absent,
};

export const CLUSTER_PODS: PanelSpec = {
  id: 'pods',
  title: 'Pods',
  help: 'Pods that run a process, and how many the nodes have room for.',
  unit: 'count',
  entity: 'node',
  lines: [{ label: 'running', of: ['pods_running'], tone: 0 }],
  beside: [ofNodes([{ label: 'room for', of: ['pods_allocatable'], shape: 'limit' }])],
  absent: NO_NODES,
};

export const CLUSTER_NETWORK: PanelSpec = {
  id: 'network',
  title: 'Network',
  help: 'Bytes that all nodes received and sent. What stays within the cluster is counted where it is sent and where it is received.',
  unit: 'bytes_per_second',
  entity: 'node',
  lines: [
    { label: 'received', of: ['network_rx_bytes_per_second'], tone: 0 },
    { label: 'sent', of: ['network_tx_bytes_per_second'], tone: 1 },
  ],
  absent: NO_NODES,
};

export const CLUSTER_DISKS: PanelSpec = {
  id: 'disks',
  title: 'Disk throughput',
  help: 'Bytes that the disks of all nodes read and wrote.',
  unit: 'bytes_per_second',
  entity: 'node',
  lines: [
    { label: 'read', of: ['io_read_bytes_per_second'], tone: 0 },
    { label: 'written', of: ['io_write_bytes_per_second'], tone: 1 },
  ],
  absent: NO_NODES,
};

/** Shares of time do not add up: the node that waits most is what one looks for. */
export const CLUSTER_PRESSURE: PanelSpec = {
  ...NODE_PRESSURE,
  title: 'Pressure, highest of all nodes',
  help: `${NODE_PRESSURE.help} Of the node that waited most in each period.`,
  lines: NODE_PRESSURE.lines.map((line) => ({ ...line, statistic: 'Maximum' as const })),
};

/** Of nodes alone, for a cluster whose Kubernetes API is not watched. */
export const NODES_PANELS: readonly PanelSpec[] = [
  CLUSTER_CPU,
  CLUSTER_MEMORY,
  CLUSTER_NETWORK,
  CLUSTER_DISKS,
  CLUSTER_PRESSURE,
];

export const CLUSTER_PANELS: readonly PanelSpec[] = [
  CLUSTER_CPU,
  CLUSTER_MEMORY,
  CPU_BY_NAMESPACE,
  MEMORY_BY_NAMESPACE,
  CLUSTER_PODS,
  CLUSTER_NETWORK,
  CLUSTER_DISKS,
  CLUSTER_PRESSURE,
];
