import { askSql, moment, rowNumber, rowText, whereOf } from '../api/sql';
import type { SqlRow } from '../api/sql';
import type { Happening } from '../charts/happening';
import { parseMoment } from '../format/time';
import { interval, length, span } from './clock';
import { chartPeriod } from './range';
import type { Span } from './range';
import { useResource } from './resource';

/** What a page is about, for asking what happened to it. */
export interface HappeningScope {
  cluster?: string | null;
  namespace?: string | null;
  /** Containers on this node. */
  node?: string | null;
  /** Containers of these pods. */
  podUids?: readonly string[];
  container?: string | null;
  /** Workloads whose versions and sizes are looked at; `all` are those of the namespace or cluster. */
  workloads: readonly { kind: string; name: string }[] | 'all';
  /** Whether only containers of these workloads count. */
  theirContainers?: boolean;
  /** Nodes whose conditions are looked at. */
  nodes?: readonly string[];
}

/** The most that are asked for; beyond it the newest are kept, and `more` says so. */
const MOST = 400;
const STRETCHES = 60;
const HOUR_MS = 3600_000;
/** Ranges up to which single rows are read. */
const ROWS_MS = 6 * HOUR_MS;

export interface Happenings {
  list: readonly Happening[];
  /** There were more than are shown. */
  more: boolean;
}

const NONE: Happenings = { list: [], more: false };

/** What happened in the page's range: new versions, other sizes, restarts, kills, changed nodes. */
export function useHappenings(scope: HappeningScope | null): Happenings {
  const asked = span.value;
  const period = chartPeriod(length.value, interval.value);
  const wide = asked.end - asked.start;
  const grain = Math.max(period, 10) * 1000;
  const subject = scope === null ? null : JSON.stringify([scope, wide, period]);
  const { data } = useResource(subject, Math.floor(asked.end / grain), async (signal) => {
    const { rows, truncated } = await askSql(statement(scope ?? { workloads: [] }, asked, period), signal, MOST);
    return { list: rows.flatMap(happeningOf), more: truncated };
  });
  return data ?? NONE;
}

