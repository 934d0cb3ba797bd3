import type { StoredTable } from '../../api/cost';
import { exact, format } from '../../format/number';
import { dateTime, duration, momentIn, parseMoment } from '../../format/time';
import { now } from '../../state/clock';
import { zone } from '../../state/zone';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { useSort } from '../../tables/useSort';
import { bytesPerRow } from './kept';

function bytes(
  id: 'bytes_on_disk' | 'bytes_in_memory' | 'growth_bytes_per_day',
  header: string,
  help: string,
): Column<StoredTable> {
  return {
    id,
    header,
    help,
    end: true,
    value: (it) => it[id],
    cell: (it) => format('bytes', it[id]),
    title: (it) => exact('bytes', it[id]),
  };
}

function count(id: 'rows' | 'files', header: string): Column<StoredTable> {
  return {
    id,
    header,
    end: true,
    value: (it) => it[id],
    cell: (it) => format('count', it[id]),
    title: (it) => exact('count', it[id]),
  };
}

const oldest = (it: StoredTable) => (it.oldest === null ? null : parseMoment(it.oldest));

const COLUMNS: readonly Column<StoredTable>[] = [
  { id: 'table', header: 'Table', value: (it) => it.table, cell: (it) => <code>{it.table}</code> },
  count('rows', 'Rows'),
  bytes('bytes_on_disk', 'On disk', 'Bytes of the files'),
  {
    id: 'each',
    header: 'Bytes a row',
    end: true,
    value: bytesPerRow,
    cell: (it) => format('bytes', bytesPerRow(it)),
    title: (it) => exact('bytes', bytesPerRow(it)),
  },
  bytes('growth_bytes_per_day', 'Growth a day', 'Bytes on disk that a day adds; a dash until that is known'),
  {
    id: 'retention',
    header: 'Kept for',
    end: true,
    value: (it) => it.retention_seconds ?? Number.MAX_VALUE,
    cell: (it) => (it.retention_seconds === null ? 'ever' : duration(it.retention_seconds)),
  },
  {
    id: 'oldest',
    header: 'Oldest row',
    end: true,
    value: oldest,
    cell: (it) => {
      const ms = oldest(it);
      return ms === null ? '–' : momentIn(ms, now.peek() - ms, zone.value);
    },
    title: (it) => {
      const ms = oldest(it);
      return ms === null ? undefined : dateTime(ms, zone.value);
    },
  },
  count('files', 'Files'),
  bytes('bytes_in_memory', 'In memory', 'Bytes of rows that are held in memory'),
];

/** What is kept, table by table. */
export function StoredTables({ tables }: { tables: readonly StoredTable[] | null }) {
  const { sort, onSort } = useSort(COLUMNS, { id: 'bytes_on_disk', descending: true });
  return (
    <DataTable
      caption="Tables of the store"
      columns={COLUMNS}
      rows={tables ?? []}
      rowKey={(it) => it.table}
      sort={sort}
      onSort={onSort}
      empty={
        tables === null ? (
          <span class="loading-note">Loading…</span>
        ) : (
          'Nothing is stored yet. The first rows come within two ticks of an agent’s start.'
        )
      }
    />
  );
}
