import { askSql, column, literal, moment, rowNumber, rowText, whereOf } from '../../../api/sql';
import type { SqlRow } from '../../../api/sql';
import { parseMoment } from '../../../format/time';

/** What changed in a cluster of late: new versions, scalings, nodes, what was made and set otherwise. */

export interface Change {
  time: number;
  cluster: string | null;
  namespace: string | null;
  kind: string;
  name: string;
  what: 'deployed' | 'scaled' | 'configured' | 'created' | 'node';
  /** What happened, in a few words. */
  words: string;
}

const KINDS = [
  'CronJob',
  'DaemonSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'Ingress',
  'Namespace',
  'Node',
  'PersistentVolumeClaim',
  'ReplicaSet',
  'Service',
  'StatefulSet',
];

/** The most rows that are read: a page says what changed, not everything that did. */
const MOST = 500;

/** Changes since a moment, newest first. */
export async function askChanges(
  since: number,
  where: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Change[]> {
  const [objects, events] = await Promise.all([
    askSql(objectStatement(since, where), signal, MOST),
    askSql(eventStatement(since, where), signal, MOST),
  ]);
  return changesOf(objects.rows, events.rows, since);
}

/** Objects whose minute differs from the minute before. The first minute of an object counts only where it is new. */
function objectStatement(since: number, where: Readonly<Record<string, string>>): string {
  const from = moment(since);
  return (
    `select * from (select time, ${column('cluster')}, object_kind, namespace, object_name, owner_kind, owner_name, ` +
    'created_time, generation, replicas_desired_max as replicas, unschedulable, lag(generation) over w as generation_before, ' +
    'lag(replicas_desired_max) over w as replicas_before, lag(unschedulable) over w as unschedulable_before, ' +
    `lag(time) over w as before from object_1m where object_kind in (${KINDS.map(literal).join(', ')}) ` +
    // Two minutes more, so that the first one within has one before it.
    `and time >= ${moment(since - 120_000)} and ${whereOf(where)} ` +
    'window w as (partition by object_kind, object_uid order by time)) ' +
    `where (before is null and created_time >= ${from}) or (time >= ${from} and ` +
    '(generation <> generation_before or replicas <> replicas_before or unschedulable <> unschedulable_before)) ' +
    'order by time desc'
  );
}

function eventStatement(since: number, where: Readonly<Record<string, string>>): string {
  return (
    `select time, ${column('cluster')}, object_name, reason from event where object_kind = 'Node' ` +
    `and reason in ('NodeReady', 'NodeNotReady') and time >= ${moment(since)} and ${whereOf(where)} order by time desc`
  );
}

/** What the rows tell, newest first. Pure. */
export function changesOf(objects: readonly SqlRow[], events: readonly SqlRow[], since: number): Change[] {
  const made = objects.flatMap((row) => objectChange(row, since) ?? []);
  const created = new Set(made.filter((one) => one.what === 'created').map(identity));
  const deployed = made.filter((one) => one.what === 'deployed');
  const changes = made.filter((one) => {
    // The first version of a new deployment is no rollout, and a rollout is also a change of its configuration.
    if (one.what === 'deployed') return !created.has(identity(one));
    if (one.what !== 'configured') return true;
    return !deployed.some((other) => identity(other) === identity(one) && Math.abs(other.time - one.time) <= 120_000);
  });
  return [...changes, ...events.flatMap((row) => nodeEvent(row) ?? [])].sort((a, b) => b.time - a.time);
}

const identity = (it: Change) => [it.cluster, it.namespace, it.kind, it.name].join('\t');

function objectChange(row: SqlRow, since: number): Change | null {
  const kind = rowText(row, 'object_kind');
  const name = rowText(row, 'object_name');
  const time = parseMoment(rowText(row, 'time') ?? '');
  if (kind === null || name === null || time === null) return null;
  const base = { time, cluster: rowText(row, 'cluster'), namespace: rowText(row, 'namespace'), kind, name };
  const made = parseMoment(rowText(row, 'created_time') ?? '');
  const isNew = rowText(row, 'before') === null && made !== null && made >= since;
  if (kind === 'ReplicaSet') {
    // Of a deployment: a new version. Its replicas go up and down with the rollout, which says no more.
    const owner = rowText(row, 'owner_name');
    return isNew && rowText(row, 'owner_kind') === 'Deployment' && owner !== null
      ? { ...base, time: made, kind: 'Deployment', name: owner, what: 'deployed', words: `new version ${name}` }
      : null;
  }
  if (isNew)
    return kind === 'Node'
      ? { ...base, time: made, what: 'node', words: 'joined the cluster' }
      : { ...base, time: made, what: 'created', words: 'created' };
  const replicas = rowNumber(row, 'replicas');
  const before = rowNumber(row, 'replicas_before');
  // A daemon set wants what there are nodes for: that is a change of nodes, not of it.
  if (replicas !== null && before !== null && replicas !== before && kind !== 'DaemonSet')
    return { ...base, what: 'scaled', words: `${before} → ${replicas} replicas` };
  const closed = row.unschedulable;
  if (kind === 'Node' && typeof closed === 'boolean' && closed !== row.unschedulable_before)
    return { ...base, what: 'node', words: closed ? 'takes no new pods (cordoned)' : 'takes new pods again' };
  const generation = rowNumber(row, 'generation');
  const old = rowNumber(row, 'generation_before');
  if (generation === null || old === null || generation === old) return null;
  const rolls = kind === 'StatefulSet' || kind === 'DaemonSet';
  return {
    ...base,
    what: rolls ? 'deployed' : 'configured',
    words: `${rolls ? 'specification' : 'configuration'} changed, version ${old} → ${generation}`,
  };
}

function nodeEvent(row: SqlRow): Change | null {
  const name = rowText(row, 'object_name');
  const time = parseMoment(rowText(row, 'time') ?? '');
  if (name === null || time === null) return null;
  return {
    time,
    cluster: rowText(row, 'cluster'),
    namespace: null,
    kind: 'Node',
    name,
    what: 'node',
    words: rowText(row, 'reason') === 'NodeReady' ? 'became ready' : 'is no longer ready',
  };
}
