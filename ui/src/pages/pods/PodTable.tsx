import { useMemo, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { PRESENT } from '../../api/entities';
import { text } from '../../api/row';
import type { Entity } from '../../api/row';
import { hasPods } from '../../app/nav';
import { POD_COLUMNS } from '../../measures/cgroup';
import { joined, POD_OBJECT_COLUMNS } from '../../measures/podObject';
import { BY_POD, countsBy, none, useCounts } from '../../state/counts';
import { useListing } from '../../state/inventory';
import { useJudged, verdictKeys } from '../../state/judged';
import { useObjects } from '../../state/objects';
import { useTrends } from '../../tables/trends';
import { CGROUP_TRENDS } from '../containers/columns';
import { Listed } from '../parts/Listed';
import { podColumns, podFields, podKey, podWorkload } from './columns';

interface Properties {
  /** Exact values of columns that narrow the listing. */
  where: Readonly<Record<string, string>>;
  /** Whether rows come from several nodes. */
  several: boolean;
  /** Narrows further. */
  only?: (pod: Entity) => boolean;
  empty?: ComponentChildren;
}

const NO_PODS =
  'No agent sees a pod. Pods are found by their cgroups (kubepods), so this node runs none, or its agent may not read the cgroup tree: see Sources.';

/** Pods as their nodes measure them, joined with what the Kubernetes API tells; also those that wait for a node. */
export function PodTable({ where, several, only, empty = NO_PODS }: Properties) {
  const measured = useListing('pod', { where, columns: POD_COLUMNS, health: PRESENT });
  const objects = useObjects(['Pod'], hasPods.value ? where : null, POD_OBJECT_COLUMNS);
  const counts = useCounts(where);
  const judged = useJudged({ kinds: ['Pod'], ...placeOf(where) }, verdictKeys.pod);
  const [keys, setKeys] = useState<readonly string[]>([]);
  const trends = useTrends({
    entity: 'pod',
    metrics: CGROUP_TRENDS,
    by: ['cluster', 'node', 'pod_uid'],
    keys: keys.filter((key) => key.split('\t')[1] !== ''),
  });
  // Thousands of rows are joined when either side is new, not with every keystroke in the filter.
  const all = useMemo(
    () => measured.data && joined(measured.data.entities, objects.data?.entities ?? []),
    [measured.data, objects.data],
  );
  const rows = all?.filter((pod) => only?.(pod) ?? true) ?? null;
  const counted = counts.data && countsBy(counts.data, BY_POD);
  const withErrors = counts.data?.withErrors === true;
  const uid = (pod: Entity) => text(pod, 'pod_uid') ?? '';
  const columns = podColumns({
    trends,
    several,
    named: rows?.some((pod) => podWorkload(pod) !== null) ?? false,
    verdict: (pod) => judged.get(uid(pod)) ?? null,
    counts: (pod) => counted && (counted.get(uid(pod)) ?? none(withErrors)),
  });
  return (
    <Listed
      noun="pods"
      columns={columns}
      rows={rows}
      rowKey={podKey}
      fields={(pod) => podFields(pod, judged.get(uid(pod))?.word ?? null)}
      hint="Filter: words, namespace:shop, workload:web, state:pending, cpu>0.1 …"
      sort={{ id: 'cpu', descending: true }}
      problem={measured.problem ?? objects.problem ?? counts.problem}
      onRetry={() => {
        measured.retry();
        objects.retry();
        counts.retry();
      }}
      onShown={setKeys}
      empty={empty}
    />
  );
}

/** The part of a narrowing that verdicts know. */
function placeOf(where: Readonly<Record<string, string>>) {
  const { cluster, namespace, node } = where;
  return {
    ...(cluster === undefined ? {} : { cluster }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(node === undefined ? {} : { node }),
  };
}
