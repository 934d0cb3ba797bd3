import { map, text } from '../api/row';
import type { Entity } from '../api/row';
import { isDone } from './object';

/** A pod as its node measures it and as the Kubernetes API tells of it: one row of both. */

/** Columns of the API's side that listings of pods need. */
export const POD_OBJECT_COLUMNS: readonly string[] = [
  'phase',
  'status_reason',
  'conditions',
  'created_time',
  'deleted_time',
  'node',
  'containers',
  'containers_ready',
  'restarts',
  'workload_kind',
  'workload',
];

/** Joins measured pods with objects by uid. Objects without a row are there too unless they are done: pods that wait. */
export function joined(measured: readonly Entity[], objects: readonly Entity[]): Entity[] {
  const byUid = new Map(objects.map((object) => [text(object, 'object_uid') ?? '', object]));
  const rows = measured.map((pod) => {
    const object = byUid.get(text(pod, 'pod_uid') ?? '');
    byUid.delete(text(pod, 'pod_uid') ?? '');
    return object ? withObject(pod, object) : pod;
  });
  const waiting = [...byUid.values()].filter((object) => !isDone(object)).map(asPod);
  return [...rows, ...waiting];
}

/** A measured pod with what the API says besides. What is measured goes before. */
export function withObject(pod: Entity, object: Entity): Entity {
  return {
    ...pod,
    attributes: { ...object.attributes, ...pod.attributes },
    latest: { ...object.latest, ...pod.latest },
    ...(pod.known_as === undefined && object.known_as !== undefined ? { known_as: object.known_as } : {}),
  };
}

/** A pod that no agent measures: it has no node yet, or no container that was started. */
export function asPod(object: Entity): Entity {
  return {
    ...object,
    node: text(object, 'node'),
    pod: text(object, 'object_name'),
    pod_uid: text(object, 'object_uid'),
  };
}

/** Why a pod is in its phase, else the phase, else whether it is ready: what `kubectl` has as its status, coarsely. */
export function phaseWords(pod: Entity): string | null {
  const phase = text(pod, 'phase');
  if (text(pod, 'deleted_time') !== null) return 'Terminating';
  if (phase === null) return null;
  const reason = text(pod, 'status_reason');
  if (reason !== null) return reason;
  if (phase !== 'Running') return phase;
  return map(pod, 'conditions').Ready === 'True' ? 'Ready' : 'Not ready';
}
