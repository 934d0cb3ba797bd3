import { useState } from 'preact/hooks';
import { PRESENT } from '../../api/entities';
import { Page } from '../../app/Page';
import { POD_COLUMNS } from '../../measures/cgroup';
import { nodes, useListing } from '../../state/inventory';
import { scope, scopeWhere } from '../../state/scope';
import { DataTable } from '../../tables/DataTable';
import { fits, parseFilter } from '../../tables/filter';
import { useTrends } from '../../tables/trends';
import { useSort } from '../../tables/useSort';
import { CGROUP_TRENDS } from '../containers/columns';
import { Fault } from '../parts/Empty';
import { FilterBox, filterText } from '../parts/FilterBox';
import { podColumns, podFields, podKey, podWorkload } from './columns';

/** Every pod, as its node sees it. */
export function Pods() {
  const where = scopeWhere(scope.value);
  const { data, problem, loading, retry } = useListing('pod', { where, columns: POD_COLUMNS, health: PRESENT });
  const [keys, setKeys] = useState<readonly string[]>([]);
  const trends = useTrends({ entity: 'pod', metrics: CGROUP_TRENDS, by: ['cluster', 'node', 'pod_uid'], keys });
  const named = data?.entities.some((pod) => podWorkload(pod) !== null) ?? false;
  const columns = podColumns(trends, (nodes.value?.length ?? 0) > 1 && scope.value.node === null, named);
  const { sort, onSort } = useSort(columns, { id: 'cpu', descending: true });
  const terms = parseFilter(filterText());
  const all = data?.entities ?? [];
  const rows = all.filter((pod) => fits(terms, podFields(pod)));
  return (
    <Page title="Pods" scope={['cluster', 'node', 'namespace']}>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <div class="filter-bar">
        <FilterBox label="Filter pods" hint="Filter: words, namespace:shop, workload:web, qos:besteffort, cpu>0.1 …" />
        <span class="total num" aria-live="polite">
          {rows.length} of {all.length} pods
        </span>
      </div>
      <DataTable
        caption="Pods"
        columns={columns}
        rows={rows}
        rowKey={podKey}
        sort={sort}
        onSort={onSort}
        dimmed={loading && data === null}
        onShown={setKeys}
        empty={
          data === null ? (
            <span class="loading-note">Loading…</span>
          ) : all.length > 0 ? (
            'No pod fits the filter.'
          ) : (
            'No agent sees a pod. Pods are found by their cgroups (kubepods), so this node runs none, or its agent may not read the cgroup tree: see Sources.'
          )
        }
      />
    </Page>
  );
}
