import type { Agent } from '../../api/sources';
import { Icon } from '../../app/icons';
import { exact, format } from '../../format/number';
import { ago, dateTime, duration, parseMoment } from '../../format/time';
import { link, nodeLink } from '../../routes/links';
import { now } from '../../state/clock';
import { zone } from '../../state/zone';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { useSort } from '../../tables/useSort';

/** Silence after which an agent is worth a look: it reports at least once a minute. */
const SILENT_MS = 90_000;
/** Capabilities above which a list is no use: it runs as root. */
const MOST_NAMED = 8;

function count(id: string, header: string, help: string, of: (it: Agent) => number, bad = false): Column<Agent> {
  return {
    id,
    header,
    help,
    end: true,
    value: of,
    cell: (it) => <span class={bad && of(it) > 0 ? 'status bad' : ''}>{format('count', of(it))}</span>,
    title: (it) => exact('count', of(it)),
  };
}

const COLUMNS: readonly Column<Agent>[] = [
  {
    id: 'node',
    header: 'Node',
    value: (it) => it.node,
    cell: (it) => <a href={nodeLink(it)}>{it.node}</a>,
    title: (it) => `agent ${it.agent}`,
  },
  {
    id: 'state',
    header: 'State',
    value: (it) => it.last_seen,
    cell: (it) => {
      const at = parseMoment(it.last_seen) ?? 0;
      const silent = now.value - at > SILENT_MS;
      const failing = it.ship.failures_in_a_row > 0;
      return (
        <span class={`status ${silent || failing ? 'warn' : 'good'}`}>
          <Icon name={silent || failing ? 'warn' : 'ok'} />
          {silent ? `silent, ${ago(at, now.value)}` : failing ? 'cannot send' : 'reporting'}
        </span>
      );
    },
    title: (it) => [`last heard ${it.last_seen}`, it.ship.last_failure].filter((part) => part !== null).join('; '),
  },
  {
    id: 'version',
    header: 'Version',
    value: (it) => it.version,
    cell: (it) => it.version,
    title: (it) => `started ${dateTime(parseMoment(it.started) ?? 0, zone.value)}`,
  },
  {
    id: 'interval',
    header: 'Every',
    help: 'Seconds between rows',
    end: true,
    value: (it) => it.interval_seconds,
    cell: (it) => (
      <span class={it.interval_seconds > it.wanted_interval_seconds ? 'status warn' : ''}>
        {duration(it.interval_seconds)}
      </span>
    ),
    title: (it) =>
      it.interval_seconds > it.wanted_interval_seconds
        ? `${it.wanted_interval_seconds} s are configured, but reading costs more than it may`
        : `as configured`,
  },
  {
    id: 'lag',
    header: 'Lag',
    help: 'Age of the oldest row that the server does not have yet',
    end: true,
    value: (it) => it.lag_seconds,
    cell: (it) => duration(it.lag_seconds),
  },
  {
    id: 'uid',
    header: 'Runs as',
    help: 'uid:gid',
    value: (it) => it.uid,
    cell: (it) => <span class="mono">{`${it.uid}:${it.gid}`}</span>,
    title: (it) => (it.groups.length > 0 ? `further groups: ${it.groups.join(' ')}` : 'no further groups'),
  },
  {
    id: 'capabilities',
    header: 'Capabilities',
    value: (it) => it.capabilities.length,
    cell: (it) => <span class="mono">{capabilities(it)}</span>,
    title: (it) => it.capabilities.join(' '),
  },
  {
    id: 'spool',
    header: 'Waiting',
    help: 'Rows on the disk of the node that the server does not have yet',
    end: true,
    value: (it) => it.spool.rows,
    cell: (it) => format('count', it.spool.rows),
    title: (it) =>
      `${exact('count', it.spool.rows)} rows in ${exact('count', it.spool.frames)} frames, ${exact('bytes', it.spool.bytes)}; files ${exact('bytes', it.spool.disk_bytes)}`,
  },
  {
    id: 'rung',
    header: 'Rights',
    help: 'How much the agent may see: everything, or without what the sources name as missing',
    value: (it) => it.features.filter((feature) => !feature.present).length,
    cell: (it) => {
      const dark = it.features.filter((feature) => !feature.present).length;
      return dark === 0 ? 'all there is' : <a href={link('/sources')}>{`${dark} dark`}</a>;
    },
    title: (it) =>
      it.features
        .filter((feature) => !feature.present)
        .map((feature) => `${feature.name}: ${feature.meaning}`)
        .join('\n'),
  },
  count(
    'dropped',
    'Lost rows',
    'Rows given up since the start: spool full, damaged, too large',
    (it) => it.spool.dropped_rows,
    true,
  ),
  {
    id: 'log_loss',
    header: 'Logs lost',
    help: 'Of the bytes that containers wrote since the start: gone before they could be read, or left behind. Lines left out by limits or refused, on hover.',
    end: true,
    value: (it) => logLoss(it),
    cell: (it) => {
      const lost = logLoss(it);
      if (lost === null) return '–';
      return <span class={lost > 0 ? 'status bad' : ''}>{lost === 0 ? 'none' : format('bytes', lost)}</span>;
    },
    title: (it) =>
      it.logs &&
      `${exact('bytes', it.logs.written_bytes)} written, ${exact('bytes', it.logs.read_bytes)} read, ${exact('bytes', it.logs.unread_bytes)} not read yet; ${exact('count', it.logs.entries)} lines, ${exact('count', it.logs.acknowledged_entries)} acknowledged, ${exact('count', it.logs.limited_entries)} left out by limits, ${exact('count', it.logs.refused_entries)} refused`,
  },
  count('refused', 'Refused', 'Frames that the server would not take', (it) => it.spool.refused_frames, true),
  count('missed', 'Missed ticks', 'Ticks without a reading since the start', (it) => it.own.missed_ticks, true),
  {
    id: 'cpu',
    header: 'CPU a tick',
    help: 'Processor time of the last tick; all since the start on hover',
    end: true,
    value: (it) => it.own.tick_cpu_seconds,
    cell: (it) => format('seconds', it.own.tick_cpu_seconds),
    title: (it) => `${exact('seconds', it.own.cpu_seconds)} in ${exact('count', it.own.ticks)} ticks, whole process`,
  },
  {
    id: 'memory',
    header: 'Memory',
    help: 'Resident',
    end: true,
    value: (it) => it.own.resident_bytes,
    cell: (it) => format('bytes', it.own.resident_bytes),
    title: (it) => exact('bytes', it.own.resident_bytes),
  },
];

/** Bytes of logs that nobody will read any more; null where none are collected. */
function logLoss({ logs }: Agent): number | null {
  return logs ? logs.lost_bytes + logs.skipped_bytes : null;
}

function capabilities({ capabilities: held }: Agent): string {
  if (held.length === 0) return 'none';
  return held.length > MOST_NAMED ? `${held.length} of them` : held.join(' ');
}

/** Who reads: each agent with its version, its rights, what waits in its spool and what it costs. */
export function Agents({ agents }: { agents: readonly Agent[] | null }) {
  const { sort, onSort } = useSort(COLUMNS, { id: 'node', descending: false });
  return (
    <DataTable
      caption="Agents"
      columns={COLUMNS}
      rows={agents ?? []}
      rowKey={(it) => it.agent}
      sort={sort}
      onSort={onSort}
      empty={
        agents === null ? (
          <span class="loading-note">Loading…</span>
        ) : (
          'No agent has reported. It does so within a minute of its start; if none appears, look at its log.'
        )
      }
    />
  );
}
