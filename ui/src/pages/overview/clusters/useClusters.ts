import { askSql, column, moment, rowNumber, rowText, whereOf } from '../../../api/sql';
import { askSources } from '../../../api/sources';
import type { Entity } from '../../../api/row';
import { interval, now, span } from '../../../state/clock';
import { countsBy, useCounts } from '../../../state/counts';
import { useObjects } from '../../../state/objects';
import { useResource } from '../../../state/resource';
import { useUsage } from '../../../state/usage';
import type { Usage } from '../../../state/usage';
import { asFilters } from '../../parts/where';
import { figuresOf } from './figures';
import type { ClusterFigures } from './figures';

const NODE_COLUMNS = ['conditions', 'cpu_allocatable_cores', 'memory_allocatable_bytes'];
const NONE: ReadonlyMap<string, Usage> = new Map();

/** The figures of each cluster of the scope, renewed with the page's clock. */
export function useClusters(rows: readonly Entity[], where: Readonly<Record<string, string>>): ClusterFigures[] {
  const { node, ...wide } = where;
  const objects = useObjects(['Node'], { ...wide, ...(node === undefined ? {} : { object_name: node }) }, NODE_COLUMNS);
  const usage = useUsage(['cluster'], asFilters(where));
  const pods = usePodStates(where);
  const sources = useResource('sources', now.value, askSources);
  return figuresOf({
    rows,
    objects: objects.data?.entities ?? [],
    pods: pods.data ?? [],
    usage: usage.data ?? NONE,
    agents: sources.data?.agents ?? [],
    now: now.value,
  });
}

/** Rows of the last intervals: the watch writes one of each object in each. */
const INTERVALS = 4;

function usePodStates(where: Readonly<Record<string, string>>) {
  const edition = now.value;
  const since = edition - INTERVALS * Math.max(10, interval.value) * 1000;
  return useResource(JSON.stringify(['pod states', where]), edition, async (signal) => {
    const { rows } = await askSql(podStatement(since, where), signal);
    return rows;
  });
}

/** Counts pods by state, and by what the first of their containers waits for. */
function podStatement(since: number, where: Readonly<Record<string, string>>): string {
  const newest = (name: string) => `last_value(${name} order by time) as ${name}`;
  const within = `time >= ${moment(since)} and ${whereOf(where)}`;
  const cluster = column('cluster');
  return (
    `with p as (select ${cluster}, object_uid, ${['phase', 'ready_time', 'status_reason', 'node'].map(newest).join(', ')} ` +
    `from object where object_kind = 'Pod' and ${within} group by 1, 2), ` +
    `c as (select object_uid, container, last_value(waiting_reason order by time) as reason ` +
    `from object where object_kind = 'Container' and ${within} group by 1, 2), ` +
    `w as (select object_uid, max(reason) as reason from c group by 1) ` +
    `select p.${cluster}, p.phase, p.ready_time is not null as ready, p.node is not null as placed, ` +
    `coalesce(w.reason, p.status_reason) as reason, count(*) as n ` +
    `from p left join w on p.object_uid = w.object_uid group by 1, 2, 3, 4, 5`
  );
}

/** What went wrong within the range, by cluster. */
export interface Wrong {
  restarts: number;
  oomKills: number;
}

export function useWrong(where: Readonly<Record<string, string>>): ReadonlyMap<string, Wrong> | null {
  const { data } = useCounts(where);
  return data && countsBy(data, (it) => [it.cluster ?? '']);
}

/** What became of log lines within the range, by cluster. */
export interface LogVolume {
  written: number;
  entries: number;
  /** Bytes that were gone before they could be read. */
  lost: number;
  /** Lines left out by a limit, or that the server would not take. */
  leftOut: number;
}

export function useLogVolume(where: Readonly<Record<string, string>>): ReadonlyMap<string, LogVolume> | null {
  const { start, end } = span.value;
  const { data } = useResource(
    JSON.stringify(['volume', where, end - start]),
    Math.floor(end / 60_000),
    async (signal) => {
      const sum = (names: readonly string[]) => names.map((name) => `coalesce(sum(${name}), 0)`).join(' + ');
      const { rows } = await askSql(
        `select ${column('cluster')}, ${sum(['log_written_bytes'])} as written, ${sum(['log_entries'])} as entries, ` +
          `${sum(['log_lost_bytes', 'log_skipped_bytes'])} as lost, ` +
          `${sum(['log_limited_entries', 'log_refused_entries'])} as left_out from log_ledger_1m ` +
          `where time >= ${moment(start)} and time < ${moment(end)} and ${whereOf(where)} group by 1`,
        signal,
      );
      return new Map(
        rows.map((row) => [
          rowText(row, 'cluster') ?? '',
          {
            written: rowNumber(row, 'written') ?? 0,
            entries: rowNumber(row, 'entries') ?? 0,
            lost: rowNumber(row, 'lost') ?? 0,
            leftOut: rowNumber(row, 'left_out') ?? 0,
          },
        ]),
      );
    },
  );
  return data;
}
