import { level } from './noise.ts';
import type { Names, Thing } from './thing.ts';

/** An invented container, unit or pod. For work on the page only. */

const MIB = 1024 ** 2;

export interface CgroupShape {
  names: Names;
  kind?: string;
  type?: 'container' | 'pod';
  cpu: number;
  memory: number;
  cpuLimit?: number;
  memoryLimit?: number;
  path: string;
  cores: number;
  total: number;
  extra?: Record<string, string | number | boolean>;
  v2: boolean;
  health?: Thing['health'];
}

export function cgroupThing({
  names,
  kind,
  type = 'container',
  cpu,
  memory,
  cpuLimit,
  memoryLimit,
  path,
  cores,
  total,
  extra = {},
  v2,
  health,
}: CgroupShape): Thing {
  const seed = `cgroup ${names.node ?? ''} ${path}`;
  return {
    type,
    names,
    attributes: {
      ...(kind === undefined
        ? {}
        : { container_kind: kind, runtime: kind === 'container' || kind === 'sandbox' ? 'containerd' : 'systemd' }),
      cgroup_path: path,
      started_time: '2026-11-22T21:40:00.000000000Z',
      ...extra,
    },
    gauges: (t) => {
      const anon = level(`${seed} anon`, t, memory * 0.7, 0.15);
      const file = level(`${seed} file`, t, memory * 0.5, 0.1);
      return {
        interval_usec: 10_000_144,
        node_cpu_cores: cores,
        node_memory_total_bytes: total,
        memory_usage_bytes: anon + file,
        memory_working_set_bytes: anon + file * 0.4,
        memory_anon_bytes: anon,
        memory_file_bytes: file,
        memory_active_file_bytes: file * 0.36,
        memory_inactive_file_bytes: file * 0.6,
        memory_dirty_bytes: file * 0.03,
        memory_writeback_bytes: 0,
        ...(v2 ? { memory_kernel_bytes: memory * 0.05, memory_shmem_bytes: memory * 0.02 } : {}),
        pids_current: Math.max(1, Math.round(memory / (12 * MIB))),
        process_count: 1,
        ...(cpuLimit === undefined ? {} : { cpu_quota_usec: cpuLimit * 100_000, cpu_period_usec: 100_000 }),
        ...(memoryLimit === undefined ? {} : { memory_limit_bytes: memoryLimit }),
      };
    },
    rates: (t) => {
      const wanted = level(`${seed} cpu`, t, cpu * 1e6, 0.9);
      const usage = cpuLimit === undefined ? wanted : Math.min(wanted, cpuLimit * 1e6);
      return {
        cpu_usage_usec: usage,
        cpu_user_usec: usage * 0.8,
        cpu_system_usec: usage * 0.2,
        memory_page_faults: usage / 900,
        memory_major_page_faults: level(`${seed} major`, t, 0.1, 1),
        memory_refaults_file: level(`${seed} ref`, t, 0.5, 1),
        memory_limit_hits: 0,
        memory_oom_kills: 0,
        io_read_bytes: level(`${seed} r`, t, cpu * 200_000, 1),
        io_write_bytes: level(`${seed} w`, t, cpu * 800_000, 1),
        io_reads: cpu * 9,
        io_writes: cpu * 30,
        ...(cpuLimit === undefined
          ? {}
          : {
              cpu_periods: 10,
              cpu_throttled_periods: wanted > usage ? 6.4 : level(`${seed} thr`, t, 0.3, 1),
              cpu_throttled_usec: wanted > usage ? wanted - usage : 0,
            }),
        ...(v2
          ? {
              cpu_pressure_some_usec: usage / 30,
              cpu_pressure_full_usec: 0,
              memory_pressure_some_usec: 20,
              memory_pressure_full_usec: 5,
              io_pressure_some_usec: usage / 90,
              io_pressure_full_usec: usage / 200,
            }
          : {}),
        ...(type === 'pod' && extra.host_network !== true
          ? {
              network_rx_bytes: cpu * 90_000,
              network_tx_bytes: cpu * 60_000,
              network_rx_errors: 0,
              network_tx_errors: 0,
              network_rx_dropped: 0,
              network_tx_dropped: 0,
            }
          : {}),
      };
    },
    ...(health === undefined ? {} : { health }),
  };
}
