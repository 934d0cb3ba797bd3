import type { Status, TableStatus } from '../../api/status';
import { exact, format } from '../../format/number';
import { ago } from '../../format/time';
import { now } from '../../state/clock';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { momentColumn, numberColumn } from '../../tables/numberColumns';
import { useSort } from '../../tables/useSort';
import { Facts } from '../parts/Facts';

const milliseconds = (usec: number | null) => (usec === null ? null : usec / 1000);

/** Bytes of a row in memory for each byte of one in files; null without rows in both. */
function compression(it: TableStatus): number | null {
  if (it.rows === 0 || it.bytes === 0 || it.hot_rows === 0 || it.hot_bytes === 0) return null;
  return it.hot_bytes / it.hot_rows / (it.bytes / it.rows);
}

const COLUMNS: readonly Column<TableStatus>[] = [
  { id: 'name', header: 'Table', value: (it) => it.name, cell: (it) => <code>{it.name}</code> },
  numberColumn({ id: 'rows', header: 'Rows in files' }, 'count', (it) => it.rows),
  numberColumn({ id: 'bytes', header: 'Bytes in files' }, 'bytes', (it) => it.bytes),
  numberColumn({ id: 'files', header: 'Files' }, 'count', (it) => it.files),
  {
    id: 'each',
    header: 'Bytes a row',
    help: 'In files, compressed; in memory on hover',
    end: true,
    value: (it) => (it.rows > 0 ? it.bytes / it.rows : null),
    cell: (it) => format('bytes', it.rows > 0 ? it.bytes / it.rows : null),
    title: (it) =>
      it.hot_rows > 0 && it.hot_bytes > 0 ? `${format('bytes', it.hot_bytes / it.hot_rows)} in memory` : undefined,
  },
  {
    id: 'ratio',
    header: 'Compression',
    help: 'How much smaller a row is in files than in memory',
    end: true,
    value: compression,
    cell: (it) => {
      const times = compression(it);
      return times === null ? '–' : `${format('count', times)} ×`;
    },
  },
  numberColumn({ id: 'hot_rows', header: 'Rows in memory' }, 'count', (it) => it.hot_rows),
  numberColumn({ id: 'hot_bytes', header: 'Bytes in memory' }, 'bytes', (it) => it.hot_bytes),
  momentColumn({ id: 'oldest_usec', header: 'Oldest' }, (it) => milliseconds(it.oldest_usec)),
  momentColumn({ id: 'newest_usec', header: 'Newest' }, (it) => milliseconds(it.newest_usec)),
];

/** Bytes that tables and log take together: what the budget is about. */
function diskBytes({ tables, wal }: Status): number {
  return tables.reduce((sum, table) => sum + table.bytes, wal.bytes);
}

function Budget({ status }: { status: Status }) {
  const budget = status.disk_budget_bytes ?? 0;
  const share = budget > 0 ? diskBytes(status) / budget : null;
  return (
    <>
      {format('bytes', budget)}{' '}
      <span class="muted">({format('percent', share === null ? null : share * 100)} used)</span>
    </>
  );
}

/** What the server holds and where. */
export function StoreStatus({ status: data }: { status: Status | null }) {
  const { sort, onSort } = useSort(COLUMNS, { id: 'name', descending: false });
  return (
    <section class="section" aria-label="Store">
      {data && (
        <Facts
          facts={[
            {
              name: 'On disk',
              value: format('bytes', diskBytes(data)),
              title: `${exact('bytes', diskBytes(data))}; tables and write-ahead log`,
            },
            {
              name: 'Budget',
              value: typeof data.disk_budget_bytes === 'number' ? <Budget status={data} /> : 'none set',
              title: 'server.disk.budget: above it the oldest go first',
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
