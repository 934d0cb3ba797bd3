import { useState } from 'preact/hooks';
import { PRESENT } from '../../api/entities';
import { CONTAINER_COLUMNS } from '../../measures/cgroup';
import { LEAF_KINDS } from '../../panels/cgroup';
import { query } from '../../routes/location';
import { useListing } from '../../state/inventory';
import { DataTable } from '../../tables/DataTable';
import { useTrends } from '../../tables/trends';
import { useSort } from '../../tables/useSort';
import { CGROUP_TRENDS, containerColumns, containerKey } from '../containers/columns';
import { Fault } from '../parts/Empty';

const MOST = 8;
/** How many are asked for: what is sorted by another column than these is sorted among them. */
const ASKED = 24;
const RANKED: Readonly<Record<string, string>> = {
  memory: 'memory_working_set_bytes',
  memory_share: 'memory_working_set_bytes',
};

interface Properties {
  where: Readonly<Record<string, string>>;
  several: boolean;
}

/** The few that use most now; slices left out, as they are sums of others. */
export function TopTable({ where, several }: Properties) {
  const by = RANKED[(query.value.get('sort') ?? '').replace('-', '')] ?? 'cpu_usage_usec_per_second';
  const filter = {
    where: { ...where, container_kind: LEAF_KINDS },
    columns: CONTAINER_COLUMNS,
    health: PRESENT,
    top: { by, limit: ASKED },
  };
  const { data, problem, loading, retry } = useListing('container', filter);
  const [keys, setKeys] = useState<readonly string[]>([]);
  const trends = useTrends({
    entity: 'container',
    metrics: CGROUP_TRENDS,
    by: ['cluster', 'node', 'container_id'],
    keys,
  });
  const columns = containerColumns(trends, several);
  const { sort, onSort } = useSort(columns, { id: 'cpu', descending: true });
  return (
    <>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <DataTable
        caption="Containers and units that use most now"
        columns={columns}
        rows={data?.entities ?? []}
        rowKey={containerKey}
        sort={sort}
        onSort={onSort}
        onShown={setKeys}
        most={MOST}
        dimmed={loading && data === null}
        empty={
          data === null ? (
            <span class="loading-note">Loading…</span>
          ) : (
            'No container or unit has rows. Sources shows whether the agent may read the cgroup tree.'
          )
        }
      />
    </>
  );
}
