import { chance, level } from './noise.ts';
import type { Names, Thing } from './thing.ts';

/** An invented node. For work on the page only. */

const BOOT = '2026-11-20T05:12:44.000000000Z';

export function place(cluster: string | null, node: string): Names {
  return { cluster, node };
}

export interface NodeShape {
  cluster: string | null;
  node: string;
  cores: number;
  memory: number;
  busy: number;
  psi: boolean;
  pods: number;
}

export function nodeThing({ cluster, node, cores, memory, busy, psi, pods }: NodeShape): Thing {
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
