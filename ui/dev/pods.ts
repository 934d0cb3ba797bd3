import { cgroupThing } from './cgroup.ts';
import { nodeThing, place } from './node.ts';
import type { NodeShape } from './node.ts';
import { chance } from './noise.ts';
import type { Thing } from './thing.ts';

/** Invented pods. For work on the page only. */

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

const NODES = 200;
const PODS_EACH = 25;

export function hugeCluster(): Thing[] {
  return Array.from({ length: NODES }, (_, at) => at + 1).flatMap((index) => {
    const shape = {
      cluster: 'tokyo',
      node: `worker-${index}`,
      cores: 16,
      memory: 64 * GIB,
      busy: 2 * (1 + (index % 5)),
      psi: true,
      pods: PODS_EACH,
    };
    const pods = Array.from({ length: PODS_EACH }, (_, at) => {
      const [namespace, name, cpu, memory, cpuLimit, memoryLimit] = WORKLOADS[at % WORKLOADS.length] ?? [];
      if (namespace === undefined || name === undefined) return null;
      const workload = `${name}-${1 + ((index * 7 + at) % 12)}`;
      const pod = `${workload}-7d9f8-${index}x${at}`;
      const uid = `${Math.floor(chance(pod) * 0xffffffff)
        .toString(16)
        .padStart(8, '0')}-41b2-4c11-${1000 + index}-${100000000000 + at}`;
      const busy = 0.2 + 1.6 * chance(`${pod} busy`);
      return {
        known: { workload_kind: 'Deployment', workload, services: [workload], labels: { app: workload } },
        ...cgroupThing({
          names: { ...place(shape.cluster, shape.node), namespace, pod, pod_uid: uid },
          type: 'pod',
          cpu: (cpu ?? 0) * busy,
          memory: (memory ?? 0) * (0.3 + chance(`${pod} memory`)),
          ...(cpuLimit === undefined ? {} : { cpuLimit }),
          ...(memoryLimit === undefined || memoryLimit === 0 ? {} : { memoryLimit }),
          path: `/kubepods.slice/pod${uid}`,
          cores: shape.cores,
          total: shape.memory,
          v2: true,
          extra: { qos_class: 'Burstable', host_network: false },
        }),
      };
    }).filter((it) => it !== null);
    return [nodeThing(shape), ...pods];
  });
}

const WORKLOADS: readonly (readonly [string, string, number, number, number | undefined, number])[] = [
  ['shop', 'checkout', 0.42, 310 * MIB, 0.5, 512 * MIB],
  ['shop', 'catalogue', 0.22, 180 * MIB, 1, 256 * MIB],
  ['shop', 'cart', 0.11, 90 * MIB, undefined, 256 * MIB],
  ['shop', 'recommendations', 0.31, 720 * MIB, 2, GIB],
  ['kube-system', 'coredns', 0.02, 24 * MIB, undefined, 170 * MIB],
  ['kube-system', 'kube-proxy', 0.006, 22 * MIB, undefined, 0],
  ['monitoring', 'kansoku-agent', 0.004, 17 * MIB, 0.2, 64 * MIB],
  ['data', 'postgres', 0.5, 1.3 * GIB, 2, 2 * GIB],
];

export function podThings(shape: NodeShape): Thing[] {
  return WORKLOADS.slice(0, shape.pods).flatMap(([namespace, name, cpu, memory, cpuLimit, memoryLimit], index) => {
    const letter = 'bcdfghjklm'.charAt(index);
    const pod = `${name}-7d9f8${letter}-${shape.node.slice(7)}x${letter}2k`;
    const uid = `${Math.floor(chance(pod) * 0xffffffff)
      .toString(16)
      .padStart(8, '0')}-41b2-4c11-9a3e-5f0b${index}c2d1e${index}a`;
    const names = { ...place(shape.cluster, shape.node), namespace, pod, pod_uid: uid };
    const path = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid.replaceAll('-', '_')}.slice`;
    const id = Math.floor(chance(`${pod} id`) * 2 ** 48)
      .toString(16)
      .padStart(12, '0')
      .repeat(5)
      .slice(0, 64);
    const limits = { ...(cpuLimit === undefined ? {} : { cpuLimit }), ...(memoryLimit === 0 ? {} : { memoryLimit }) };
    const common = { cores: shape.cores, total: shape.memory, v2: shape.psi, cpu, memory, ...limits };
    return [
      {
        known: {
          workload_kind: name === 'kube-proxy' || name === 'kansoku-agent' ? 'DaemonSet' : 'Deployment',
          workload: name,
          services: [name],
          labels: { app: name },
        },
        ...cgroupThing({
          ...common,
          type: 'pod',
          names,
          path,
          extra: {
            qos_class: cpuLimit === undefined ? 'BestEffort' : 'Burstable',
            host_network: name === 'kube-proxy',
          },
        }),
      },
      cgroupThing({
        ...common,
        names: { ...names, container: name, container_id: id },
        kind: 'container',
        path: `${path}/cri-containerd-${id}.scope`,
        ...(name === 'cart' && shape.node.endsWith('1') ? { health: 'stale' as const } : {}),
      }),
      cgroupThing({
        ...common,
        cpu: 0,
        memory: 600_000,
        names: { ...names, container: 'sandbox', container_id: `${id.slice(1)}0` },
        kind: 'sandbox',
        path: `${path}/cri-containerd-${id.slice(1)}0.scope`,
      }),
    ];
  });
}
