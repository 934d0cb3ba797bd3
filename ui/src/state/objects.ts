import { PRESENT } from '../api/entities';
import type { Listing } from '../api/entities';
import { useListing } from './inventory';
import type { Resource } from './resource';

/** Kinds of object, as the API of Kubernetes names them. */
export type ObjectKind =
  | 'CronJob'
  | 'Container'
  | 'DaemonSet'
  | 'Deployment'
  | 'HorizontalPodAutoscaler'
  | 'Job'
  | 'Namespace'
  | 'Node'
  | 'PersistentVolume'
  | 'PersistentVolumeClaim'
  | 'Pod'
  | 'ReplicaSet'
  | 'ResourceQuota'
  | 'Service'
  | 'StatefulSet';

/** Objects of some kinds as the API of Kubernetes tells of them now. `where` null lists nothing. */
export function useObjects(
  kinds: readonly ObjectKind[],
  where: Readonly<Record<string, string | readonly string[]>> | null,
  columns?: readonly string[],
): Resource<Listing> {
  return useListing(
    'object',
    where === null
      ? null
      : { where: { object_kind: kinds, ...where }, health: PRESENT, ...(columns === undefined ? {} : { columns }) },
  );
}
