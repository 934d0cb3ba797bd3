import type { Crumb } from '../../app/Page';
import { clusterLink, namespaceLink, podLink, workloadLink } from '../../routes/links';
import type { WorkloadIdentity } from '../../routes/links';

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
    ...(cluster === null ? [] : [{ label: cluster, href: clusterLink(cluster), place: { cluster } }]),
    ...(namespace === null
      ? []
      : [{ label: namespace, href: namespaceLink({ cluster, namespace }), place: { cluster, namespace } }]),
    // A pod that belongs to nobody is its own workload: it would stand there twice.
    ...(workload === null || workloadKind === null || workloadKind === 'Pod'
      ? []
      : [workloadCrumb({ cluster, namespace, workload_kind: workloadKind, workload })]),
    ...(pod === null
      ? []
      : [
          {
            label: pod.name,
            href: podLink({ cluster, pod_uid: pod.uid }),
            place: { cluster, namespace, pod: pod.name, pod_uid: pod.uid ?? undefined },
          },
        ]),
  ];
}

function workloadCrumb(it: WorkloadIdentity & { workload: string }): Crumb {
  const { cluster, namespace, workload_kind, workload } = it;
  return { label: workload, href: workloadLink(it), place: { cluster, namespace, workload_kind, workload } };
}