/** The statement: a row for each happening, newest first. Pure. */
export function statement(scope: HappeningScope, asked: Span, periodSeconds: number): string {
  const rows = asked.end - asked.start <= ROWS_MS;
  const suffix = rows ? '' : '_1m';
  const within = `time >= ${moment(asked.start)} and time < ${moment(asked.end)}`;
  const place = {
    ...(given(scope.cluster) ? { cluster: scope.cluster } : {}),
    ...(given(scope.namespace) ? { namespace: scope.namespace } : {}),
  };
  const { workloads } = scope;
  const listed = workloads === 'all' ? null : workloads;
  const containers = whereOf({
    ...place,
    ...(given(scope.node) ? { node: scope.node } : {}),
    ...(given(scope.container) ? { container: scope.container } : {}),
  });
  const theirs =
    scope.theirContainers === true && listed
      ? [whereOf({ ...place, workload_kind: listed.map(({ kind }) => kind), workload: listed.map(({ name }) => name) })]
      : [];
  // What comes again and again is counted in stretches of the range, so that it does not crowd out the rest.
  const stretch = Math.max(periodSeconds, Math.ceil((asked.end - asked.start) / 1000 / STRETCHES));
  const bin = `date_bin(interval '${stretch} seconds', time)`;
  const parts = [
    // Restarts, with how the instance before ended.
    `select min(time) as at, 'restart' as what, object_name as name, container as part, max(last_terminated_reason) as was, ` +
      `cast(max(last_exit_code) as double) as before, cast(sum(restarts_increase) as double) as after from object${suffix} ` +
      `where object_kind = 'Container' and restarts_increase > 0 and ${within} and ${containers} ` +
      `and ${whereOf({ object_uid: scope.podUids })}${theirs.map((one) => ` and ${one}`).join('')} group by ${bin}, 3, 4`,
    // Kills for want of memory, those of a child process too.
    `select min(time) as at, 'oom' as what, pod as name, container as part, cast(null as varchar) as was, ` +
      `cast(null as double) as before, cast(sum(memory_oom_kills) as double) as after from container${suffix} ` +
      `where container_kind = 'container' and memory_oom_kills > 0 and ${within} and ${containers} ` +
      `and ${whereOf({ pod_uid: scope.podUids })}` +
      theirs.map((one) => ` and pod_uid in (select pod_uid from identity where ${one})`).join('') +
      ` group by ${bin}, 3, 4`,
  ];
  if (listed === null || listed.length > 0) {
    const replicas = rows ? 'replicas_desired' : 'replicas_desired_max';
    const names = listed === null ? {} : { object_name: listed.map(({ name }) => name) };
    const kinds = listed === null ? ['Deployment', 'StatefulSet', 'DaemonSet'] : listed.map(({ kind }) => kind);
    const before = (name: string) => `lag(${name}) over (partition by object_uid order by time)`;
    parts.push(
      // A new replica set is a new version of a deployment.
      `select created_time as at, 'deploy' as what, max(owner_name) as name, 'Deployment' as part, object_name as was, ` +
        `cast(null as double) as before, cast(null as double) as after from object${suffix} ` +
        `where object_kind = 'ReplicaSet' and owner_kind = 'Deployment' and created_time >= ${moment(asked.start)} and created_time < ${moment(asked.end)} ` +
        `and ${within} and ${whereOf({ ...place, ...(listed === null ? {} : { owner_name: listed.map(({ name }) => name) }) })} group by created_time, object_name`,
      // Others tell of a new version by their generation, of another size by their replicas.
      `select time as at, case when desired <> desired_before then 'scale' else 'deploy' end as what, object_name as name, ` +
        `object_kind as part, revision as was, cast(desired_before as double) as before, cast(desired as double) as after from ` +
        `(select time, object_name, object_kind, update_revision as revision, generation, ${replicas} as desired, ` +
        `${before('generation')} as generation_before, ${before(replicas)} as desired_before from object${suffix} ` +
        `where ${whereOf({ object_kind: kinds, ...place, ...names })} and ${within}) ` +
        // What a daemon set wants changes with the nodes, not by anybody's decision; a deployment's new version is told above.
        `where (desired <> desired_before and object_kind <> 'DaemonSet') ` +
        `or (generation <> generation_before and desired = desired_before and object_kind <> 'Deployment')`,
    );
  }
  if (scope.nodes && scope.nodes.length > 0) {
    const state =
      `concat('Ready ', conditions['Ready'], ', MemoryPressure ', conditions['MemoryPressure'], ', DiskPressure ', conditions['DiskPressure'], ` +
      `', PIDPressure ', conditions['PIDPressure'], ', cordoned ', case when unschedulable then 'True' else 'False' end)`;
    const cluster = given(scope.cluster) ? { cluster: scope.cluster } : {};
    parts.push(
      `select time as at, 'node' as what, object_name as name, earlier as part, state as was, ` +
        `cast(null as double) as before, cast(null as double) as after from ` +
        `(select time, object_name, ${state} as state, lag(${state}) over (partition by object_uid order by time) as earlier ` +
        `from object${suffix} where ${whereOf({ object_kind: 'Node', ...cluster, object_name: scope.nodes })} and ${within}) ` +
        `where state <> earlier`,
    );
  }
  return `select * from (${parts.join(' union all ')}) order by at desc limit ${MOST + 1}`;
}

function given(value: string | null | undefined): value is string {
  return value !== null && value !== undefined;
}

/** A row of the answer in words; nothing when it is none. Pure. */
export function happeningOf(row: SqlRow): Happening[] {
  const time = parseMoment(rowText(row, 'at') ?? '');
  if (time === null) return [];
  const name = rowText(row, 'name') ?? 'unknown';
  const part = rowText(row, 'part');
  const was = rowText(row, 'was');
  const before = rowNumber(row, 'before');
  const after = rowNumber(row, 'after') ?? 1;
  const whole = part === null ? name : `${name} / ${part}`;
  switch (rowText(row, 'what')) {
    case 'restart': {
      const how = [was, before === null ? null : `exit ${before}`].filter((one) => one !== null).join(', ');
      const times = after > 1 ? ` ${after} times` : '';
      return [{ time, kind: 'restart', label: `${whole} restarted${times}${how === '' ? '' : ` (${how})`}` }];
    }
    case 'oom':
      return [
        {
          time,
          kind: 'oom',
          label: `${whole}: ${after === 1 ? 'a process was' : `${after} processes were`} killed for want of memory`,
        },
      ];
    case 'deploy':
      return [
        { time, kind: 'deploy', label: `${part ?? ''} ${name}: new version${was === null ? '' : ` ${was}`}`.trim() },
      ];
    case 'scale':
      return [{ time, kind: 'scale', label: `${part ?? ''} ${name}: ${before ?? '?'} → ${after} replicas`.trim() }];
    case 'node':
      return [{ time, kind: 'node', label: `Node ${name}: ${changed(part ?? '', was ?? '')}` }];
    default:
      return [];
  }
}

/** What differs between two lists of conditions: `Ready is now False`. */
function changed(earlier: string, state: string): string {
  const old = new Set(earlier.split(', '));
  const words = state
    .split(', ')
    .filter((one) => !old.has(one))
    .map((one) => one.replace(' ', ' is now '));
  return words.length === 0 ? 'its conditions changed' : words.join(', ');
}
