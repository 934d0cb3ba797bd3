import { flag, map, number, text } from '../../api/row';
import type { Entity } from '../../api/row';
import { format } from '../../format/number';
import { dateTime, parseMoment } from '../../format/time';
import { clusterLink } from '../../routes/links';
import { zone } from '../../state/zone';
import { Facts } from '../parts/Facts';
import type { Fact } from '../parts/Facts';
import { HealthMark } from '../parts/HealthMark';

/** What the machine is, and what the Kubernetes API says of it. */
export function About({ entity, object = null }: { entity: Entity; object?: Entity | null }) {
  const boot = parseMoment(text(entity, 'boot_time') ?? '');
  const cores = number(entity, 'node_cpu_cores');
  const cluster = text(entity, 'cluster');
  return (
    <Facts
      facts={[
        { name: 'State', value: <HealthMark entity={entity} /> },
        { name: 'Cluster', value: cluster && <a href={clusterLink(cluster)}>{cluster}</a> },
        { name: 'Processors', value: cores === null ? null : String(cores) },
        { name: 'Memory', value: format('bytes', number(entity, 'node_memory_total_bytes')) },
        ...(object ? inCluster(object) : []),
        { name: 'System', value: text(entity, 'os_image') },
        { name: 'Kernel', value: text(entity, 'kernel_version') },
        { name: 'Architecture', value: text(entity, 'architecture') },
        { name: 'cgroups', value: text(entity, 'cgroup_version') },
        { name: 'Started', value: boot === null ? null : <span class="num">{dateTime(boot, zone.value)}</span> },
        { name: 'Agent', value: text(entity, 'agent_version') },
      ]}
    />
  );
}

function inCluster(object: Entity): Fact[] {
  const versions = map(object, 'versions');
  const amount = (unit: 'cores' | 'bytes' | 'count', column: string) => {
    const value = number(object, column);
    return value === null ? null : format(unit, value);
  };
  return [
    { name: 'CPU for pods', value: amount('cores', 'cpu_allocatable_cores') },
    { name: 'Memory for pods', value: amount('bytes', 'memory_allocatable_bytes') },
    { name: 'Room for pods', value: amount('count', 'pods_allocatable') },
    { name: 'Roles', value: Object.keys(map(object, 'roles')).join(', ') },
    { name: 'Takes new pods', value: flag(object, 'unschedulable') === true ? 'no, it is cordoned' : null },
    {
      name: 'Taints',
      value: Object.entries(map(object, 'taints'))
        .map(([key, effect]) => `${key}:${effect}`)
        .join(', '),
    },
    { name: 'Kubelet', value: versions.kubeletVersion },
    { name: 'Runtime', value: versions.containerRuntimeVersion },
  ];
}
