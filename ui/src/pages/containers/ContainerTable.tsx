import { useMemo, useState } from 'preact/hooks';
import { PRESENT } from '../../api/entities';
import { text } from '../../api/row';
import type { EntityFilter } from '../../api/entities';
import type { Entity } from '../../api/row';
import { CONTAINER_COLUMNS } from '../../measures/cgroup';
import { query, setQuery } from '../../routes/location';
import { useListing } from '../../state/inventory';
import { DataTable } from '../../tables/DataTable';
import { fits, parseFilter } from '../../tables/filter';
import { useTrends } from '../../tables/trends';
import { useSort } from '../../tables/useSort';
import { Fault } from '../parts/Empty';
import { FilterBox, filterText } from '../parts/FilterBox';
import { CGROUP_TRENDS, containerColumns, containerFields, containerKey } from './columns';

const KINDS = ['container', 'unit', 'scope', 'slice', 'sandbox'] as const;

interface Properties {
  /** Exact values of columns that narrow the listing. */
  where: Readonly<Record<string, string>>;
  /** Whether rows come from several nodes. */
  several: boolean;
}

const NONE: readonly Entity[] = [];

function kindOf(it: Entity): string {
  return text(it, 'container_kind') ?? 'unknown';
}

/** Containers, units and slices: filtered by kind and by words, sorted, with sparklines. */
export function ContainerTable({ where, several }: Properties) {
  const gone = query.value.get('gone') === 'yes';
  const filter: EntityFilter = { where, columns: CONTAINER_COLUMNS, ...(gone ? {} : { health: PRESENT }) };
  const { data, problem, retry } = useListing('container', filter);
  const [keys, setKeys] = useState<readonly string[]>([]);
  const trends = useTrends({
    entity: 'container',
    metrics: CGROUP_TRENDS,
    by: ['cluster', 'node', 'container_id'],
    keys,
  });
  const columns = useMemo(() => containerColumns(trends, several), [trends, several]);
  const { sort, onSort } = useSort(columns, { id: 'cpu', descending: true });
  const kind = query.value.get('kind');
  const words = filterText();
  const all = data?.entities ?? NONE;
  const rows = useMemo(() => {
    const terms = parseFilter(words);
    return all.filter((it) => (kind === null || kindOf(it) === kind) && fits(terms, containerFields(it)));
  }, [all, kind, words]);
  const counts = new Map(KINDS.map((one) => [one as string, all.filter((it) => kindOf(it) === one).length]));

  // Thousands of rows: drawn again when they, the columns or the order change, not with every tick of the clock.
  const table = useMemo(
    () => (
      <DataTable
        caption="Containers, units and slices"
        columns={columns}
        rows={rows}
        rowKey={containerKey}
        sort={sort}
        onSort={onSort}
        onShown={setKeys}
        rowClass={(it) => (it.health.state === 'gone' ? 'gone' : undefined)}
        empty={
          data === null ? (
            <span class="loading-note">Loading…</span>
          ) : all.length > 0 ? (
            'Nothing fits the filter. Clear it, or press another kind.'
          ) : (
            'No container, unit or slice has rows. They are found by the cgroup tree: Sources shows whether the agent may read it.'
          )
        }
      />
    ),
    [columns, rows, sort.id, sort.descending, data === null],
  );

  return (
    <>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <div class="filter-bar">
        <FilterBox
          label="Filter containers and units"
          hint="Filter: words, kind:unit, cpu>0.1, memory>200Mi, -name …"
        />
        <div class="chips" role="group" aria-label="Kind">
          {[null, ...KINDS.filter((one) => one === kind || (counts.get(one) ?? 0) > 0)].map((one) => (
            <button
              key={one ?? 'all'}
              type="button"
              aria-pressed={kind === one}
              onClick={() => setQuery({ kind: one }, { replace: true })}
            >
              {one ?? 'all'} <span class="muted num">{one === null ? all.length : counts.get(one)}</span>
            </button>
          ))}
          <button
            type="button"
            aria-pressed={gone}
            title="Show those that have ended or were silent for ten minutes"
            onClick={() => setQuery({ gone: gone ? null : 'yes' }, { replace: true })}
          >
            with gone
          </button>
        </div>
        <span class="total num" aria-live="polite">
          {rows.length} of {all.length}
          {data?.cut === true ? '+' : ''}
        </span>
      </div>
      {table}
    </>
  );
}
