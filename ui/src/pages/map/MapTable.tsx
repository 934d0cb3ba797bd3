import type { Cell } from '../../map/cell';
import { severityRank } from '../../api/verdicts';
import { nodeLink, podLink } from '../../routes/links';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { useSort } from '../../tables/useSort';
import { Verdict } from '../parts/VerdictMark';
import type { Colouring } from './colouring';

interface Properties {
  cells: readonly Cell[];
  /** All ways to colour, each a column; what the map shows now comes first. */
  colourings: readonly Colouring[];
  colour: string;
}

/** The map as a table: the same pods, and every value that it can be coloured by. */
export function MapTable({ cells, colourings, colour }: Properties) {
  const columns = columnsOf(colourings);
  const { sort, onSort } = useSort(columns, { id: colour, descending: true });
  return (
    <DataTable
      caption="Pods of the map"
      columns={columns}
      rows={cells}
      rowKey={(cell) => cell.key}
      sort={sort}
      onSort={onSort}
      empty="No pod fits the filter."
    />
  );
}

function columnsOf(colourings: readonly Colouring[]): Column<Cell>[] {
  return [
    {
      id: 'name',
      header: 'Pod',
      value: (cell) => cell.name,
      cell: (cell) => (
        <a class="cell-name" href={podLink({ cluster: cell.cluster, pod_uid: cell.uid })}>
          {cell.name}
          <small>{cell.namespace ?? 'namespace not known yet'}</small>
        </a>
      ),
    },
    {
      id: 'namespace',
      header: 'Namespace',
      value: (cell) => cell.namespace,
      cell: (cell) => cell.namespace ?? '–',
    },
    {
      id: 'workload',
      header: 'Workload',
      optional: true,
      value: (cell) => cell.workload,
      cell: (cell) => cell.workload ?? '–',
    },
    {
      id: 'node',
      header: 'Node',
      value: (cell) => cell.node,
      cell: (cell) =>
        cell.node === null ? '–' : <a href={nodeLink({ cluster: cell.cluster, node: cell.node })}>{cell.node}</a>,
    },
    {
      id: 'health',
      header: 'Health',
      optional: true,
      value: (cell) => (cell.severity === null ? null : -severityRank(cell.severity)),
      cell: (cell) =>
        cell.verdict ? (
          <Verdict verdict={cell.verdict} />
        ) : cell.severity === null ? (
          '–'
        ) : (
          <Verdict verdict={{ word: 'healthy', severity: 'ok', reason: 'nothing is amiss' }} />
        ),
    },
    ...colourings
      .filter((one) => one.id !== 'health')
      .map((one): Column<Cell> => ({
        id: one.id,
        header: one.label,
        help: `${one.help} –: ${one.absent}.`,
        end: true,
        value: one.value,
        cell: (cell) => one.write(cell) ?? '–',
      })),
  ];
}
