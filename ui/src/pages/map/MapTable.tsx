import { alarmNames, ALARM_LEVELS, levelOf } from '../../map/alarmed';
import type { Alarmed } from '../../map/alarmed';
import type { Cell } from '../../map/cell';
import { Icon } from '../../app/icons';
import { alarmLink } from '../../routes/alarmLinks';
import { severityRank } from '../../api/verdicts';
import { nodeLink, podLink } from '../../routes/links';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { useSort } from '../../tables/useSort';
import { Verdict } from '../parts/VerdictMark';
import type { Colouring } from './colouring';
import { ALARMS } from './state';

interface Properties {
  cells: readonly Cell[];
  /** All ways to colour, each a column; what the map shows now comes first. */
  colourings: readonly Colouring[];
  colour: string;
  /** What goes off on them; null where the server has no alarms. */
  alarmed: Alarmed | null;
}

/** The map as a table: the same pods, and every value that it can be coloured by. */
export function MapTable({ cells, colourings, colour, alarmed }: Properties) {
  const columns = columnsOf(colourings, alarmed);
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

function columnsOf(colourings: readonly Colouring[], alarmed: Alarmed | null): Column<Cell>[] {
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
    ...(alarmed ? [alarmColumn(alarmed)] : []),
    ...colourings
      .filter((one) => one.id !== 'health' && one.id !== ALARMS)
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

const MOST_NAMED = 3;

/** The alarms on each pod, the worst first, with the way to each. */
function alarmColumn({ cells }: Alarmed): Column<Cell> {
  return {
    id: ALARMS,
    header: 'Alarms',
    help: 'Alarms that go off on the pod or on a container of it',
    optional: true,
    value: (cell) => {
      const level = ALARM_LEVELS.indexOf(levelOf(cells.get(cell.key)));
      return level === 0 ? null : level;
    },
    cell: (cell) => {
      const found = cells.get(cell.key) ?? [];
      const names = alarmNames(found);
      if (names.length === 0) return <span class="muted">–</span>;
      return (
        <span class={`status ${levelOf(found) === 'critical' ? 'bad' : 'warn'}`}>
          <Icon name="alarms" />
          <span>
            {names.slice(0, MOST_NAMED).map((name, index) => (
              <span key={name}>
                {index > 0 && ', '}
                <a href={alarmLink(name)}>{name}</a>
              </span>
            ))}
            {names.length > MOST_NAMED && ` and ${names.length - MOST_NAMED} more`}
          </span>
        </span>
      );
    },
    title: (cell) =>
      (cells.get(cell.key) ?? []).map(({ alarm, contributor }) => `${alarm.name}: ${contributor.reason}`).join('\n') ||
      undefined,
  };
}
