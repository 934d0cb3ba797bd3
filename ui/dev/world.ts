import { cgroupThing } from './cgroup.ts';
import { chance, level } from './noise.ts';
import type { Names, Thing } from './thing.ts';

/** An invented machine, or an invented small cluster. For work on the page only: nothing here is measured. */

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
export const BOOT = '2026-11-20T05:12:44.000000000Z';

function place(cluster: string | null, node: string): Names {
  return { cluster, node };
}

interface NodeShape {
  cluster: string | null;
  node: string;
  cores: number;
  memory: number;
  busy: number;
  psi: boolean;
  pods: number;
}

function nodeThing({ cluster, node, cores, memory, busy, psi, pods }: NodeShape): Thing {
  const seed = `node ${node}`;
  return {
    type: 'node',
    names: place(cluster, node),
    attributes: {
      boot_id: '1f6d6f1e-2f0a-4b39-9c57-0f6a2f6a1b77',
      boot_time: BOOT,
      kernel_version: '6.12.41-amd64',
      os_image: 'Debian GNU/Linux 12 (bookworm)',
      architecture: 'x86_64',
      cgroup_version: psi ? 'v2' : 'hybrid',
      agent_version: '0.1.0',
      machine_id: 'c0ffee',
      clock_synchronized: true,
    },
    gauges: (t) => {
      const used = level(`${seed} memory`, t, memory * 0.38, 0.2);
      const cached = level(`${seed} cache`, t, memory * 0.31, 0.1);
      const shmem = memory * 0.01;
      const slab = memory * 0.03;
      const buffers = memory * 0.01;
      const free = Math.max(memory * 0.02, memory - used - cached - slab - buffers);
      const load = level(`${seed} load`, t, busy * 1.2, 0.6);
      return {
        interval_usec: 10_000_213,
        node_cpu_cores: cores,
        node_memory_total_bytes: memory,
        memory_free_bytes: free,
        memory_cached_bytes: cached,
        memory_buffers_bytes: buffers,
        memory_shmem_bytes: shmem,
        memory_slab_reclaimable_bytes: slab,
        memory_slab_bytes: slab * 1.3,
        memory_usage_bytes: memory - free,
        memory_working_set_bytes: memory - free - cached * 0.6,
        memory_available_bytes: free + cached * 0.9,
        memory_swap_total_bytes: 0,
        memory_swap_free_bytes: 0,
        load_1m: load,
        load_5m: level(`${seed} load5`, t, busy * 1.1, 0.3),
        load_15m: busy,
        processes_running: 1 + Math.round(load),
        processes_blocked: chance(`${seed} ${Math.floor(t / 10)}`) > 0.9 ? 1 : 0,
        pids_current: Math.round(level(`${seed} pids`, t, 620, 0.05)),
        pids_limit: 4194304,
        tcp_established: Math.round(level(`${seed} tcp`, t, 44, 0.3)),
        tcp_sockets_time_wait: Math.round(level(`${seed} tw`, t, 12, 0.8)),
        files_open: Math.round(level(`${seed} files`, t, 3500, 0.1)),
        sockets_used: Math.round(level(`${seed} sockets`, t, 320, 0.1)),
        pods_running: pods,
        containers_running: pods * 2,
      };
    },
    rates: (t) => {
      const user = level(`${seed} user`, t, busy * 0.68e6, 0.7);
      const system = level(`${seed} system`, t, busy * 0.2e6, 0.5);
      const iowait = level(`${seed} iowait`, t, busy * 0.05e6, 0.9);
      const softirq = busy * 0.01e6;
      return {
        cpu_user_usec: user,
        cpu_nice_usec: 0,
        cpu_system_usec: system,
        cpu_iowait_usec: iowait,
        cpu_irq_usec: 0,
        cpu_softirq_usec: softirq,
        cpu_steal_usec: busy * 0.004e6,
        cpu_usage_usec: user + system + softirq,
        cpu_idle_usec: cores * 1e6 - user - system - iowait,
        network_rx_bytes: level(`${seed} rx`, t, 180_000, 0.9),
        network_tx_bytes: level(`${seed} tx`, t, 90_000, 0.9),
        io_read_bytes: level(`${seed} read`, t, 300_000, 1),
        io_write_bytes: level(`${seed} write`, t, 1_200_000, 0.8),
        io_reads: 20,
        io_writes: 60,
        context_switches: level(`${seed} ctx`, t, 4200, 0.4),
        interrupts: level(`${seed} intr`, t, 2300, 0.3),
        forks: level(`${seed} forks`, t, 8, 0.8),
        memory_page_faults: level(`${seed} faults`, t, 3000, 0.6),
        memory_major_page_faults: level(`${seed} major`, t, 0.4, 1),
        memory_swapped_in: 0,
        memory_swapped_out: 0,
        memory_refaults_file: level(`${seed} refault`, t, 1, 1),
        memory_oom_kills: 0,
        tcp_retransmitted_segments: level(`${seed} retrans`, t, 0.3, 1),
        tcp_out_resets: 0.1,
        tcp_listen_overflows: 0,
        udp_in_errors: 0,
        ...(psi
          ? {
              cpu_pressure_some_usec: level(`${seed} psic`, t, 18_000, 0.9),
              memory_pressure_some_usec: level(`${seed} psim`, t, 600, 1),
              memory_pressure_full_usec: level(`${seed} psimf`, t, 300, 1),
              io_pressure_some_usec: level(`${seed} psii`, t, 9_000, 1),
              io_pressure_full_usec: level(`${seed} psiif`, t, 5_000, 1),
            }
          : {}),
      };
    },
    gap: [1500, 1290],
  };
}

