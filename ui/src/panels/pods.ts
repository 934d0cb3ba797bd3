import { cgroupPanels, POD_NETWORK } from './cgroup';
import type { Labels, PanelSpec } from './panel';

/** Charts about the pods of a workload, a service or a namespace: all together, one by one, and how far they differ. */

const cores = (usec: number) => usec / 1e6;
const NO_PODS = 'None of its pods has rows in this range. They may not have run then: choose another range.';

/** Panels that add up over pods. A pressure is a share of time and does not. */
const TOGETHER = cgroupPanels('pod').filter(({ id }) => id !== 'pressure');

function podName({ pod, pod_uid: uid }: Labels): string {
  return pod ?? `uid ${(uid ?? '').slice(0, 8)}`;
}

export const CPU_BY_POD: PanelSpec = {
  id: 'cpu-by-pod',
  title: 'CPU by pod',
  help: 'The pods that use most over the range, and all others together.',
  unit: 'cores',
  entity: 'pod',
  by: ['pod', 'pod_uid'],
  name: podName,
  most: 7,
  rest: true,
  heavy: true,
  lines: [{ label: 'CPU', of: ['cpu_usage_usec_per_second'], value: cores, shape: 'stack' }],
  absent: NO_PODS,
};

export const MEMORY_BY_POD: PanelSpec = {
  ...CPU_BY_POD,
  id: 'memory-by-pod',
  title: 'Memory by pod',
  unit: 'bytes',
  lines: [{ label: 'working set', of: ['memory_working_set_bytes'], shape: 'stack' }],
};

/** How far pods of one kind are apart: an even load has both lines together. */
export const CPU_SPREAD: PanelSpec = {
  id: 'cpu-spread',
  title: 'CPU of a pod: highest and median',
  help: 'The pod that uses most in each period, and the one in the middle. Far apart means that work is not spread evenly.',
  unit: 'cores',
  entity: 'pod',
  lines: [
    { label: 'highest', of: ['cpu_usage_usec_per_second'], value: cores, statistic: 'Maximum', tone: 1 },
    { label: 'median', of: ['cpu_usage_usec_per_second'], value: cores, statistic: 'p50', tone: 0 },
    { label: 'requested', of: ['pod_cpu_request'], value: (m) => m / 1000, statistic: 'Average', shape: 'limit' },
    { label: 'limit', of: ['pod_cpu_limit'], value: (m) => m / 1000, statistic: 'Average', shape: 'limit' },
  ],
  absent: NO_PODS,
};

export const MEMORY_SPREAD: PanelSpec = {
  id: 'memory-spread',
  title: 'Memory of a pod: highest and median',
  help: 'Working set of the pod that has most in each period, and of the one in the middle.',
  unit: 'bytes',
  entity: 'pod',
  lines: [
    { label: 'highest', of: ['memory_working_set_bytes'], statistic: 'Maximum', tone: 1 },
    { label: 'median', of: ['memory_working_set_bytes'], statistic: 'p50', tone: 0 },
    { label: 'requested', of: ['pod_memory_request'], statistic: 'Average', shape: 'limit' },
    { label: 'limit', of: ['pod_memory_limit'], statistic: 'Average', shape: 'limit' },
  ],
  absent: NO_PODS,
};

const by = (id: string) => TOGETHER.find((panel) => panel.id === id);

/** All pods of a workload. */
export const WORKLOAD_PANELS: readonly PanelSpec[] = [
  by('cpu'),
  by('memory'),
  CPU_SPREAD,
  MEMORY_SPREAD,
  CPU_BY_POD,
  MEMORY_BY_POD,
  by('throttling'),
  by('memory-events'),
  ...POD_NETWORK,
  by('io-bytes'),
  by('io-operations'),
  by('faults'),
  by('tasks'),
].filter((panel) => panel !== undefined);

/** All pods of a namespace or service: as different as they are, their spread says nothing. */
export const SEVERAL_PANELS: readonly PanelSpec[] = WORKLOAD_PANELS.filter(
  (panel) => panel !== CPU_SPREAD && panel !== MEMORY_SPREAD,
);

export const CPU_BY_WORKLOAD: PanelSpec = {
  ...CPU_BY_POD,
  id: 'cpu-by-workload',
  title: 'CPU by workload',
  help: 'The workloads that use most over the range, and all others together.',
  by: ['workload_kind', 'workload'],
  name: ({ workload_kind: kind, workload }) => (workload ? `${workload} (${kind ?? ''})` : 'no workload'),
};

export const MEMORY_BY_WORKLOAD: PanelSpec = {
  ...MEMORY_BY_POD,
  id: 'memory-by-workload',
  title: 'Memory by workload',
  help: CPU_BY_WORKLOAD.help,
  ...(CPU_BY_WORKLOAD.by ? { by: CPU_BY_WORKLOAD.by } : {}),
  ...(CPU_BY_WORKLOAD.name ? { name: CPU_BY_WORKLOAD.name } : {}),
};
