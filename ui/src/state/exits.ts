import { askSql, moment, rowNumber, rowText, whereOf } from '../api/sql';
import type { SqlRow } from '../api/sql';
import { parseMoment } from '../format/time';
import { span } from './clock';
import type { Span } from './range';
import { useResource } from './resource';
import type { Resource } from './resource';

/** What is left of a container or pod that has ended: all that it used in its life. */
export interface Receipt {
  key: string;
  what: 'container' | 'pod';
  cluster: string | null;
  node: string | null;
  namespace: string | null;
  pod: string | null;
  podUid: string | null;
  container: string | null;
  containerId: string | null;
  workloadKind: string | null;
  workload: string | null;
  started: number | null;
  ended: number | null;
  /** Microseconds. */
  lifetimeUsec: number | null;
  cpuUsec: number | null;
  throttledUsec: number | null;
  memoryPeakBytes: number | null;
  oomKills: number | null;
  readBytes: number | null;
  writtenBytes: number | null;
  /** Why it ended, as the API tells; `null` where it does not. */
  reason: string | null;
  exitCode: number | null;
}

/** An end that the API tells of. */
export interface End {
  podUid: string;
  container: string;
  time: number;
  reason: string | null;
  exitCode: number | null;
}

export interface ExitsAnswer {
  receipts: readonly Receipt[];
  more: boolean;
}

const MOST = 1000;
/** Ends that the API tells of and that rows show are the same within so many milliseconds. */
const SAME_MS = 15_000;
const ROWS_MS = 6 * 3600_000;

/** Receipts in the page's range. `where` may have `workload_kind` and `workload`. */
export function useExits(where: Readonly<Record<string, string>> | null): Resource<ExitsAnswer> {
  const asked = span.value;
  const subject = where === null ? null : JSON.stringify(['exits', where, asked.end - asked.start]);
  return useResource(subject, asked.end, async (signal) => {
    const [gone, ends] = await Promise.all([
      askSql(receiptsOf(where ?? {}, asked), signal, MOST),
      askSql(endsOf(where ?? {}, asked), signal),
    ]);
    return {
      receipts: withEnds(gone.rows.map(receiptOf), ends.rows.flatMap(endOf)),
      more: gone.truncated,
    };
  });
}

const LIFE = [
  'started_time',
  'lifetime_usec',
  'lifetime_cpu_usage_usec',
  'lifetime_cpu_throttled_usec',
  'lifetime_memory_peak_bytes',
  'lifetime_oom_kills',
  'lifetime_io_read_bytes',
  'lifetime_io_write_bytes',
];

/** The statement that finds last rows. Pause containers are left out: they end with their pods. Pure. */
export function receiptsOf(
  { workload_kind: kind, workload, ...direct }: Readonly<Record<string, string>>,
  asked: Span,
) {
  const suffix = asked.end - asked.start <= ROWS_MS ? '' : '_1m';
  const { container, container_id: id, ...pods } = direct;
  const bounds = `exited and time >= ${moment(asked.start)} and time < ${moment(asked.end)}`;
  const life = LIFE.join(', ');
  const named =
    `select pod_uid, last_value(workload_kind order by time) as workload_kind, last_value(workload order by time) as workload ` +
    `from identity where container is null group by pod_uid`;
  const containers =
    `select 'container' as what, time, "cluster", node, namespace, pod, pod_uid, container, container_id, ${life} ` +
    `from container${suffix} where container_kind = 'container' and ${bounds} and ${whereOf(direct)}`;
  const whole =
    `select 'pod' as what, time, "cluster", node, namespace, pod, pod_uid, cast(null as varchar) as container, ` +
    `cast(null as varchar) as container_id, ${life} from pod${suffix} where ${bounds} and ${whereOf(pods)}`;
  // A container's page is about no pod.
  const both = container === undefined && id === undefined ? `${containers} union all ${whole}` : containers;
  return (
    `with gone as (${both}), named as (${named}), ids as (select container_id, last_value(container order by time) as known_as ` +
    `from identity where container_id is not null group by container_id) ` +
    `select g.*, coalesce(g.container, n.known_as) as known_as, i.workload_kind, i.workload from gone g ` +
    `left join named i on g.pod_uid = i.pod_uid left join ids n on g.container_id = n.container_id where ${whereOf({ workload_kind: kind, workload })} ` +
    `order by g.time desc limit ${MOST + 1}`
  );
}

