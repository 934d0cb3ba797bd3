import { PRESENT } from '../../api/entities';
import { flag, number, rate, text } from '../../api/row';
import type { Entity, EntityType } from '../../api/row';
import { exact, format } from '../../format/number';
import type { Unit } from '../../format/number';
import * as measure from '../../measures/parts';
import { nodeLink } from '../../routes/links';
import { useListing } from '../../state/inventory';
import { ShareCell } from '../../tables/cells';
import { DataTable } from '../../tables/DataTable';
import type { Column, Sort } from '../../tables/column';
import { useSort } from '../../tables/useSort';
import { Fault } from '../parts/Empty';

/** Tables of a node's file systems, disks and interfaces. */

function amount(
  id: string,
  header: string,
  unit: Unit,
  of: (it: Entity) => number | null,
  help?: string,
): Column<Entity> {
  return {
    id,
    header,
    ...(help === undefined ? {} : { help }),
    end: true,
    value: of,
    cell: (it) => format(unit, of(it)),
    title: (it) => exact(unit, of(it)),
  };
}

function words(id: string, header: string, column: string): Column<Entity> {
  return { id, header, value: (it) => text(it, column), cell: (it) => text(it, column) ?? '–' };
}

const NODE: Column<Entity> = {
  id: 'node',
  header: 'Node',
  value: (it) => text(it, 'node'),
  cell: (it) => <a href={nodeLink(it)}>{text(it, 'node')}</a>,
};

const FILESYSTEM: readonly Column<Entity>[] = [
  {
    id: 'mountpoint',
    header: 'Mounted at',
    value: (it) => text(it, 'mountpoint'),
    cell: (it) => <span class="cell-name">{text(it, 'mountpoint')}</span>,
    title: (it) => text(it, 'mountpoint') ?? undefined,
  },
  {
    id: 'used_share',
    header: 'Used %',
    help: 'As in df: what is reserved for root counts as used',
    end: true,
    value: measure.filesystemShare,
    cell: (it) =>
      text(it, 'filesystem_error') === null ? (
        <ShareCell share={measure.filesystemShare(it)} />
      ) : (
        <span class="status warn">{text(it, 'filesystem_error')}</span>
      ),
    title: (it) => exact('percent', (measure.filesystemShare(it) ?? 0) * 100),
  },
  amount('used', 'Used', 'bytes', measure.filesystemUsed),
  amount('available', 'Available', 'bytes', (it) => number(it, 'filesystem_available_bytes')),
  amount('size', 'Size', 'bytes', (it) => number(it, 'filesystem_size_bytes')),
  {
    id: 'inodes',
    header: 'Inodes %',
    help: 'Inodes in use',
    end: true,
    value: measure.inodeShare,
    cell: (it) => <ShareCell share={measure.inodeShare(it)} />,
  },
  {
    id: 'device',
    header: 'Device',
    value: (it) => text(it, 'device'),
    cell: (it) => <span class="cell-name">{text(it, 'device') ?? '–'}</span>,
    title: (it) => text(it, 'device') ?? undefined,
  },
  words('type', 'Type', 'filesystem_type'),
  { id: 'mode', header: 'Mode', value: (it) => mode(it), cell: mode },
];

function mode(it: Entity): string {
  const readOnly = flag(it, 'filesystem_read_only');
  return readOnly === null ? '–' : readOnly ? 'read-only' : 'read-write';
}

const DISK: readonly Column<Entity>[] = [
  {
    id: 'device',
    header: 'Disk',
    value: (it) => text(it, 'device'),
    cell: (it) => <span class="cell-name">{text(it, 'device')}</span>,
    title: (it) => text(it, 'disk_model') ?? undefined,
  },
  {
    id: 'kind',
    header: 'Kind',
    value: (it) => text(it, 'disk_kind'),
    cell: (it) => <span class="badge">{text(it, 'disk_kind') ?? 'unknown'}</span>,
  },
  {
    id: 'busy',
    header: 'Busy',
    help: 'Share of the time in which an operation was under way',
    end: true,
    value: measure.diskBusy,
    cell: (it) => <ShareCell share={measure.diskBusy(it)} />,
  },
  amount('read', 'Read', 'bytes_per_second', (it) => rate(it, 'disk_read_bytes')),
  amount('written', 'Written', 'bytes_per_second', (it) => rate(it, 'disk_write_bytes')),
  amount('operations', 'Operations', 'per_second', measure.diskOperations),
  amount(
    'wait',
    'Wait',
    'seconds',
    measure.diskWait,
    'Mean time of one operation, waiting included; absent when there was none',
  ),
  amount('in_flight', 'In flight', 'count', (it) => number(it, 'disk_in_flight')),
  amount('size', 'Size', 'bytes', (it) => number(it, 'disk_size_bytes')),
  words('model', 'Model', 'disk_model'),
];

