import { useState } from 'preact/hooks';
import { text } from '../../api/row';
import { hasPods } from '../../app/nav';
import * as measure from '../../measures/node';
import { link } from '../../routes/links';
import { EVERY_NODE, useListing } from '../../state/inventory';
import { useJudged, verdictKeys } from '../../state/judged';
import { DataTable } from '../../tables/DataTable';
import { fits, parseFilter } from '../../tables/filter';
import { useTrends } from '../../tables/trends';
import { useSort } from '../../tables/useSort';
import { Fault } from '../parts/Empty';
import { FilterBox, filterText } from '../parts/FilterBox';
import { NODE_TRENDS, nodeColumns, nodeKey } from './columns';

/** Nodes with their newest measurements; of one cluster, or of all. */
export function NodeTable({ cluster }: { cluster: string | null }) {
  const { data, problem, loading, retry } = useListing('node', EVERY_NODE);
  const [keys, setKeys] = useState<readonly string[]>([]);
  const trends = useTrends({ entity: 'node', metrics: NODE_TRENDS, by: ['cluster', 'node'], keys });
  const judged = useJudged(
    hasPods.value ? { kinds: ['Node'], ...(cluster === null ? {} : { cluster }) } : null,
    verdictKeys.node,
  );
  const columns = nodeColumns(trends, hasPods.value, (node) => judged.get(nodeKey(node)) ?? null);
  const { sort, onSort } = useSort(columns, { id: 'node', descending: false });
  const terms = parseFilter(filterText());
  const all = (data?.entities ?? []).filter((node) => cluster === null || text(node, 'cluster') === cluster);
  const rows = all.filter((node) =>
    fits(terms, {
      texts: {
        node: text(node, 'node'),
        cluster: text(node, 'cluster'),
        kernel: text(node, 'kernel_version'),
        os: text(node, 'os_image'),
        state: node.health.state,
        health: judged.get(nodeKey(node))?.word ?? null,
      },
      numbers: { cpu: measure.cpuUsed(node), memory: measure.memoryUsed(node) },
    }),
  );
  return (
    <>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <div class="filter-bar">
        <FilterBox label="Filter nodes" hint="Filter: name, state:stale, cpu>2 …" />
        <span class="total num">
          {rows.length} of {all.length} nodes
        </span>
      </div>
      <DataTable
        caption="Nodes"
        columns={columns}
        rows={rows}
        rowKey={nodeKey}
        sort={sort}
        onSort={onSort}
        dimmed={loading && data === null}
        onShown={setKeys}
        rowClass={(node) => (node.health.state === 'gone' ? 'gone' : undefined)}
        empty={
          data === null ? (
            <span class="loading-note">Loading…</span>
          ) : all.length > 0 ? (
            'No node fits the filter.'
          ) : (
            <>
              No agent has sent a row yet. <code>kansoku up</code> starts one on this machine; a node's own is started
              with <code>kansoku-agent</code>. See <a href={link('/sources')}>Sources</a>.
            </>
          )
        }
      />
    </>
  );
}