const OF_OBJECTS: Readonly<Record<string, string>> = { pod_uid: 'object_uid', pod: 'object_name' };

/** The statement that finds ends as the API tells of them. Pure. */
export function endsOf(where: Readonly<Record<string, string>>, asked: Span): string {
  const suffix = asked.end - asked.start <= ROWS_MS ? '' : '_1m';
  // Objects have names of their own for a pod; the runtime's ids they do not know.
  const scope = whereOf(
    Object.fromEntries(
      Object.entries(where)
        .filter(([name]) => name !== 'container_id')
        .map(([name, value]) => [OF_OBJECTS[name] ?? name, value]),
    ),
  );
  const bounds = `object_kind = 'Container' and time >= ${moment(asked.start)} and ${scope}`;
  return (
    `select object_uid as pod_uid, container, last_terminated_time as at, last_terminated_reason as reason, ` +
    `cast(last_exit_code as double) as code from object${suffix} where last_terminated_time is not null and ${bounds} group by 1, 2, 3, 4, 5 ` +
    `union all ` +
    // One that was not started again has its reason, and no exit code yet, in its present state.
    `select object_uid as pod_uid, container, min(time) as at, max(terminated_reason) as reason, cast(null as double) as code ` +
    `from object${suffix} where container_state = 'terminated' and ${bounds} group by object_uid, container, restarts${suffix === '' ? '' : '_max'}`
  );
}

function receiptOf(row: SqlRow): Receipt {
  const text = (name: string) => rowText(row, name);
  const amount = (name: string) => rowNumber(row, name);
  const started = parseMoment(text('started_time') ?? '');
  const lifetimeUsec = amount('lifetime_usec');
  const row_time = parseMoment(text('time') ?? '');
  return {
    key: `${text('what') ?? ''} ${text('pod_uid') ?? ''} ${text('container_id') ?? ''}`,
    what: text('what') === 'pod' ? 'pod' : 'container',
    cluster: text('cluster'),
    node: text('node'),
    namespace: text('namespace'),
    pod: text('pod'),
    podUid: text('pod_uid'),
    container: text('known_as') ?? text('container'),
    containerId: text('container_id'),
    workloadKind: text('workload_kind'),
    workload: text('workload'),
    started,
    ended: started !== null && lifetimeUsec !== null ? started + lifetimeUsec / 1000 : row_time,
    lifetimeUsec,
    cpuUsec: amount('lifetime_cpu_usage_usec'),
    throttledUsec: amount('lifetime_cpu_throttled_usec'),
    memoryPeakBytes: amount('lifetime_memory_peak_bytes'),
    oomKills: amount('lifetime_oom_kills'),
    readBytes: amount('lifetime_io_read_bytes'),
    writtenBytes: amount('lifetime_io_write_bytes'),
    reason: null,
    exitCode: null,
  };
}

function endOf(row: SqlRow): End[] {
  const podUid = rowText(row, 'pod_uid');
  const container = rowText(row, 'container');
  const time = parseMoment(rowText(row, 'at') ?? '');
  if (podUid === null || container === null || time === null) return [];
  return [{ podUid, container, time, reason: rowText(row, 'reason'), exitCode: rowNumber(row, 'code') }];
}

/** Joins what rows show with what the API tells: the nearest end of the same container, one with an exit code first. Pure. */
export function withEnds(receipts: readonly Receipt[], ends: readonly End[]): Receipt[] {
  const byContainer = new Map<string, End[]>();
  for (const end of ends) {
    const key = `${end.podUid} ${end.container}`;
    byContainer.set(key, [...(byContainer.get(key) ?? []), end]);
  }
  return receipts.map((receipt) => {
    const { ended } = receipt;
    if (receipt.what === 'pod' || ended === null) return receipt;
    const near = (byContainer.get(`${receipt.podUid ?? ''} ${receipt.container ?? ''}`) ?? [])
      .filter((end) => Math.abs(end.time - ended) <= SAME_MS)
      .sort(
        (a, b) =>
          Number(a.exitCode === null) - Number(b.exitCode === null) ||
          Math.abs(a.time - ended) - Math.abs(b.time - ended),
      )[0];
    return near ? { ...receipt, reason: near.reason, exitCode: near.exitCode } : receipt;
  });
}
