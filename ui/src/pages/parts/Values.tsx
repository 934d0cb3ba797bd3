import type { Entity } from '../../api/row';
import { format } from '../../format/number';
import type { Unit } from '../../format/number';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { fits, parseFilter } from '../../tables/filter';
import { useSort } from '../../tables/useSort';
import { FilterBox, filterText } from './FilterBox';

interface Row {
  name: string;
  kind: 'identity' | 'attribute' | 'measurement';
  value: unknown;
}

const COLUMNS: readonly Column<Row>[] = [
  { id: 'name', header: 'Column', value: (row) => row.name, cell: (row) => <code>{row.name}</code> },
  {
    id: 'value',
    header: 'Value',
    end: true,
    value: (row) => (typeof row.value === 'number' ? row.value : String(row.value)),
    cell: (row) => readable(row),
  },
  {
    id: 'exact',
    header: 'Exact',
    end: true,
    value: (row) => (typeof row.value === 'number' ? row.value : String(row.value)),
    cell: (row) => <span class="mono">{exactly(row.value)}</span>,
  },
  { id: 'kind', header: 'Kind', value: (row) => row.kind, cell: (row) => <span class="badge">{row.kind}</span> },
];

const KNOWN = new Set(['id', 'time', 'attributes', 'latest', 'metrics', 'health']);

/** Every column of the newest row that has a value, as it is stored: what SQL and the API name it. */
export function Values({ entity, what }: { entity: Entity; what: string }) {
  const rows: Row[] = [
    ...Object.entries(entity)
      .filter(([name, value]) => !KNOWN.has(name) && value !== null)
      .map(([name, value]) => ({ name, value, kind: 'identity' as const })),
    ...Object.entries(entity.attributes).map(([name, value]) => ({ name, value, kind: 'attribute' as const })),
    ...Object.entries(entity.latest).map(([name, value]) => ({ name, value, kind: 'measurement' as const })),
  ];
  const terms = parseFilter(filterText());
  const shown = rows.filter((row) =>
    fits(terms, { texts: { name: row.name, value: String(row.value), kind: row.kind }, numbers: {} }),
  );
  const { sort, onSort } = useSort(COLUMNS, { id: 'name', descending: false });
  return (
    <section class="section" aria-label="Newest row">
      <div class="filter-bar">
        <FilterBox label="Filter columns" hint="Filter columns: memory, kind:attribute …" />
        <span class="total num">
          {shown.length} of {rows.length} columns, row of {entity.time}
        </span>
      </div>
      <DataTable
        caption={`Newest row of ${what}`}
        columns={COLUMNS}
        rows={shown}
        rowKey={(row) => row.name}
        sort={sort}
        onSort={onSort}
        empty="No column has such a name."
        most={400}
      />
    </section>
  );
}

function unitOf(name: string): Unit | null {
  if (name.endsWith('_bytes')) return 'bytes';
  if (name.endsWith('_usec')) return 'seconds';
  if (name.endsWith('_cores')) return 'cores';
  return null;
}

function readable(row: Row): string {
  if (typeof row.value !== 'number') return '';
  const unit = unitOf(row.name);
  return format(unit ?? 'count', row.name.endsWith('_usec') ? row.value / 1e6 : row.value);
}

function exactly(value: unknown): string {
  if (typeof value === 'number') return new Intl.NumberFormat('en-GB', { maximumFractionDigits: 9 }).format(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
