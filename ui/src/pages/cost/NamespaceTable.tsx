import type { StoredNamespace } from '../../api/cost';
import { exact, format, significant } from '../../format/number';
import { duration } from '../../format/time';
import { logsLink } from '../../routes/links';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { useSort } from '../../tables/useSort';
import { compression } from './kept';

function number(
  id: 'log_rows' | 'metric_rows' | 'log_bytes_in' | 'log_bytes_on_disk' | 'log_growth_bytes_per_day',
  unit: 'count' | 'bytes',
  header: string,
  help: string,
): Column<StoredNamespace> {
  return {
    id,
    header,
    help,
    end: true,
    value: (it) => it[id],
    cell: (it) => format(unit, it[id]),
    title: (it) => exact(unit, it[id]),
  };
}

function times(it: StoredNamespace): string {
  const value = compression(it);
  return value === null ? '–' : `${significant(value)}×`;
}

const COLUMNS: readonly Column<StoredNamespace>[] = [
  {
    id: 'namespace',
    header: 'Namespace',
    value: (it) => it.namespace,
    cell: (it) =>
      it.namespace === null ? (
        <span class="muted">none: nodes and cluster</span>
      ) : (
        <a href={logsLink({ namespace: it.namespace })}>{it.namespace}</a>
      ),
  },
  number('log_rows', 'count', 'Log lines', 'Lines that are kept'),
  number('log_bytes_in', 'bytes', 'As they came', 'Bytes of the lines that are kept, uncompressed'),
  number('log_bytes_on_disk', 'bytes', 'On disk', 'Bytes of these lines in files'),
  {
    id: 'times',
    header: 'Smaller by',
    help: 'How many times smaller the lines are on disk',
    end: true,
    value: compression,
    cell: times,
  },
  number('log_growth_bytes_per_day', 'bytes', 'Growth a day', 'Bytes on disk that a day of lines adds'),
  number('metric_rows', 'count', 'Metric rows', 'Rows of pods, containers and volumes'),
  {
    id: 'retention',
    header: 'Lines kept for',
    end: true,
    value: (it) => it.retention_seconds ?? Number.MAX_VALUE,
    cell: (it) => (it.retention_seconds === null ? 'ever' : duration(it.retention_seconds)),
  },
];

/** Who the rows and lines are of. */
export function NamespaceTable({ namespaces }: { namespaces: readonly StoredNamespace[] | null }) {
  const { sort, onSort } = useSort(COLUMNS, { id: 'log_bytes_on_disk', descending: true }, 'namespaces');
  return (
    <DataTable
      caption="What is kept by namespace"
      columns={COLUMNS}
      rows={namespaces ?? []}
      rowKey={(it) => it.namespace ?? ''}
      sort={sort}
      onSort={onSort}
      empty={
        namespaces === null ? (
          <span class="loading-note">Loading…</span>
        ) : (
          'No row has a namespace yet: no pod was seen, and no line of one was read.'
        )
      }
    />
  );
}
