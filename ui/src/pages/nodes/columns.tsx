import { number, ratio, text } from '../../api/row';
import type { Entity } from '../../api/row';
import type { Verdict as Judged } from '../../api/verdicts';
import { exact, format } from '../../format/number';
import { ago, duration, parseMoment } from '../../format/time';
import * as measure from '../../measures/node';
import { nodeLink } from '../../routes/links';
import { now } from '../../state/clock';
import { ShareCell, shareTitle, TrendCell } from '../../tables/cells';
import type { Column } from '../../tables/column';
import { trendKey } from '../../tables/trends';
import type { Trends } from '../../tables/trends';
import { HealthMark } from '../parts/HealthMark';
import { verdictColumn } from '../parts/standingColumns';

export const NODE_TRENDS = ['cpu_usage_usec_per_second', 'memory_working_set_bytes'] as const;

/** The key of a node in a table and in its trends. */
export function nodeKey(node: Entity): string {
  return trendKey([text(node, 'cluster'), text(node, 'node')]);
}

function uptime(node: Entity): number | null {
  const boot = parseMoment(text(node, 'boot_time') ?? '');
  return boot === null ? null : (now.peek() - boot) / 1000;
}

/** The columns of the table of nodes. `pods` when there are any. */
export function nodeColumns(
  trends: Trends,
  pods: boolean,
  verdict: (node: Entity) => Judged | null = () => null,
): Column<Entity>[] {
  const trend = (node: Entity, metric: (typeof NODE_TRENDS)[number]) => trends.get(nodeKey(node))?.[metric];
  return [
    {
      id: 'node',
      header: 'Node',
      value: (node) => text(node, 'node'),
      cell: (node) => (
        <a class="cell-name" href={nodeLink(node)}>
          {text(node, 'node')}
          {text(node, 'cluster') !== null && <small>{text(node, 'cluster')}</small>}
        </a>
      ),
    },
    { id: 'health', header: 'State', value: (node) => node.health.state, cell: (node) => <HealthMark entity={node} /> },
    verdictColumn(verdict, (node) => ({ cluster: text(node, 'cluster'), node: text(node, 'node') })),
    {
      id: 'cpu',
      header: 'CPU',
      help: 'Processors busy, and their number on hover',
      end: true,
      value: measure.cpuUsed,
      cell: (node) => <TrendCell unit="cores" value={measure.cpuUsed(node)} trend={trend(node, NODE_TRENDS[0])} />,
      title: (node) => shareTitle('cores', measure.cpuUsed(node), measure.cpuCores(node)),
    },
    {
      id: 'cpu_share',
      header: 'CPU %',
      help: 'Share of all processors',
      end: true,
      value: measure.cpuShare,
      cell: (node) => <ShareCell share={measure.cpuShare(node)} />,
    },
    {
      id: 'memory',
      header: 'Memory',
      help: 'In use, cache left out; the line is the working set',
      end: true,
      value: measure.memoryUsed,
      cell: (node) => (
        <TrendCell unit="bytes" value={measure.memoryUsed(node)} trend={trend(node, NODE_TRENDS[1])} tone="b" />
      ),
      title: (node) => shareTitle('bytes', measure.memoryUsed(node), measure.memoryTotal(node)),
    },
    {
      id: 'memory_share',
      header: 'Memory %',
      help: 'Share of all memory in use; paler, the cache',
      end: true,
      value: measure.memoryShare,
      cell: (node) => (
        <ShareCell
          share={measure.memoryShare(node)}
          quiet={ratio(measure.memoryCache(node), measure.memoryTotal(node))}
        />
      ),
    },
    {
      id: 'load',
      header: 'Load',
      help: 'Tasks that run or wait, mean of a minute',
      end: true,
      value: (node) => number(node, 'load_1m'),
      cell: (node) => format('count', number(node, 'load_1m')),
    },
    {
      id: 'pressure',
      header: 'Pressure',
      help: 'Share of the time in which some task waited, for the resource that is shortest',
      end: true,
      value: (node) => measure.pressure(node)?.share ?? null,
      cell: (node) => {
        const most = measure.pressure(node);
        return most ? format('percent', most.share * 100) : <span class="muted">–</span>;
      },
      title: (node) => {
        const most = measure.pressure(node);
        return most ? `${most.of}: ${exact('percent', most.share * 100)}` : 'This kernel counts no pressure';
      },
    },
    byteRate('received', 'Received', measure.received),
    byteRate('sent', 'Sent', measure.sent),
    byteRate('read', 'Read', measure.read),
    byteRate('written', 'Written', measure.written),
    ...(pods ? [count('pods', 'Pods', 'pods_running')] : []),
    count('containers', 'Containers', 'containers_running'),
    {
      id: 'uptime',
      header: 'Up',
      help: 'Since the kernel started',
      end: true,
      value: uptime,
      cell: (node) => duration(uptime(node) ?? Number.NaN),
      title: (node) => `started ${ago(parseMoment(text(node, 'boot_time') ?? '') ?? Number.NaN, now.peek())}`,
    },
    {
      id: 'kernel',
      header: 'Kernel',
      value: (node) => text(node, 'kernel_version'),
      cell: (node) => text(node, 'kernel_version') ?? '–',
      title: (node) => text(node, 'os_image') ?? undefined,
    },
  ];
}

function byteRate(id: string, header: string, of: (node: Entity) => number | null): Column<Entity> {
  return {
    id,
    header,
    help: 'Bytes per second',
    end: true,
    value: of,
    cell: (node) => format('bytes_per_second', of(node)),
    title: (node) => exact('bytes_per_second', of(node)),
  };
}

function count(id: string, header: string, column: string): Column<Entity> {
  return {
    id,
    header,
    end: true,
    value: (node) => number(node, column),
    cell: (node) => format('count', number(node, column)),
    title: (node) => exact('count', number(node, column)),
  };
}
