import { Icon } from '../../app/icons';
import { exact, format } from '../../format/number';
import type { Unit } from '../../format/number';
import { ago, dateTime } from '../../format/time';
import { containerLink } from '../../routes/links';
import { now } from '../../state/clock';
import type { PodContainer } from '../../state/podParts';
import { zone } from '../../state/zone';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { useSort } from '../../tables/useSort';
import { Section } from '../parts/Section';

interface Properties {
  node: string | null;
  cluster: string | null;
  containers: readonly PodContainer[];
}

/** How each container of a pod is, what it may use, and how its run before ended. */
export function ContainerStates({ node, cluster, containers }: Properties) {
  const columns = columnsOf(node, cluster);
  const { sort, onSort } = useSort(columns, { id: 'name', descending: false }, 'sort_states');
  return (
    <Section id="states" title="As the Kubernetes API tells it">
      <DataTable
        caption="States of its containers"
        columns={columns}
        rows={containers}
        rowKey={(it) => it.name}
        sort={sort}
        onSort={onSort}
        empty="The Kubernetes API tells of no container of it."
      />
    </Section>
  );
}

function columnsOf(node: string | null, cluster: string | null): Column<PodContainer>[] {
  return [
    {
      id: 'name',
      header: 'Container',
      value: (it) => it.name,
      cell: (it) => (
        <span class="cell-name">
          {it.id === null || node === null ? (
            it.name
          ) : (
            <a href={containerLink({ cluster, node, container_id: it.id })}>{it.name}</a>
          )}
          {it.role !== null && it.role !== 'container' && <small>{it.role}</small>}
        </span>
      ),
    },
    {
      id: 'state',
      header: 'State',
      value: (it) => it.state,
      cell: (it) => {
        const bad = it.state === 'waiting' || (it.state === 'terminated' && it.reason !== 'Completed');
        const words = [it.state ?? 'unknown', it.reason].filter((part) => part !== null).join(': ');
        return (
          <span class={`status ${it.state === null ? 'none' : bad ? 'warn' : 'good'}`}>
            <Icon name={it.state === null ? 'absent' : bad ? 'warn' : 'ok'} />
            {words}
          </span>
        );
      },
    },
    {
      id: 'restarts',
      header: 'Restarts so far',
      end: true,
      value: (it) => it.restarts,
      cell: (it) => format('count', it.restarts),
    },
    {
      id: 'last',
      header: 'Ended before',
      help: 'How the run before ended',
      value: (it) => it.lastEnded,
      cell: (it) =>
        it.lastEnded === null ? (
          <span class="muted">never</span>
        ) : (
          `${it.lastReason ?? 'unknown reason'}${it.lastExitCode === null ? '' : `, exit ${it.lastExitCode}`}, ${ago(it.lastEnded, now.value)}`
        ),
      title: (it) => (it.lastEnded === null ? undefined : dateTime(it.lastEnded, zone.value)),
    },
    bounds('cpu', 'CPU req. / limit', 'cores', (it) => [it.cpuRequestCores, it.cpuLimitCores]),
    bounds('memory', 'Memory req. / limit', 'bytes', (it) => [it.memoryRequestBytes, it.memoryLimitBytes]),
    {
      id: 'image',
      header: 'Image',
      value: (it) => it.image,
      cell: (it) => <span class="mono">{it.image ?? '–'}</span>,
    },
  ];
}

function bounds(
  id: string,
  header: string,
  unit: Unit,
  of: (it: PodContainer) => readonly [number | null, number | null],
): Column<PodContainer> {
  return {
    id,
    header,
    end: true,
    value: (it) => of(it)[0],
    cell: (it) => `${format(unit, of(it)[0])} / ${format(unit, of(it)[1])}`,
    title: (it) => `requested ${exact(unit, of(it)[0])}, limit ${exact(unit, of(it)[1])}`,
  };
}
