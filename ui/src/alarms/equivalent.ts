import type { AlarmForm } from './form';
import { CONTAINER_INSIGHTS, dimensionSets } from './containerInsights';
import { split } from './filters';
import type { MetricText } from './queries';

/**
 * The Container Insights metric that has the values of a table's column: what a band can be of, for it is of one series
 * with dimensions. Pairs are of docs/reference/metrics.md.
 */

const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  node: {
    cpu_usage_usec_per_second: 'node_cpu_usage_total',
    memory_working_set_bytes: 'node_memory_working_set',
  },
  pod: {
    cpu_usage_usec_per_second: 'pod_cpu_usage_total',
    memory_working_set_bytes: 'pod_memory_working_set',
    network_rx_bytes_per_second: 'pod_network_rx_bytes',
    network_tx_bytes_per_second: 'pod_network_tx_bytes',
  },
  object: {
    replicas_desired: 'replicas_desired',
    replicas_ready: 'replicas_ready',
    replicas_available: 'status_replicas_available',
  },
};

const DIMENSIONS: Readonly<Record<string, string>> = {
  cluster: 'ClusterName',
  namespace: 'Namespace',
  workload: 'PodName',
  service: 'Service',
  pod: 'FullPodName',
  container: 'ContainerName',
  node: 'NodeName',
};

/** The metric of the rows that a form asks about; `null` where there is none of the same values. */
export function equivalentOf(
  form: Pick<AlarmForm, 'entity' | 'metric' | 'filters' | 'statistic'>,
): Omit<MetricText, 'namespace' | 'unit'> | null {
  const named = CONTAINER_INSIGHTS.includes(form.metric) ? form.metric : null;
  const metricName = named ?? NAMES[form.entity]?.[form.metric];
  if (metricName === undefined) return null;
  const values: Record<string, string> = {};
  for (const { column, not, orNone, values: text } of form.filters) {
    // The kind of a workload is told by no dimension; its name is.
    if (column === 'workload_kind') continue;
    const name = DIMENSIONS[column];
    const [value, ...more] = split(text);
    if (name === undefined || not || orNone || value === undefined || more.length > 0 || value.includes('*'))
      return null;
    values[name] = value;
  }
  const wanted = Object.keys(values);
  const sets = dimensionSets(metricName);
  // The smallest set that names all of it: what is still to be filled in is empty.
  const set = [...sets]
    .filter((one) => wanted.every((name) => one.includes(name)))
    .sort((a, b) => a.length - b.length)[0];
  if (!set) return null;
  return {
    metricName,
    statistic: form.statistic,
    // Of a node the name is enough; the id of its machine is told by no row here.
    dimensions: set.filter((name) => name !== 'InstanceId').map((name) => ({ name, value: values[name] ?? '' })),
  };
}