function diskThing(cluster: string | null, node: string, device: string, size: number): Thing {
  const seed = `disk ${node} ${device}`;
  return {
    type: 'node_disk',
    names: { ...place(cluster, node), device },
    attributes: {
      disk_kind: 'disk',
      disk_model: 'Virtual disk',
      disk_rotational: false,
      device_major: 254,
      device_minor: 0,
    },
    gauges: (t) => ({
      interval_usec: 10_000_190,
      disk_size_bytes: size,
      disk_in_flight: chance(`${seed} ${Math.floor(t / 10)}`) > 0.8 ? 2 : 0,
    }),
    rates: (t) => {
      const busy = level(`${seed} busy`, t, 60_000, 0.9);
      const reads = level(`${seed} reads`, t, 22, 0.9);
      const writes = level(`${seed} writes`, t, 61, 0.6);
      return {
        disk_reads: reads,
        disk_writes: writes,
        disk_read_bytes: reads * 16_384,
        disk_write_bytes: writes * 20_480,
        disk_read_usec: reads * 700,
        disk_write_usec: writes * 1900,
        disk_busy_usec: busy,
      };
    },
  };
}

function filesystemThing(
  cluster: string | null,
  node: string,
  mountpoint: string,
  type: string,
  size: number,
  used: number,
): Thing {
  return {
    type: 'node_filesystem',
    names: { ...place(cluster, node), mountpoint },
    attributes: {
      device: type === 'tmpfs' ? 'tmpfs' : '/dev/vda1',
      filesystem_type: type,
      filesystem_read_only: false,
    },
    gauges: (t) => {
      const taken = level(`fs ${node} ${mountpoint}`, t, size * used, 0.02);
      return {
        filesystem_size_bytes: size,
        filesystem_free_bytes: size - taken,
        filesystem_available_bytes: Math.max(0, size * 0.95 - taken),
        filesystem_inodes: size / 16_384,
        filesystem_inodes_free: (size / 16_384) * 0.8,
      };
    },
    rates: () => ({}),
  };
}

function interfaceThing(cluster: string | null, node: string, name: string, mean: number): Thing {
  const seed = `net ${node} ${name}`;
  const physical = name.startsWith('e');
  return {
    type: 'node_network',
    names: { ...place(cluster, node), interface: name },
    attributes: {
      interface_state: name === 'lo' ? 'unknown' : 'up',
      interface_virtual: !physical,
      interface_counted: name !== 'lo',
      interface_mac: '52:54:00:12:34:56',
    },
    gauges: () => ({
      interval_usec: 10_000_190,
      network_mtu_bytes: physical ? 1500 : 65536,
      ...(physical ? { network_speed_bytes_per_second: 1.25e9 } : {}),
    }),
    rates: (t) => ({
      network_rx_bytes: level(`${seed} rx`, t, mean, 0.9),
      network_tx_bytes: level(`${seed} tx`, t, mean / 2, 0.9),
      network_rx_packets: level(`${seed} rxp`, t, mean / 600, 0.8),
      network_tx_packets: level(`${seed} txp`, t, mean / 900, 0.8),
      network_rx_errors: 0,
      network_tx_errors: 0,
      network_rx_dropped: level(`${seed} drop`, t, 0.02, 1),
      network_tx_dropped: 0,
    }),
  };
}

