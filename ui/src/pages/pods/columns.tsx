import { flag, number, rate, text } from '../../api/row';
import type { Entity } from '../../api/row';
import { exact, format } from '../../format/number';
import type { Verdict } from '../../api/verdicts';
import { phaseWords } from '../../measures/podObject';
import { namespaceLink, nodeLink, podLink, workloadLink } from '../../routes/links';
import type { Counts } from '../../state/counts';
import type { Column } from '../../tables/column';
import { trendKey } from '../../tables/trends';
import type { Trends } from '../../tables/trends';
import * as measure from '../../measures/cgroup';
import { byteRate, cgroupColumns } from '../containers/columns';
import { HealthMark } from '../parts/HealthMark';
import { countColumns, verdictColumn } from '../parts/standingColumns';

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

interface Known {
  trends: Trends;
  /** Whether rows come from several nodes. */
  several: boolean;
  /** Whether the API tells what pods belong to. */
  named: boolean;
  verdict: (pod: Entity) => Verdict | null;
  counts: (pod: Entity) => Counts | null;
}

export function podColumns({ trends, several, named, verdict, counts }: Known): Column<Entity>[] {
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
      cell: (pod) =>
        named && text(pod, 'namespace') !== null ? (
          <a href={namespaceLink({ cluster: text(pod, 'cluster'), namespace: text(pod, 'namespace') })}>
            {text(pod, 'namespace')}
          </a>
        ) : (
          (text(pod, 'namespace') ?? '–')
        ),
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
                <a class="cell-name" href={workloadLink({ ...place(pod), ...pod.known_as })}>
                  {pod.known_as?.workload}
                  <small>{pod.known_as?.workload_kind}</small>
                </a>
              ),
          },
        ]
      : []),
    verdictColumn(verdict, (it) => ({
      cluster: text(it, 'cluster'),
      namespace: text(it, 'namespace'),
      pod: text(it, 'pod') ?? text(it, 'pod_uid'),
    })),
    {
      id: 'phase',
      header: 'Phase',
      help: 'What the Kubernetes API says of it',
      optional: true,
      value: phaseWords,
      cell: (pod) => {
        const words = phaseWords(pod);
        const fine = words === 'Ready' || words === 'Succeeded' || words === null;
        return <span class={fine ? '' : 'status warn'}>{words ?? '–'}</span>;
      },
    },
    ...(named ? [] : [stateColumn()]),
    ...(several
      ? [
          {
            id: 'node',
            header: 'Node',
            value: (pod: Entity) => text(pod, 'node'),
            cell: (pod: Entity) =>
              text(pod, 'node') === null ? (
                <span class="muted">none</span>
              ) : (
                <a href={nodeLink(pod)}>{text(pod, 'node')}</a>
              ),
          },
        ]
      : []),
    ...cgroupColumns(podKey, trends).flatMap((column) =>
      named && column.id === 'read' ? [...countColumns(counts), column] : [column],
    ),
    byteRate('received', 'Received', 'Bytes per second; absent in the network of the node', (pod) =>
      rate(pod, 'network_rx_bytes'),
    ),
    byteRate('sent', 'Sent', 'Bytes per second; absent in the network of the node', (pod) =>
      rate(pod, 'network_tx_bytes'),
    ),
    {
      id: 'containers',
      header: 'Containers',
      end: true,
      value: (pod) => number(pod, 'containers_running'),
      cell: (pod) => format('count', number(pod, 'containers_running')),
      title: (pod) => exact('count', number(pod, 'containers_running')),
    },
    { id: 'qos', header: 'QoS', value: (pod) => text(pod, 'qos_class'), cell: (pod) => text(pod, 'qos_class') ?? '–' },
    ...(named ? [stateColumn()] : []),
  ];
}

function stateColumn(): Column<Entity> {
  return {
    id: 'health',
    header: 'State',
    help: 'Whether rows of it still come',
    value: (pod) => pod.health.state,
    cell: (pod) =>
      text(pod, 'cgroup_path') === null ? <span class="muted">not measured</span> : <HealthMark entity={pod} />,
  };
}

const place = (pod: Entity) => ({ cluster: text(pod, 'cluster'), namespace: text(pod, 'namespace') });

export function podFields(pod: Entity, health: string | null = null) {
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
      state: [pod.health.state, phaseWords(pod) ?? ''].join(' '),
      health,
    },
    numbers: { cpu: measure.cpuUsed(pod), memory: measure.memoryUsed(pod), tasks: measure.tasks(pod) },
  };
}
