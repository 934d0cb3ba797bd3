import { map, number, text } from '../api/row';
import type { Entity } from '../api/row';
import { parseMoment } from '../format/time';
import { trendKey } from '../tables/trends';

/** A Kubernetes object as people speak of it. Absent stays absent. */

export const kindOf = (it: Entity) => text(it, 'object_kind') ?? '';
export const nameOf = (it: Entity) => text(it, 'object_name') ?? '';
export const created = (it: Entity) => parseMoment(text(it, 'created_time') ?? '');

/** Whether a pod has ended and nobody waits for it. */
export const isDone = (pod: Entity) => ['Succeeded', 'Failed'].includes(text(pod, 'phase') ?? '');

/** Whether a pod takes part: its condition Ready. */
export const isReady = (pod: Entity) => map(pod, 'conditions').Ready === 'True';

/** Kinds that run pods and belong to nobody else. */
export const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicaSet'] as const;

/** Columns that listings of workloads need. */
export const WORKLOAD_COLUMNS: readonly string[] = [
  'created_time',
  'generation',
  'observed_generation',
  'conditions',
  'owner_kind',
  'owner_name',
  'paused',
  'schedule',
  'last_schedule_time',
  'last_success_time',
  'completed_time',
  'replicas_desired',
  'replicas_ready',
  'replicas_available',
  'replicas_updated',
  'job_active',
  'job_succeeded',
  'job_failed',
  'job_completions',
];

/** Whether nobody else made it: jobs of a cron job and replica sets of a deployment are parts of these. */
export const isOwn = (it: Entity) => text(it, 'owner_kind') === null;

/** How many there should be: replicas; of a job its completions. */
export function desired(it: Entity): number | null {
  return kindOf(it) === 'Job' ? number(it, 'job_completions') : number(it, 'replicas_desired');
}

/** How many of those there are: ready replicas; of a job those that succeeded. */
export function ready(it: Entity): number | null {
  const wanted = desired(it);
  if (kindOf(it) === 'Job') return number(it, 'job_succeeded') ?? (wanted === null ? null : 0);
  // The API leaves the number out where it is none.
  return number(it, 'replicas_ready') ?? (wanted === null ? null : 0);
}

/** `2 of 3`; of a cron job how many of its jobs run. */
export function readyWords(it: Entity): string | null {
  if (kindOf(it) === 'CronJob') {
    const active = number(it, 'job_active') ?? 0;
    return active === 0 ? 'none active' : `${active} active`;
  }
  const wanted = desired(it);
  const there = ready(it);
  if (wanted === null && there === null) return null;
  return `${there ?? 0} / ${wanted ?? '?'}`;
}

/** What is missing to what is wanted; 0 when all are there. */
export function missing(it: Entity): number | null {
  const wanted = desired(it);
  const there = ready(it);
  return wanted === null || there === null ? null : Math.max(0, wanted - there);
}

/** The key of a workload in tables, trends and counts. */
export const workloadKey = (it: Entity) =>
  trendKey([text(it, 'cluster'), text(it, 'namespace'), kindOf(it), nameOf(it)]);

/** The key of an object in a namespace, where its kind is clear. */
export const namedKey = (it: Entity) => trendKey([text(it, 'cluster'), text(it, 'namespace'), nameOf(it)]);

/** The key of a namespace. */
export const namespaceKey = (it: Entity) => trendKey([text(it, 'cluster'), nameOf(it)]);
