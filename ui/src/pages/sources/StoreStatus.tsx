import { askStatus } from '../../api/status';
import type { TableStatus } from '../../api/status';
import { exact, format } from '../../format/number';
import { ago, dateTime, duration, momentIn } from '../../format/time';
import { now } from '../../state/clock';
import { useResource } from '../../state/resource';
import { zone } from '../../state/zone';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { useSort } from '../../tables/useSort';
import { Fault } from '../parts/Empty';
import { Facts } from '../parts/Facts';

function count(id: 'rows' | 'files' | 'hot_rows', header: string): Column<TableStatus> {
  return {
    id,
    header,
    end: true,
    value: (it) => it[id],
    cell: (it) => format('count', it[id]),
    title: (it) => exact('count', it[id]),
  };
}

function bytes(id: 'bytes' | 'hot_bytes', header: string): Column<TableStatus> {
  return {
    id,
    header,
    end: true,
    value: (it) => it[id],
    cell: (it) => format('bytes', it[id]),
    title: (it) => exact('bytes', it[id]),
  };
}

function moment(id: 'oldest_usec' | 'newest_usec', header: string): Column<TableStatus> {
  const at = (it: TableStatus) => (it[id] === null ? null : it[id] / 1000);
  return {
    id,
    header,
    end: true,
    value: at,
    cell: (it) => {
      const ms = at(it);
      return ms === null ? '–' : momentIn(ms, now.peek() - ms, zone.value);
    },
    title: (it) => {
      const ms = at(it);
      return ms === null ? undefined : dateTime(ms, zone.value);
    },
  };
}

const COLUMNS: readonly Column<TableStatus>[] = [
  { id: 'name', header: 'Table', value: (it) => it.name, cell: (it) => <code>{it.name}</code> },
  count('rows', 'Rows in files'),
  bytes('bytes', 'Bytes in files'),
  count('files', 'Files'),
  {
    id: 'each',
    header: 'Bytes a row',
    end: true,
    value: (it) => (it.rows > 0 ? it.bytes / it.rows : null),
    cell: (it) => format('bytes', it.rows > 0 ? it.bytes / it.rows : null),
  },
  count('hot_rows', 'Rows in memory'),
  bytes('hot_bytes', 'Bytes in memory'),
  moment('oldest_usec', 'Oldest'),
  moment('newest_usec', 'Newest'),
];

/** What the server holds, where, and what it costs itself. */
export function StoreStatus() {
  const { data, problem, retry } = useResource('status', now.value, askStatus);
  const { sort, onSort } = useSort(COLUMNS, { id: 'name', descending: false });
  return (
    <section class="section" aria-label="Store">
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      {data && (
        <Facts
          facts={[
            { name: 'Version', value: data.version },
            { name: 'Up', value: duration(data.uptime_seconds), title: data.started },
            {
              name: 'Memory',
              value: data.own && format('bytes', data.own.resident_bytes),
              title: exact('bytes', data.own?.resident_bytes),
            },
            {
              name: 'CPU used',
              value: data.own && duration(data.own.cpu_seconds),
              title: exact('seconds', data.own?.cpu_seconds),
            },
            { name: 'Tables', value: <span class="mono">{data.tables_url}</span> },
            {
              name: 'Free',
              value: data.free_bytes === null ? null : format('bytes', data.free_bytes),
              title: exact('bytes', data.free_bytes),
            },
            {
              name: 'Write-ahead log',
              value: `${format('bytes', data.wal.bytes)} in ${data.wal.segments} ${data.wal.segments === 1 ? 'segment' : 'segments'}`,
              title: data.wal.folder,
            },
            {
              name: 'Last flush',
              value: data.last_flush_usec === null ? 'none yet' : ago(data.last_flush_usec / 1000, now.value),
            },
            { name: 'Failed flushes', value: data.flush_failures > 0 ? String(data.flush_failures) : null },
          ]}
        />
      )}
      {data?.wal.poisoned === true && (
        <p class="banner bad" role="alert">
          The disk refused to sync the write-ahead log, so nothing new is accepted until the server is started again.
          What was acknowledged is safe.
        </p>
      )}
      <DataTable
        caption="Tables of the store"
        columns={COLUMNS}
        rows={data?.tables ?? []}
        rowKey={(it) => it.name}
        sort={sort}
        onSort={onSort}
        empty={data === null ? <span class="loading-note">Loading…</span> : 'Nothing is stored yet.'}
      />
    </section>
  );
}
