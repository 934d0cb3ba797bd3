import { useState } from 'preact/hooks';
import { searchEntities } from '../../api/entities';
import { text } from '../../api/row';
import type { Entity } from '../../api/row';
import type { Agent } from '../../api/sources';
import type { Status } from '../../api/status';
import { exact, format, spoken } from '../../format/number';
import { dateTime, duration, parseMoment } from '../../format/time';
import { now } from '../../state/clock';
import { useResource } from '../../state/resource';
import { zone } from '../../state/zone';
import { DataTable } from '../../tables/DataTable';
import { useTrends } from '../../tables/trends';
import { useSort } from '../../tables/useSort';
import { CGROUP_TRENDS, containerColumns, containerKey } from '../containers/columns';
import { Facts } from '../parts/Facts';
import { Section } from '../parts/Section';

/** As many of its own containers as are looked for. */
const MOST = 500;
const PART_OF = 'app.kubernetes.io/part-of';

/** Columns that say what is used of what is allowed. */
const SHOWN = ['name', 'node', 'health', 'cpu', 'throttled', 'memory', 'memory_share', 'age'];

/** Containers and units of Kansoku itself, by label or by name. */
export function isOwn(it: Entity): boolean {
  if (text(it, 'container_kind') === 'sandbox') return false;
  if (it.known_as?.labels?.[PART_OF] === 'kansoku') return true;
  const id = text(it, 'container_id') ?? '';
  return id.startsWith('/') && (text(it, 'container') ?? id.split('/').at(-1) ?? '').startsWith('kansoku');
}

/** What Kansoku itself uses: the server by its own account, and every part of it by its control group and its limit. */
export function OwnCost({ status, agents }: { status: Status | null; agents: readonly Agent[] | null }) {
  const found = useResource('own containers', now.value, (signal) =>
    searchEntities('container', 'kansoku', MOST, signal).then((all) => all.filter(isOwn)),
  );
  const [keys, setKeys] = useState<readonly string[]>([]);
  const trends = useTrends({
    entity: 'container',
    metrics: CGROUP_TRENDS,
    by: ['cluster', 'node', 'container_id'],
    keys,
  });
  const columns = containerColumns(trends, true).filter((column) => SHOWN.includes(column.id));
  const { sort, onSort } = useSort(columns, { id: 'cpu', descending: true });
  const busiest = (agents ?? []).reduce<Agent | null>(
    (most, it) => (most === null || coreShare(it) > coreShare(most) ? it : most),
    null,
  );
  const own = status?.own ?? null;
  const since = status === null ? null : parseMoment(status.started);
  return (
    <>
      <Facts
        facts={[
          { name: 'Server', value: status?.version },
          {
            name: 'Up',
            value: status && duration(status.uptime_seconds),
            ...(since === null ? {} : { title: `since ${dateTime(since, zone.value)}` }),
          },
          {
            name: 'CPU',
            value:
              status && own && `${spoken('cores', own.cpu_seconds / Math.max(1, status.uptime_seconds))} on average`,
            title: `${exact('seconds', own?.cpu_seconds)} since its start`,
          },
          {
            name: 'Memory',
            value: own && format('bytes', own.resident_bytes),
            title: exact('bytes', own?.resident_bytes),
          },
          { name: 'Threads', value: own && String(own.threads) },
          { name: 'Open files', value: own && String(own.open_files) },
          {
            name: 'Agents',
            value:
              busiest &&
              `${agents?.length ?? 0}, the busiest at ${format('percent', coreShare(busiest) * 100)} of a core (${busiest.node})`,
            title: 'Processor time of the last tick, as a share of the interval',
          },
        ]}
      />
      <Section id="own" title="Its containers and units" note="use beside limit">
        <DataTable
          caption="Containers and units of Kansoku"
          columns={columns}
          rows={found.data ?? []}
          rowKey={containerKey}
          sort={sort}
          onSort={onSort}
          onShown={setKeys}
          empty={
            found.data === null ? (
              <span class="loading-note">Loading…</span>
            ) : (
              `None is known: they are found by the label ${PART_OF}=kansoku, or as units whose names begin with kansoku. Started by hand, its figures are those above.`
            )
          }
        />
      </Section>
    </>
  );
}

/** Processor time of the last tick as a share of the interval. */
function coreShare(it: Agent): number {
  return it.own.tick_cpu_seconds / Math.max(1, it.interval_seconds);
}
