import type { Crumb } from '../../app/Page';
import { link, namespaceLink, podLink, workloadLink } from '../../routes/links';

interface Place {
  cluster: string | null;
  namespace?: string | null;
  workloadKind?: string | null;
  workload?: string | null;
  /** The pod above a container. */
  pod?: { name: string; uid: string | null } | null;
}

/** The way down: cluster, namespace, workload, pod. Levels that are not known, or that a thing does not have, are left out. */
export function crumbsTo(place: Place): Crumb[] {
  const { cluster, namespace = null, workloadKind = null, workload = null, pod = null } = place;
  return [
    ...(cluster === null ? [] : [{ label: cluster, href: link('/', { node: null, namespace: null, workload: null }) }]),
    ...(namespace === null ? [] : [{ label: namespace, href: namespaceLink({ cluster, namespace }) }]),
    // A pod that belongs to nobody is its own workload: it would stand there twice.
    ...(workload === null || workloadKind === null || workloadKind === 'Pod'
      ? []
      : [{ label: workload, href: workloadLink({ cluster, namespace, workload_kind: workloadKind, workload }) }]),
    ...(pod === null ? [] : [{ label: pod.name, href: podLink({ cluster, pod_uid: pod.uid }) }]),
  ];
}
