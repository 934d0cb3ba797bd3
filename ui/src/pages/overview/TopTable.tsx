import { useState } from 'preact/hooks';
import { PRESENT, text } from '../../api/entities';
import { CONTAINER_COLUMNS } from '../../measures/cgroup';
import * as measure from '../../measures/cgroup';
import { LEAF_KINDS } from '../../panels/cgroup';
import { useListing } from '../../state/inventory';
import { DataTable } from '../../tables/DataTable';
import { useTrends } from '../../tables/trends';
import { useSort } from '../../tables/useSort';
import { CGROUP_TRENDS, containerColumns, containerKey } from '../containers/columns';
import { Fault } from '../parts/Empty';

const MOST = 8;

interface Properties {
  where: Readonly<Record<string, string>>;
  several: boolean;
}

/** The few that use most now; slices left out, as they are sums of others. */
export function TopTable({ where, several }: Properties) {
  const { data, problem, loading, retry } = useListing('container', { where, columns: CONTAINER_COLUMNS, health: PRESENT });
  const [keys, setKeys] = useState<readonly string[]>([]);
  const trends = useTrends({ entity: 'container', metrics: CGROUP_TRENDS, by: ['cluster', 'node', 'container_id'], keys });
  const columns = containerColumns(trends, several);
  const { sort, onSort } = useSort(columns, { id: 'cpu', descending: true });
  const leaves = (data?.entities ?? []).filter((it) => LEAF_KINDS.includes(text(it, 'container_kind') ?? ''));
  const idle = leaves.filter((it) => (measure.cpuUsed(it) ?? 0) > 0 || (measure.memoryUsed(it) ?? 0) > 0);
  return (
    <>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <DataTable
        caption="Containers and units that use most now"
        columns={columns}
        rows={idle}
        rowKey={containerKey}
        sort={sort}
        onSort={onSort}
        onShown={setKeys}
        most={MOST}
        dimmed={loading && data === null}
        empty={data === null ? <span class="loading-note">Loading…</span> : 'No container or unit has rows. Sources shows whether the agent may read the cgroup tree.'}
      />
    </>
  );
}
