import type { StoredTable } from '../../api/cost';
import { duration, parseMoment } from '../../format/time';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { momentColumn, numberColumn } from '../../tables/numberColumns';
import { useSort } from '../../tables/useSort';
import { bytesPerRow } from './kept';

const COLUMNS: readonly Column<StoredTable>[] = [
  { id: 'table', header: 'Table', value: (it) => it.table, cell: (it) => <code>{it.table}</code> },
  numberColumn({ id: 'rows', header: 'Rows' }, 'count', (it) => it.rows),
  numberColumn(
    { id: 'bytes_on_disk', header: 'On disk', help: 'Bytes of the files' },
    'bytes',
    (it) => it.bytes_on_disk,
  ),
  numberColumn({ id: 'each', header: 'Bytes a row' }, 'bytes', bytesPerRow),
  numberColumn(
    {
      id: 'growth_bytes_per_day',
      header: 'Growth a day',
      help: 'Bytes on disk that a day adds; a dash until that is known',
    },
    'bytes',
    (it) => it.growth_bytes_per_day,
  ),
  {
    id: 'retention',
    header: 'Kept for',
    end: true,
    value: (it) => it.retention_seconds ?? Number.MAX_VALUE,
    cell: (it) => (it.retention_seconds === null ? 'ever' : duration(it.retention_seconds)),
  },
  momentColumn({ id: 'oldest', header: 'Oldest row' }, (it) => (it.oldest === null ? null : parseMoment(it.oldest))),
  numberColumn({ id: 'files', header: 'Files' }, 'count', (it) => it.files),
  numberColumn(
    { id: 'bytes_in_memory', header: 'In memory', help: 'Bytes of rows that are held in memory' },
    'bytes',
    (it) => it.bytes_in_memory,
  ),
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
