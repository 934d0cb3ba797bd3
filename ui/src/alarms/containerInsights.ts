/**
 * The metrics of Container Insights that are published, with the sets of dimensions that each is published under: an
 * alarm names one of these sets exactly, else its metric has no points. From docs/reference/metrics.md.
 */

interface Published {
  names: readonly string[];
  /** In the order in which one goes down to a thing. */
  sets: readonly (readonly string[])[];
}

const PUBLISHED: readonly Published[] = [
  {
    names: [
      'node_cpu_utilization',
      'node_cpu_usage_total',
      'node_cpu_limit',
      'node_memory_utilization',
      'node_memory_working_set',
      'node_memory_limit',
      'node_number_of_running_pods',
      'node_number_of_running_containers',
      'node_network_total_bytes',
      'node_cpu_reserved_capacity',
      'node_memory_reserved_capacity',
      'node_status_condition_ready',
      'node_status_condition_disk_pressure',
      'node_status_condition_memory_pressure',
      'node_status_condition_pid_pressure',
      'node_status_condition_network_unavailable',
      'node_status_condition_unknown',
      'node_status_capacity_pods',
      'node_status_allocatable_pods',
      'node_filesystem_utilization',
      'node_filesystem_inodes',
      'node_filesystem_inodes_free',
      'node_interface_network_rx_dropped',
      'node_interface_network_tx_dropped',
      'node_diskio_io_service_bytes_total',
      'node_diskio_io_serviced_total',
    ],
    sets: [['ClusterName'], ['ClusterName', 'NodeName', 'InstanceId']],
  },
  {
    names: [
      'pod_cpu_utilization',
      'pod_cpu_utilization_over_pod_limit',
      'pod_memory_utilization',
      'pod_memory_utilization_over_pod_limit',
      'pod_network_rx_bytes',
      'pod_network_tx_bytes',
    ],
    sets: [
      ['ClusterName'],
      ['ClusterName', 'Namespace'],
      ['ClusterName', 'Namespace', 'PodName'],
      ['ClusterName', 'Namespace', 'Service'],
      ['ClusterName', 'Namespace', 'PodName', 'FullPodName'],
    ],
  },
  {
    names: [
      'pod_cpu_usage_total',
      'pod_cpu_limit',
      'pod_memory_working_set',
      'pod_memory_limit',
      'pod_number_of_running_containers',
      'pod_cpu_request',
      'pod_memory_request',
      'pod_cpu_reserved_capacity',
      'pod_memory_reserved_capacity',
      'pod_number_of_container_restarts',
      'pod_number_of_containers',
      'pod_status_pending',
      'pod_status_running',
      'pod_status_succeeded',
      'pod_status_failed',
      'pod_status_ready',
      'pod_status_scheduled',
      'pod_status_unknown',
      'pod_container_status_running',
      'pod_container_status_waiting',
      'pod_container_status_terminated',
      'pod_container_status_waiting_reason_crash_loop_back_off',
      'pod_container_status_waiting_reason_image_pull_error',
      'pod_container_status_waiting_reason_start_error',
      'pod_container_status_waiting_reason_create_container_error',
      'pod_container_status_waiting_reason_create_container_config_error',
      'pod_container_status_terminated_reason_oom_killed',
    ],
    sets: [
      ['ClusterName'],
      ['ClusterName', 'Namespace', 'PodName'],
      ['ClusterName', 'Namespace', 'Service'],
      ['ClusterName', 'Namespace', 'PodName', 'FullPodName'],
    ],
  },
  {
    names: ['pod_interface_network_rx_dropped', 'pod_interface_network_tx_dropped'],
    sets: [
      ['ClusterName'],
      ['ClusterName', 'Namespace'],
      ['ClusterName', 'Namespace', 'PodName'],
      ['ClusterName', 'Namespace', 'PodName', 'FullPodName'],
    ],
  },
  {
    names: [
      'container_cpu_utilization',
      'container_cpu_utilization_over_container_limit',
      'container_cpu_limit',
      'container_memory_utilization',
      'container_memory_utilization_over_container_limit',
      'container_memory_limit',
      'container_memory_failures_total',
      'container_cpu_request',
      'container_memory_request',
      'container_filesystem_usage',
      'container_filesystem_available',
      'container_filesystem_utilization',
    ],
    sets: [
      ['ClusterName'],
      ['ClusterName', 'Namespace', 'PodName', 'ContainerName'],
      ['ClusterName', 'Namespace', 'PodName', 'FullPodName', 'ContainerName'],
    ],
  },
  {
    names: ['cluster_node_count', 'cluster_failed_node_count', 'cluster_number_of_running_pods'],
    sets: [['ClusterName']],
  },
  {
    names: ['namespace_number_of_running_pods', 'namespace_ingress_count'],
    sets: [['ClusterName'], ['ClusterName', 'Namespace']],
  },
  {
    names: ['service_number_of_running_pods'],
    sets: [['ClusterName'], ['ClusterName', 'Namespace', 'Service']],
  },
  {
    names: ['replicas_desired', 'replicas_ready', 'status_replicas_available', 'status_replicas_unavailable'],
    sets: [['ClusterName'], ['ClusterName', 'Namespace', 'PodName']],
  },
];

/** Every name, in the order of the alphabet. */
export const CONTAINER_INSIGHTS: readonly string[] = PUBLISHED.flatMap(({ names }) => names).sort();

/** The sets of dimensions of a metric; none where its name is not known. */
export function dimensionSets(metric: string): readonly (readonly string[])[] {
  return PUBLISHED.find(({ names }) => names.includes(metric))?.sets ?? [];
}
