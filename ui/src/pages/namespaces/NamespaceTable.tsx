import { useState } from 'preact/hooks';
import { text } from '../../api/row';
import type { Entity } from '../../api/row';
import { exact, format } from '../../format/number';
import { created, isDone, isOwn, isReady, kindOf, nameOf, namespaceKey, WORKLOAD_KINDS } from '../../measures/object';
import { namespaceLink } from '../../routes/links';
import { BY_NAMESPACE, countsBy, none, useCounts } from '../../state/counts';
import { useJudged, verdictKeys } from '../../state/judged';
import { useObjects } from '../../state/objects';
import { useUsage } from '../../state/usage';
import type { Column } from '../../tables/column';
import { trendKey, useTrends } from '../../tables/trends';
import { Listed } from '../parts/Listed';
import { ageColumn, countColumns, POD_TRENDS, usageColumns, verdictColumn } from '../parts/standingColumns';
import { asFilters } from '../parts/where';

const BY = ['cluster', 'namespace'] as const;

interface Held {
  pods: number;
  podsReady: number;
  workloads: number;
}

/** Namespaces: what is in them, what they use, what went wrong. `where` may have `cluster`. */
export function NamespaceTable({ where }: { where: Readonly<Record<string, string>> }) {
  const { data, problem, retry } = useObjects(['Namespace'], where, ['created_time', 'phase']);
  const parts = useObjects(['Pod', ...WORKLOAD_KINDS], where, ['phase', 'conditions', 'owner_kind']);
  const usage = useUsage(BY, asFilters(where));
  const counts = useCounts(where);
  const judged = useJudged({ kinds: ['Namespace'], ...where }, verdictKeys.namespace);
  const [keys, setKeys] = useState<readonly string[]>([]);
  const trends = useTrends({ entity: 'pod', metrics: POD_TRENDS, by: BY, keys, statistic: 'Total' });
  const counted = counts.data && countsBy(counts.data, BY_NAMESPACE);
  const withErrors = counts.data?.withErrors === true;
  const held = parts.data && heldBy(parts.data.entities);
  const rows = data?.entities ?? null;
  const columns: Column<Entity>[] = [
    {
      id: 'name',
      header: 'Namespace',
      value: nameOf,
      cell: (it) => (
        <a class="cell-name" href={namespaceLink({ cluster: text(it, 'cluster'), namespace: nameOf(it) })}>
          {nameOf(it)}
          {text(it, 'phase') !== 'Active' && <small>{text(it, 'phase')}</small>}
        </a>
      ),
    },
    verdictColumn(
      (it) => judged.get(namespaceKey(it)) ?? null,
      (it) => ({ cluster: text(it, 'cluster'), namespace: nameOf(it) }),
    ),
    {
      id: 'workloads',
      header: 'Workloads',
      help: 'Deployments, stateful sets, daemon sets, jobs and cron jobs',
      end: true,
      value: (it) => held && (held.get(namespaceKey(it))?.workloads ?? 0),
      cell: (it) => format('count', held && (held.get(namespaceKey(it))?.workloads ?? 0)),
    },
    {
      id: 'pods',
      header: 'Pods',
      help: 'Pods that are ready, of those that are to run; those that are done left out',
      end: true,
      value: (it) => held && (held.get(namespaceKey(it))?.pods ?? 0),
      cell: (it) => {
        if (!held) return <span class="muted">–</span>;
        const { pods, podsReady } = held.get(namespaceKey(it)) ?? { pods: 0, podsReady: 0 };
        return <span class={pods > podsReady ? 'status warn' : ''}>{`${podsReady} / ${pods}`}</span>;
      },
      title: (it) => `${exact('count', held?.get(namespaceKey(it))?.podsReady ?? 0)} ready`,
    },
    ...countColumns((it: Entity) => counted && (counted.get(namespaceKey(it)) ?? none(withErrors))),
    ...usageColumns((it: Entity) => usage.data?.get(namespaceKey(it)), namespaceKey, trends),
    ageColumn(created),
  ];
  return (
    <Listed
      noun="namespaces"
      columns={columns}
      rows={rows}
      rowKey={namespaceKey}
      fields={(it) => ({
        texts: { name: nameOf(it), phase: text(it, 'phase'), health: judged.get(namespaceKey(it))?.word ?? null },
        numbers: {
          cpu: usage.data?.get(namespaceKey(it))?.cpuCores ?? null,
          memory: usage.data?.get(namespaceKey(it))?.memoryBytes ?? null,
          pods: held?.get(namespaceKey(it))?.pods ?? null,
          restarts: counted?.get(namespaceKey(it))?.restarts ?? 0,
        },
      })}
      hint="Filter: words, cpu>0.1, pods>10, restarts>3 …"
      sort={{ id: 'cpu', descending: true }}
      problem={problem ?? usage.problem ?? counts.problem}
      onRetry={() => {
        retry();
        usage.retry();
        counts.retry();
      }}
      onShown={setKeys}
      empty="No namespace is known. They come from the Kubernetes API: Sources shows whether the server may watch it."
    />
  );
}

/** What is in each namespace. A pod that is done is not waited for. */
function heldBy(objects: readonly Entity[]): ReadonlyMap<string, Held> {
  const found = new Map<string, Held>();
  for (const it of objects) {
    const key = trendKey([text(it, 'cluster'), text(it, 'namespace')]);
    const held = found.get(key) ?? { pods: 0, podsReady: 0, workloads: 0 };
    if (kindOf(it) !== 'Pod') held.workloads += isOwn(it) ? 1 : 0;
    else if (!isDone(it)) {
      held.pods += 1;
      held.podsReady += isReady(it) ? 1 : 0;
    }
    found.set(key, held);
  }
  return found;
}
