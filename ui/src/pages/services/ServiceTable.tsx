import { useState } from 'preact/hooks';
import { number, text } from '../../api/row';
import type { Entity } from '../../api/row';
import { created, nameOf, namedKey } from '../../measures/object';
import { serviceLink } from '../../routes/links';
import { BY_SERVICE, countsBy, none, useCounts } from '../../state/counts';
import { useJudged, verdictKeys } from '../../state/judged';
import { useObjects } from '../../state/objects';
import { useServiceUsage } from '../../state/serviceUsage';
import type { Column } from '../../tables/column';
import { useTrends } from '../../tables/trends';
import type { Trends } from '../../tables/trends';
import { Listed } from '../parts/Listed';
import { ageColumn, countColumns, POD_TRENDS, usageColumns, verdictColumn } from '../parts/standingColumns';
import { namespaceColumn } from '../workloads/WorkloadTable';

const BY = ['cluster', 'namespace', 'service'] as const;
const COLUMNS = ['created_time', 'service_type', 'endpoints_ready', 'endpoints_not_ready'];

/** Services: how many endpoints are ready, and what the pods behind them use. */
export function ServiceTable({
  where,
  only,
}: {
  where: Readonly<Record<string, string>>;
  only?: (service: Entity) => boolean;
}) {
  const { data, problem, retry } = useObjects(['Service'], where, COLUMNS);
  const usage = useServiceUsage(where);
  const counts = useCounts(where);
  const judged = useJudged({ kinds: ['Service'], ...where }, verdictKeys.named);
  const [keys, setKeys] = useState<readonly string[]>([]);
  const all = useTrends({ entity: 'pod', metrics: POD_TRENDS, by: BY, keys, statistic: 'Total' });
  // A measurement names one service of its pod: the line of another would not be whole, so it is not drawn.
  const trends: Trends = new Map([...all].filter(([key]) => usage.data?.get(key)?.elsewhere === 0));
  const counted = counts.data && countsBy(counts.data, BY_SERVICE);
  const withErrors = counts.data?.withErrors === true;
  const columns: Column<Entity>[] = [
    {
      id: 'name',
      header: 'Service',
      value: nameOf,
      cell: (it) => (
        <a class="cell-name" href={serviceLink(placeOf(it), nameOf(it))}>
          {nameOf(it)}
          <small>{text(it, 'service_type')}</small>
        </a>
      ),
    },
    ...(where.namespace === undefined ? [namespaceColumn()] : []),
    verdictColumn(
      (it) => judged.get(namedKey(it)) ?? null,
      (it) => ({ cluster: text(it, 'cluster'), namespace: text(it, 'namespace'), service: nameOf(it) }),
    ),
    {
      id: 'endpoints',
      header: 'Endpoints',
      help: 'Ready addresses behind it, and those that are not. Sorted by those that are not ready',
      end: true,
      value: (it) => number(it, 'endpoints_not_ready'),
      cell: (it) => <Endpoints service={it} />,
      title: (it) =>
        `${number(it, 'endpoints_ready') ?? 'unknown'} ready, ${number(it, 'endpoints_not_ready') ?? 'unknown'} not ready`,
    },
    ...countColumns((it: Entity) => counted && (counted.get(namedKey(it)) ?? none(withErrors))),
    ...usageColumns((it: Entity) => usage.data?.get(namedKey(it)), namedKey, trends),
    ageColumn(created),
  ];
  return (
    <Listed
      noun="services"
      columns={columns}
      rows={data?.entities.filter((it) => only?.(it) ?? true) ?? null}
      rowKey={namedKey}
      fields={(it) => ({
        texts: {
          name: nameOf(it),
          namespace: text(it, 'namespace'),
          type: text(it, 'service_type'),
          health: judged.get(namedKey(it))?.word ?? null,
        },
        numbers: {
          ready: number(it, 'endpoints_ready'),
          notready: number(it, 'endpoints_not_ready'),
          cpu: usage.data?.get(namedKey(it))?.cpuCores ?? null,
          memory: usage.data?.get(namedKey(it))?.memoryBytes ?? null,
        },
      })}
      hint="Filter: words, namespace:shop, type:nodeport, notready>0 …"
      sort={{ id: 'name', descending: false }}
      problem={problem ?? usage.problem ?? counts.problem}
      onRetry={() => {
        retry();
        usage.retry();
        counts.retry();
      }}
      onShown={setKeys}
      empty="No service is known here. They come from the Kubernetes API: Sources shows whether the server may watch it."
    />
  );
}

const placeOf = (it: Entity) => ({ cluster: text(it, 'cluster'), namespace: text(it, 'namespace') });

/** `3 ready`, and what is not. */
export function Endpoints({ service }: { service: Entity }) {
  const ready = number(service, 'endpoints_ready');
  const not = number(service, 'endpoints_not_ready');
  if (ready === null && not === null) return <span class="muted">–</span>;
  const fine = (not ?? 0) === 0 && (ready ?? 0) > 0;
  return (
    <span class={fine ? '' : 'status warn'}>
      {ready ?? 0} ready{(not ?? 0) > 0 ? `, ${not ?? 0} not` : ''}
    </span>
  );
}
