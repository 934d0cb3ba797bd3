import { cgroupThing } from './cgroup.ts';
import { chance, level } from './noise.ts';
import { nodeThing, place } from './node.ts';
import type { NodeShape } from './node.ts';
import { hugeCluster, podThings } from './pods.ts';
import type { Thing } from './thing.ts';

/** An invented machine, or an invented small cluster. For work on the page only: nothing here is measured. */

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

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

export type Which = 'one' | 'many' | 'large' | 'huge';

/**
 * `one`: a plain machine on cgroup v1; `many`: three nodes with pods; `large`: sixty, with more than 2,000 rows;
 * `huge`: two hundred nodes with 5,000 pods, without what is on the nodes besides.
 */
export function world(which: Which): Thing[] {
  if (which === 'one')
    return machineParts({ cluster: null, node: 'atelier', cores: 2, memory: 24 * GIB, busy: 0.9, psi: false, pods: 0 });
  if (which === 'huge') return hugeCluster();
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
