import type { Agent } from '../../api/sources';
import { Icon } from '../../app/icons';
import { exact, format } from '../../format/number';
import { ago, duration, parseMoment } from '../../format/time';
import { nodeLink } from '../../routes/links';
import { now } from '../../state/clock';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { useSort } from '../../tables/useSort';

/** Silence after which an agent is worth a look. */
const SILENT_MS = 90_000;

function seen(agent: Agent): number | null {
  return agent.last_seen === null || agent.last_seen === undefined ? null : parseMoment(agent.last_seen);
}

function figure(part: Agent['spool'], name: string): number | null {
  const value = part?.[name];
  return typeof value === 'number' ? value : null;
}

const COLUMNS: readonly Column<Agent>[] = [
  { id: 'node', header: 'Node', value: (it) => it.node ?? null, cell: (it) => <a href={nodeLink(it)}>{it.node ?? '–'}</a>, title: (it) => `agent ${it.agent}` },
  {
    id: 'state',
    header: 'State',
    value: (it) => seen(it),
    cell: (it) => {
      const at = seen(it);
      const silent = at === null || now.value - at > SILENT_MS;
      return (
        <span class={`status ${silent ? 'warn' : 'good'}`}>
          <Icon name={silent ? 'warn' : 'ok'} />
          {at === null ? 'never heard' : silent ? `silent, ${ago(at, now.value)}` : 'reporting'}
        </span>
      );
    },
    title: (it) => it.last_seen ?? undefined,
  },
  { id: 'version', header: 'Version', value: (it) => it.version ?? null, cell: (it) => it.version ?? '–' },
  { id: 'lag', header: 'Lag', help: 'Age of the oldest row that the server does not have yet', end: true, value: (it) => it.lag_seconds ?? null, cell: (it) => (typeof it.lag_seconds === 'number' ? duration(it.lag_seconds) : '–') },
  { id: 'uid', header: 'Runs as', help: 'uid:gid', value: (it) => it.uid ?? null, cell: (it) => <span class="mono">{typeof it.uid === 'number' ? `${it.uid}:${it.gid ?? '?'}` : '–'}</span> },
  { id: 'capabilities', header: 'Capabilities', value: capabilities, cell: (it) => <span class="mono">{capabilities(it)}</span>, class: 'wrap' },
  { id: 'spool', header: 'Spool', help: 'Rows on the disk of the node that wait for the server', end: true, value: (it) => figure(it.spool, 'bytes'), cell: (it) => format('bytes', figure(it.spool, 'bytes')), title: (it) => spoolWords(it) },
  {
    id: 'dropped',
    header: 'Dropped',
    help: 'Frames given up because the spool was full',
    end: true,
    value: (it) => figure(it.spool, 'dropped_frames'),
    cell: (it) => <span class={(figure(it.spool, 'dropped_frames') ?? 0) > 0 ? 'status bad' : ''}>{format('count', figure(it.spool, 'dropped_frames'))}</span>,
  },
  { id: 'cpu', header: 'CPU used', help: 'Processor time of the agent since its start', end: true, value: (it) => figure(it.own, 'cpu_seconds'), cell: (it) => format('seconds', figure(it.own, 'cpu_seconds')), title: (it) => exact('seconds', figure(it.own, 'cpu_seconds')) },
  { id: 'memory', header: 'Memory', end: true, value: (it) => figure(it.own, 'resident_bytes'), cell: (it) => format('bytes', figure(it.own, 'resident_bytes')), title: (it) => exact('bytes', figure(it.own, 'resident_bytes')) },
];

function capabilities(agent: Agent): string {
  const held = agent.capabilities;
  if (held === null || held === undefined) return '–';
  const list = Array.isArray(held) ? held : held.split(/[\s,]+/).filter((one) => one !== '');
  if (list.length === 0) return 'none';
  return list.length > 8 ? `${list.length} of them (root)` : list.join(' ');
}

function spoolWords(agent: Agent): string {
  return Object.entries(agent.spool ?? {})
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join('\n');
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
      empty={agents === null ? <span class="loading-note">Loading…</span> : 'No agent has reported. It does so within a minute of its start; if none appears, look at its log.'}
    />
  );
}
