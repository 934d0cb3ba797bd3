import { percentOfTime } from './node';
import type { PanelSpec } from './panel';

/** Charts about a node's disks, file systems and interfaces, a line for each. */

const NO_DISK =
  'No block device of this node has rows in this range. Virtual machines without disks of their own have none.';
const NO_NET = 'No interface of this node has rows in this range.';

/** Whole disks only: a partition's bytes are its disk's too. */
const WHOLE = { disk_kind: ['disk'] };

export const DISK_BYTES: PanelSpec = {
  id: 'disk-bytes',
  title: 'Disk throughput',
  help: 'Bytes read and written by each disk.',
  unit: 'bytes_per_second',
  entity: 'node_disk',
  by: ['device'],
  only: WHOLE,
  lines: [
    { label: 'read', of: ['disk_read_bytes_per_second'] },
    { label: 'write', of: ['disk_write_bytes_per_second'] },
  ],
  absent: NO_DISK,
};

export const DISK_OPERATIONS: PanelSpec = {
  id: 'disk-operations',
  title: 'Disk operations',
  help: 'Reads and writes completed by each disk.',
  unit: 'per_second',
  entity: 'node_disk',
  by: ['device'],
  only: WHOLE,
  lines: [
    { label: 'reads', of: ['disk_reads_per_second'] },
    { label: 'writes', of: ['disk_writes_per_second'] },
  ],
  absent: NO_DISK,
};

export const DISK_BUSY: PanelSpec = {
  id: 'disk-busy',
  title: 'Disk busy',
  help: 'Share of the time in which at least one operation was under way. 100 % is a limit for a spinning disk, not for a fast one.',
  unit: 'percent',
  entity: 'node_disk',
  by: ['device'],
  only: WHOLE,
  lines: [{ label: 'busy', of: ['disk_busy_usec_per_second'], value: percentOfTime }],
  absent: NO_DISK,
};

export const DISK_WAIT: PanelSpec = {
  id: 'disk-wait',
  title: 'Disk wait',
  help: 'Mean time of one read and one write, waiting included.',
  unit: 'seconds',
  entity: 'node_disk',
  by: ['device'],
  only: WHOLE,
  lines: [
    { label: 'read', of: ['disk_read_usec_per_second', 'disk_reads_per_second'], value: perOperation },
    { label: 'write', of: ['disk_write_usec_per_second', 'disk_writes_per_second'], value: perOperation },
  ],
  absent: NO_DISK,
};

/** Absent, not zero, when there was no operation to take time. */
function perOperation(usec: number, operations = 0): number | null {
  return operations === 0 ? null : usec / operations / 1e6;
}

export const FILESYSTEM_USE: PanelSpec = {
  id: 'filesystem-use',
  title: 'File systems used',
  help: 'Share of the space that programs can have; what is reserved for root counts as used, as in df.',
  unit: 'percent',
  entity: 'node_filesystem',
  by: ['mountpoint'],
  most: 8,
  top: 100,
  lines: [
    {
      label: 'used',
      of: ['filesystem_size_bytes', 'filesystem_free_bytes', 'filesystem_available_bytes'],
      value: (size, free = 0, available = 0) => usedPercent(size, free, available),
    },
  ],
  absent: 'No file system of this node has rows in this range.',
};

/** As `df` has it: used / (used + available). */
export function usedPercent(size: number, free: number, available: number): number | null {
  const used = size - free;
  return used + available <= 0 ? null : (used / (used + available)) * 100;
}

export const NETWORK_BYTES: PanelSpec = {
  id: 'network-bytes',
  title: 'Network',
  help: 'Bytes received and sent by each interface.',
  unit: 'bytes_per_second',
  entity: 'node_network',
  by: ['interface'],
  most: 4,
  lines: [
    { label: 'received', of: ['network_rx_bytes_per_second'] },
    { label: 'sent', of: ['network_tx_bytes_per_second'] },
  ],
  absent: NO_NET,
};

export const NETWORK_PACKETS: PanelSpec = {
  id: 'network-packets',
  title: 'Packets',
  help: 'Packets received and sent by each interface.',
  unit: 'per_second',
  entity: 'node_network',
  by: ['interface'],
  most: 4,
  lines: [
    { label: 'received', of: ['network_rx_packets_per_second'] },
    { label: 'sent', of: ['network_tx_packets_per_second'] },
  ],
  absent: NO_NET,
};

export const NETWORK_FAULTS: PanelSpec = {
  id: 'network-faults',
  title: 'Packets lost or bad',
  help: 'Errors and drops, both directions together, by interface.',
  unit: 'per_second',
  entity: 'node_network',
  by: ['interface'],
  most: 4,
  lines: [
    {
      label: 'errors',
      of: ['network_rx_errors_per_second', 'network_tx_errors_per_second'],
      value: (rx, tx = 0) => rx + tx,
    },
    {
      label: 'dropped',
      of: ['network_rx_dropped_per_second', 'network_tx_dropped_per_second'],
      value: (rx, tx = 0) => rx + tx,
    },
  ],
  absent: NO_NET,
};
