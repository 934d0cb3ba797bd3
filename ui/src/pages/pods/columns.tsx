import { flag, number, rate, text } from '../../api/row';
import type { Entity } from '../../api/row';
import { exact, format } from '../../format/number';
import { nodeLink, podLink } from '../../routes/links';
import type { Column } from '../../tables/column';
import { trendKey } from '../../tables/trends';
import type { Trends } from '../../tables/trends';
import * as measure from '../../measures/cgroup';
import { byteRate, cgroupColumns } from '../containers/columns';
import { HealthMark } from '../parts/HealthMark';

export function podKey(pod: Entity): string {
  return trendKey([text(pod, 'cluster'), text(pod, 'node'), text(pod, 'pod_uid')]);
}

/** The name of a pod; before it is known, the begin of its uid. */
export function podName(pod: Entity): string {
  return text(pod, 'pod') ?? `uid ${(text(pod, 'pod_uid') ?? '').slice(0, 13)}`;
}

/** Kind and name of the workload that a pod belongs to. */
export function podWorkload(pod: Entity): string | null {
  const { workload_kind: kind, workload } = pod.known_as ?? {};
  return kind && workload ? `${kind} ${workload}` : null;
}

export function podColumns(trends: Trends, several: boolean, named: boolean): Column<Entity>[] {
  return [
    {
      id: 'name',
      header: 'Pod',
      value: podName,
      cell: (pod) => (
        <a class="cell-name" href={podLink(pod)}>
          {podName(pod)}
          <small>{text(pod, 'namespace') ?? 'namespace not known yet'}</small>
        </a>
      ),
    },
    {
      id: 'namespace',
      header: 'Namespace',
      value: (pod) => text(pod, 'namespace'),
      cell: (pod) => text(pod, 'namespace') ?? '–',
    },
    ...(named
      ? [
          {
            id: 'workload',
            header: 'Workload',
            value: podWorkload,
            cell: (pod: Entity) =>
              podWorkload(pod) === null ? (
                '–'
              ) : (
                <span class="cell-name">
                  {pod.known_as?.workload}
                  <small>{pod.known_as?.workload_kind}</small>
                </span>
              ),
          },
        ]
      : []),
    { id: 'health', header: 'State', value: (pod) => pod.health.state, cell: (pod) => <HealthMark entity={pod} /> },
    ...(several
      ? [
          {
            id: 'node',
            header: 'Node',
            value: (pod: Entity) => text(pod, 'node'),
            cell: (pod: Entity) => <a href={nodeLink(pod)}>{text(pod, 'node')}</a>,
          },
        ]
      : []),
    {
      id: 'containers',
      header: 'Containers',
      end: true,
      value: (pod) => number(pod, 'containers_running'),
      cell: (pod) => format('count', number(pod, 'containers_running')),
      title: (pod) => exact('count', number(pod, 'containers_running')),
    },
    { id: 'qos', header: 'QoS', value: (pod) => text(pod, 'qos_class'), cell: (pod) => text(pod, 'qos_class') ?? '–' },
    ...cgroupColumns(podKey, trends),
    byteRate('received', 'Received', 'Bytes per second; absent in the network of the node', (pod) =>
      rate(pod, 'network_rx_bytes'),
    ),
    byteRate('sent', 'Sent', 'Bytes per second; absent in the network of the node', (pod) =>
      rate(pod, 'network_tx_bytes'),
    ),
  ];
}

export function podFields(pod: Entity) {
  return {
    texts: {
      name: podName(pod),
      uid: text(pod, 'pod_uid'),
      namespace: text(pod, 'namespace'),
      workload: podWorkload(pod),
      service: pod.known_as?.services?.join(' ') ?? null,
      node: text(pod, 'node'),
      qos: text(pod, 'qos_class'),
      network: flag(pod, 'host_network') === true ? 'host' : 'own',
      state: pod.health.state,
    },
    numbers: { cpu: measure.cpuUsed(pod), memory: measure.memoryUsed(pod), tasks: measure.tasks(pod) },
  };
}
