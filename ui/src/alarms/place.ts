import type { Labels } from '../api/alarms';

/** What labels name, whichever way they are written. Pure. */

/** Container Insights' names of dimensions, as the columns that hold the same. */
const DIMENSIONS: Readonly<Record<string, string>> = {
  ClusterName: 'cluster',
  Namespace: 'namespace',
  NodeName: 'node',
  Service: 'service',
  FullPodName: 'pod',
  PodName: 'workload',
  ContainerName: 'container',
  PersistentVolumeClaimName: 'volume_claim',
};

/** Labels that name a thing by its kind and its name. */
interface Named {
  kind: string;
  name: string;
  /** The column that a name of each kind belongs in. Containers and what is in a pod go by the pod's. */
  columns: Readonly<Record<string, string>>;
}

export const NAMED: readonly Named[] = [
  {
    // Of alarms on health.
    kind: 'kind',
    name: 'name',
    columns: {
      Cluster: 'cluster',
      Node: 'node',
      Namespace: 'namespace',
      Workload: 'workload',
      Service: 'service',
      Pod: 'pod',
      Container: 'pod',
      Volume: 'volume_claim',
    },
  },
  {
    // Of alarms over rows of the table `object`.
    kind: 'object_kind',
    name: 'object_name',
    columns: {
      Node: 'node',
      Namespace: 'namespace',
      Service: 'service',
      Pod: 'pod',
      Container: 'pod',
      PersistentVolumeClaim: 'volume_claim',
      Deployment: 'workload',
      StatefulSet: 'workload',
      DaemonSet: 'workload',
      ReplicaSet: 'workload',
      Job: 'workload',
      CronJob: 'workload',
    },
  },
];

/** Labels by the names of columns, in whichever way they are written. */
export function placeOf(labels: Labels): Partial<Record<string, string>> {
  const place: Partial<Record<string, string>> = {};
  for (const name in labels) place[DIMENSIONS[name] ?? name] = labels[name];
  for (const { kind, name, columns } of NAMED) {
    const [its, called] = [labels[kind], labels[name]];
    if (its === undefined || called === undefined) continue;
    const column = columns[its];
    if (column !== undefined) place[column] ??= called;
  }
  return place;
}

/** Names of labels that can stand for a column. */
export function writtenAs(column: string): string[] {
  return [
    column,
    ...Object.entries(DIMENSIONS)
      .filter(([, held]) => held === column)
      .map(([name]) => name),
  ];
}