const INTERFACE: readonly Column<Entity>[] = [
  {
    id: 'interface',
    header: 'Interface',
    value: (it) => text(it, 'interface'),
    cell: (it) => <span class="cell-name">{text(it, 'interface')}</span>,
    title: (it) => text(it, 'interface_mac') ?? undefined,
  },
  words('state', 'Link', 'interface_state'),
  amount('received', 'Received', 'bytes_per_second', (it) => rate(it, 'network_rx_bytes')),
  amount('sent', 'Sent', 'bytes_per_second', (it) => rate(it, 'network_tx_bytes')),
  amount('packets_in', 'Packets in', 'per_second', (it) => rate(it, 'network_rx_packets')),
  amount('packets_out', 'Packets out', 'per_second', (it) => rate(it, 'network_tx_packets')),
  amount('errors', 'Errors', 'per_second', (it) => measure.both(it, 'network_rx_errors', 'network_tx_errors')),
  amount('dropped', 'Dropped', 'per_second', (it) => measure.both(it, 'network_rx_dropped', 'network_tx_dropped')),
  amount('speed', 'Speed', 'bits_per_second', (it) => bits(number(it, 'network_speed_bytes_per_second'))),
  {
    id: 'mtu',
    header: 'MTU',
    help: 'Largest packet in bytes',
    end: true,
    value: (it) => number(it, 'network_mtu_bytes'),
    cell: (it) => number(it, 'network_mtu_bytes') ?? '–',
  },
  {
    id: 'counted',
    header: 'In sums',
    help: 'Whether it is part of the sums of the node; lo, veth*, docker* and nerdctl* are not',
    value: (it) => String(flag(it, 'interface_counted')),
    cell: (it) => (flag(it, 'interface_counted') === true ? 'yes' : 'no'),
  },
];

function bits(bytes: number | null): number | null {
  return bytes === null ? null : bytes * 8;
}

interface Kind {
  type: EntityType;
  caption: string;
  columns: readonly Column<Entity>[];
  sort: Sort;
  empty: string;
}

const KINDS = {
  filesystems: {
    type: 'node_filesystem',
    caption: 'File systems',
    columns: FILESYSTEM,
    sort: { id: 'used_share', descending: true },
    empty: 'No file system has rows. Kernel-only ones (proc, sysfs, cgroup) and mounts of containers are left out.',
  },
  disks: {
    type: 'node_disk',
    caption: 'Disks',
    columns: DISK,
    sort: { id: 'busy', descending: true },
    empty: 'No block device has rows. Loop and ram devices are left out.',
  },
  interfaces: {
    type: 'node_network',
    caption: 'Network interfaces',
    columns: INTERFACE,
    sort: { id: 'received', descending: true },
    empty: 'No network interface has rows.',
  },
} as const satisfies Readonly<Record<string, Kind>>;

interface Properties {
  kind: keyof typeof KINDS;
  where: Readonly<Record<string, string>>;
  several?: boolean;
  /** The most rows that are drawn at first. */
  most?: number;
}

/** A table of one kind of a node's parts. */
export function PartTable({ kind, where, several = false, most = 20 }: Properties) {
  const { type, caption, columns, sort: usual, empty }: Kind = KINDS[kind];
  const { data, problem, loading, retry } = useListing(type, { where, health: PRESENT });
  const shown = several ? [...columns.slice(0, 1), NODE, ...columns.slice(1)] : columns;
  const { sort, onSort } = useSort(shown, usual, `sort_${kind}`);
  return (
    <>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <DataTable
        caption={caption}
        columns={shown}
        rows={data?.entities ?? []}
        rowKey={(it) => it.id}
        sort={sort}
        onSort={onSort}
        most={most}
        dimmed={loading && data === null}
        empty={data === null ? <span class="loading-note">Loading…</span> : empty}
      />
    </>
  );
}
