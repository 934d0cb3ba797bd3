import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { flag, text } from '../../api/row';
import type { Entity } from '../../api/row';
import { exact, format } from '../../format/number';
import {
  created,
  desired,
  isOwn,
  kindOf,
  missing,
  nameOf,
  ready,
  readyWords,
  WORKLOAD_COLUMNS,
  WORKLOAD_KINDS,
  workloadKey,
} from '../../measures/object';
import { namespaceLink, workloadLink } from '../../routes/links';
import { query, setQuery } from '../../routes/location';
import { BY_WORKLOAD, countsBy, none, useCounts } from '../../state/counts';
import type { Counts } from '../../state/counts';
import { useJudged, verdictKeys } from '../../state/judged';
import { useObjects } from '../../state/objects';
import { useUsage } from '../../state/usage';
import type { Usage } from '../../state/usage';
import type { Verdict } from '../../api/verdicts';
import type { Column } from '../../tables/column';
import { useTrends } from '../../tables/trends';
import type { Trends } from '../../tables/trends';
import { Listed } from '../parts/Listed';
import { ageColumn, countColumns, POD_TRENDS, usageColumns, verdictColumn } from '../parts/standingColumns';
import { asFilters } from '../parts/where';

const BY = ['cluster', 'namespace', 'workload_kind', 'workload'] as const;

interface Properties {
  /** Exact values of `cluster` and `namespace`. */
  where: Readonly<Record<string, string>>;
  /** Narrows further, to those behind a service. */
  only?: (workload: Entity) => boolean;
  /** Shows what this one owns instead of what nobody owns: the jobs of a cron job. */
  of?: { kind: string; name: string };
  empty?: ComponentChildren;
}

/** Deployments, stateful sets, daemon sets, jobs and cron jobs: what they use, how many there are, what went wrong. */
export function WorkloadTable({ where, only, of, empty }: Properties) {
  const { data, problem, retry } = useObjects(WORKLOAD_KINDS, where, WORKLOAD_COLUMNS);
  const usage = useUsage(BY, asFilters(where));
  const counts = useCounts(where);
  const judged = useJudged({ kinds: ['Workload'], ...where }, verdictKeys.workload);
  const [keys, setKeys] = useState<readonly string[]>([]);
  const trends = useTrends({ entity: 'pod', metrics: POD_TRENDS, by: BY, keys, statistic: 'Total' });
  const counted = counts.data && countsBy(counts.data, BY_WORKLOAD);
  const withErrors = counts.data?.withErrors === true;
  const columns = workloadColumns({
    usage: (it) => usage.data?.get(workloadKey(it)),
    counts: (it) => counted && (counted.get(workloadKey(it)) ?? none(withErrors)),
    verdict: (it) => judged.get(workloadKey(it)) ?? null,
    trends,
    namespaced: where.namespace === undefined,
  });
  const belongs = (it: Entity) =>
    of ? text(it, 'owner_kind') === of.kind && text(it, 'owner_name') === of.name : isOwn(it);
  const kind = query.value.get('kind');
  const all = data?.entities.filter((it) => belongs(it) && (only?.(it) ?? true)) ?? null;
  const rows = all?.filter((it) => kind === null || kindOf(it) === kind) ?? null;
  return (
    <Listed
      noun="workloads"
      columns={columns}
      rows={rows}
      rowKey={workloadKey}
      fields={(it) => ({
        texts: {
          name: nameOf(it),
          namespace: text(it, 'namespace'),
          kind: kindOf(it),
          health: judged.get(workloadKey(it))?.word ?? null,
        },
        numbers: {
          cpu: usage.data?.get(workloadKey(it))?.cpuCores ?? null,
          memory: usage.data?.get(workloadKey(it))?.memoryBytes ?? null,
          missing: missing(it),
          restarts: counted?.get(workloadKey(it))?.restarts ?? 0,
        },
      })}
      hint="Filter: words, namespace:shop, missing>0, restarts>3, cpu>0.1 …"
      sort={{ id: 'cpu', descending: true }}
      problem={problem ?? usage.problem ?? counts.problem}
      onRetry={() => {
        retry();
        usage.retry();
        counts.retry();
      }}
      onShown={setKeys}
      beside={<Kinds all={all ?? []} chosen={kind} />}
      empty={
        empty ??
        'No workload is known. They come from the Kubernetes API: Sources shows whether the server may watch it.'
      }
    />
  );
}

function Kinds({ all, chosen }: { all: readonly Entity[]; chosen: string | null }) {
  const counts = WORKLOAD_KINDS.map((kind) => [kind, all.filter((it) => kindOf(it) === kind).length] as const);
  return (
    <div class="chips" role="group" aria-label="Kind">
      {[[null, all.length] as const, ...counts.filter(([kind, n]) => n > 0 || kind === chosen)].map(([kind, n]) => (
        <button
          key={kind ?? 'all'}
          type="button"
          aria-pressed={chosen === kind}
          onClick={() => setQuery({ kind }, { replace: true })}
        >
          {kind ?? 'all'} <span class="muted num">{n}</span>
        </button>
      ))}
    </div>
  );
}

interface Known {
  usage: (it: Entity) => Usage | undefined;
  counts: (it: Entity) => Counts | null;
  verdict: (it: Entity) => Verdict | null;
  trends: Trends;
  namespaced: boolean;
}

function workloadColumns({ usage, counts, verdict, trends, namespaced }: Known): Column<Entity>[] {
  return [
    {
      id: 'name',
      header: 'Workload',
      value: nameOf,
      cell: (it) => (
        <a
          class="cell-name"
          href={workloadLink({
            cluster: text(it, 'cluster'),
            namespace: text(it, 'namespace'),
            workload_kind: kindOf(it),
            workload: nameOf(it),
          })}
        >
          {nameOf(it)}
          <small>{kindOf(it)}</small>
        </a>
      ),
    },
    ...(namespaced ? [namespaceColumn()] : []),
    verdictColumn(verdict, (it) => ({
      cluster: text(it, 'cluster'),
      namespace: text(it, 'namespace'),
      workload_kind: kindOf(it),
      workload: nameOf(it),
    })),
    {
      id: 'ready',
      header: 'Ready',
      help: 'Ready replicas of those wanted; of a job its successes. Sorted by what is missing',
      end: true,
      value: missing,
      cell: (it) => {
        const words = readyWords(it);
        const short = (missing(it) ?? 0) > 0 && kindOf(it) !== 'Job';
        return <span class={words === null ? 'muted' : short ? 'status warn' : ''}>{words ?? '–'}</span>;
      },
      title: (it) =>
        flag(it, 'paused') === true
          ? 'paused'
          : desired(it) === null
            ? undefined
            : `${exact('count', ready(it))} ready of ${format('count', desired(it))} wanted`,
    },
    ...countColumns(counts),
    ...usageColumns(usage, workloadKey, trends),
    ageColumn(created),
  ];
}

/** The namespace, as a way to its page. */
export function namespaceColumn(): Column<Entity> {
  return {
    id: 'namespace',
    header: 'Namespace',
    value: (it) => text(it, 'namespace'),
    cell: (it) => (
      <a href={namespaceLink({ cluster: text(it, 'cluster'), namespace: text(it, 'namespace') })}>
        {text(it, 'namespace')}
      </a>
    ),
  };
}
