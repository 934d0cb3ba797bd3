import { number, text } from '../../api/row';
import type { Entity } from '../../api/row';
import { exact, format } from '../../format/number';
import { duration, parseMoment } from '../../format/time';
import * as measure from '../../measures/cgroup';
import { containerLink, nodeLink } from '../../routes/links';
import { now } from '../../state/clock';
import { ShareCell, shareTitle, TrendCell } from '../../tables/cells';
import type { Column } from '../../tables/column';
import { trendKey } from '../../tables/trends';
import type { Trends } from '../../tables/trends';
import { HealthMark } from '../parts/HealthMark';

export const CGROUP_TRENDS = ['cpu_usage_usec_per_second', 'memory_working_set_bytes'] as const;

/** The key of a container in a table and in its trends. */
export function containerKey(it: Entity): string {
  return trendKey([text(it, 'cluster'), text(it, 'node'), text(it, 'container_id')]);
}

/** Columns that containers and pods share. */
export function cgroupColumns(key: (it: Entity) => string, trends: Trends): Column<Entity>[] {
  const trend = (it: Entity, metric: (typeof CGROUP_TRENDS)[number]) => trends.get(key(it))?.[metric];
  return [
    {
      id: 'cpu',
      header: 'CPU',
      help: 'Cores used; the quota, on hover',
      end: true,
      value: measure.cpuUsed,
      cell: (it) => <TrendCell unit="cores" value={measure.cpuUsed(it)} trend={trend(it, CGROUP_TRENDS[0])} />,
      title: (it) => shareTitle('cores', measure.cpuUsed(it), measure.cpuLimit(it)),
    },
    {
      id: 'throttled',
      header: 'Throttled',
      help: 'Share of the periods in which the CPU quota ran out; absent without a quota',
      end: true,
      optional: true,
      value: measure.throttled,
      cell: (it) => percent(measure.throttled(it)),
      title: (it) =>
        measure.cpuLimit(it) === null ? 'no quota' : exact('percent', (measure.throttled(it) ?? 0) * 100),
    },
    {
      id: 'memory',
      header: 'Memory',
      help: 'Working set: what eviction looks at',
      end: true,
      value: measure.memoryUsed,
      cell: (it) => (
        <TrendCell unit="bytes" value={measure.memoryUsed(it)} trend={trend(it, CGROUP_TRENDS[1])} tone="b" />
      ),
      title: (it) => shareTitle('bytes', measure.memoryUsed(it), measure.memoryLimit(it)),
    },
    {
      id: 'memory_share',
      header: 'Of limit',
      help: 'Working set as a share of the memory limit; absent without a limit',
      end: true,
      optional: true,
      value: measure.memoryShare,
      cell: (it) => <ShareCell share={measure.memoryShare(it)} />,
      title: (it) => shareTitle('bytes', measure.memoryUsed(it), measure.memoryLimit(it)),
    },
    byteRate('read', 'Read', 'Bytes per second from block devices', measure.read),
    byteRate('written', 'Written', 'Bytes per second to block devices', measure.written),
    {
      id: 'tasks',
      header: 'Tasks',
      help: 'Threads, counted one by one',
      end: true,
      value: measure.tasks,
      cell: (it) => format('count', measure.tasks(it)),
      title: (it) => exact('count', measure.tasks(it)),
    },
    {
      id: 'age',
      header: 'Age',
      help: 'Since the cgroup was made',
      end: true,
      value: age,
      cell: (it) => duration(age(it) ?? Number.NaN),
      title: (it) => text(it, 'started_time') ?? undefined,
    },
  ];
}

/** The columns of the table of containers, units and slices. */
export function containerColumns(trends: Trends, several: boolean): Column<Entity>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      value: measure.containerName,
      cell: (it) => (
        <a class="cell-name" href={containerLink(it)} title={text(it, 'container_id') ?? ''}>
          {measure.containerName(it)}
          <small>{measure.containerPlace(it)}</small>
        </a>
      ),
    },
    {
      id: 'kind',
      header: 'Kind',
      value: (it) => text(it, 'container_kind'),
      cell: (it) => <span class="badge">{text(it, 'container_kind') ?? 'unknown'}</span>,
      title: (it) => text(it, 'runtime') ?? undefined,
    },
    { id: 'health', header: 'State', value: (it) => it.health.state, cell: (it) => <HealthMark entity={it} /> },
    ...(several
      ? [
          {
            id: 'node',
            header: 'Node',
            value: (it: Entity) => text(it, 'node'),
            cell: (it: Entity) => <a href={nodeLink(it)}>{text(it, 'node')}</a>,
          },
        ]
      : []),
    ...cgroupColumns(containerKey, trends),
  ];
}

function age(it: Entity): number | null {
  const started = parseMoment(text(it, 'started_time') ?? '');
  return started === null ? null : Math.max(0, (now.peek() - started) / 1000);
}

function percent(share: number | null): string {
  return format('percent', share === null ? null : share * 100);
}

export function byteRate(id: string, header: string, help: string, of: (it: Entity) => number | null): Column<Entity> {
  return {
    id,
    header,
    help,
    end: true,
    optional: true,
    value: of,
    cell: (it) => format('bytes_per_second', of(it)),
    title: (it) => exact('bytes_per_second', of(it)),
  };
}

/** What the filter box looks at. */
export function containerFields(it: Entity) {
  return {
    texts: {
      name: measure.containerName(it),
      id: text(it, 'container_id'),
      kind: text(it, 'container_kind'),
      runtime: text(it, 'runtime'),
      node: text(it, 'node'),
      namespace: text(it, 'namespace'),
      pod: text(it, 'pod'),
      state: it.health.state,
    },
    numbers: {
      cpu: measure.cpuUsed(it),
      memory: measure.memoryUsed(it),
      tasks: measure.tasks(it),
      oom: number(it, 'memory_oom_kills'),
    },
  };
}