const UNITS: readonly (readonly [string, number, number])[] = [
  ['containerd.service', 0.04, 62 * MIB],
  ['kubelet.service', 0.08, 110 * MIB],
  ['ssh.service', 0.0008, 9 * MIB],
  ['systemd-journald.service', 0.006, 48 * MIB],
  ['dbus.service', 0.0004, 4 * MIB],
  ['cron.service', 0.0001, 3 * MIB],
  ['postgresql@15-main.service', 0.19, 420 * MIB],
  ['nginx.service', 0.03, 28 * MIB],
  ['kansoku-agent.service', 0.004, 17 * MIB],
  ['unattended-upgrades.service', 0.00002, 21 * MIB],
];

function machineParts(shape: NodeShape): Thing[] {
  const { cluster, node, memory } = shape;
  return [
    nodeThing(shape),
    diskThing(cluster, node, 'vda', 240 * GIB),
    filesystemThing(cluster, node, '/', 'ext4', 240 * GIB, 0.61),
    filesystemThing(cluster, node, '/boot', 'ext4', GIB, 0.33),
    filesystemThing(cluster, node, '/run', 'tmpfs', memory / 10, 0.01),
    filesystemThing(cluster, node, '/var/lib/postgresql', 'xfs', 500 * GIB, 0.83),
    interfaceThing(cluster, node, 'lo', 20_000),
    interfaceThing(cluster, node, 'ens3', 180_000),
    ...UNITS.map(([name, cpu, bytes]) =>
      cgroupThing({
        names: {
          ...place(cluster, node),
          namespace: null,
          pod: null,
          pod_uid: null,
          container: name,
          container_id: `/system.slice/${name}`,
        },
        kind: 'unit',
        cpu,
        memory: bytes,
        path: `/system.slice/${name}`,
        cores: shape.cores,
        total: memory,
        v2: shape.psi,
      }),
    ),
    ...['system.slice', 'user.slice', 'init.scope', 'user.slice/user-1000.slice/session-4.scope'].map((path) =>
      cgroupThing({
        names: {
          ...place(cluster, node),
          namespace: null,
          pod: null,
          pod_uid: null,
          container: path.split('/').at(-1) ?? path,
          container_id: `/${path}`,
        },
        kind: path.endsWith('.slice') ? 'slice' : 'scope',
        cpu: path === 'system.slice' ? 0.36 : 0.02,
        memory: 300 * MIB,
        path: `/${path}`,
        cores: shape.cores,
        total: memory,
        v2: shape.psi,
      }),
    ),
  ];
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

function podThings(shape: NodeShape): Thing[] {
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
      cgroupThing({
        ...common,
        type: 'pod',
        names,
        path,
        extra: { qos_class: cpuLimit === undefined ? 'BestEffort' : 'Burstable', host_network: name === 'kube-proxy' },
      }),
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

export type Which = 'one' | 'many' | 'large';

/** `one`: a plain machine on cgroup v1; `many`: three nodes with pods; `large`: sixty, with more than 2,000 rows. */
export function world(which: Which): Thing[] {
  if (which === 'one')
    return machineParts({ cluster: null, node: 'atelier', cores: 2, memory: 24 * GIB, busy: 0.9, psi: false, pods: 0 });
  const count = which === 'many' ? 3 : 60;
  return Array.from({ length: count }, (_, at) => at + 1).flatMap((index) => {
    const shape = {
      cluster: 'tokyo',
      node: `worker-${index}`,
      cores: 8,
      memory: 32 * GIB,
      busy: 1.2 * (1 + ((index - 1) % 5)),
      psi: true,
      pods: which === 'many' ? 9 - index : 8,
    };
    return [...machineParts(shape), ...podThings(shape)];
  });
}
