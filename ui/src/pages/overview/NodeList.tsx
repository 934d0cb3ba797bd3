import { useState } from 'preact/hooks';
import type { Entity } from '../../api/row';
import { hasPods } from '../../app/nav';
import { DataTable } from '../../tables/DataTable';
import { useTrends } from '../../tables/trends';
import { useSort } from '../../tables/useSort';
import { NODE_TRENDS, nodeColumns, nodeKey } from '../nodes/columns';

/** The nodes in short: the columns that one looks at first. */
const SHORT = [
  'node',
  'health',
  'cpu',
  'cpu_share',
  'memory',
  'memory_share',
  'load',
  'pressure',
  'pods',
  'containers',
];

export function NodeList({ nodes }: { nodes: readonly Entity[] }) {
  const [keys, setKeys] = useState<readonly string[]>([]);
  const trends = useTrends({ entity: 'node', metrics: NODE_TRENDS, by: ['cluster', 'node'], keys });
  const columns = nodeColumns(trends, hasPods.value).filter((column) => SHORT.includes(column.id));
  const { sort, onSort } = useSort(columns, { id: 'cpu_share', descending: true });
  return (
    <DataTable
      caption="Nodes"
      columns={columns}
      rows={nodes}
      rowKey={nodeKey}
      sort={sort}
      onSort={onSort}
      onShown={setKeys}
      most={20}
      empty="No node."
    />
  );
}
