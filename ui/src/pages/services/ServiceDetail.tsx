import type { ComponentChildren } from 'preact';
import { map, text } from '../../api/row';
import { askSql, column, literal, moment, rowText, whereOf } from '../../api/sql';
import { Page } from '../../app/Page';
import { ago, dateTime } from '../../format/time';
import { created, kindOf, nameOf } from '../../measures/object';
import { ENDPOINTS } from '../../panels/object';
import { SEVERAL_PANELS } from '../../panels/pods';
import { logsLink, workloadLink } from '../../routes/links';
import { query } from '../../routes/location';
import { now, span } from '../../state/clock';
import { useHappenings } from '../../state/happenings';
import { nodes } from '../../state/inventory';
import { useJudged, verdictKeys } from '../../state/judged';
import { useObjects } from '../../state/objects';
import { useResource } from '../../state/resource';
import { zone } from '../../state/zone';
import { crumbsTo } from '../parts/crumbs';
import { Empty, Fault } from '../parts/Empty';
import { EventTable } from '../parts/EventTable';
import { Firing } from '../parts/FiringMark';
import { Facts } from '../parts/Facts';
import { Labels } from '../parts/Labels';
import { PanelGrid } from '../parts/PanelGrid';
import { openTab, Tabs } from '../parts/Tabs';
import { VerdictCard } from '../parts/VerdictCard';
import { asFilters } from '../parts/where';
import { PodTable } from '../pods/PodTable';
import { WorkloadTable } from '../workloads/WorkloadTable';
import { Endpoints } from './ServiceTable';

const TABS = [
  { id: 'charts', label: 'Charts' },
  { id: 'workloads', label: 'Workloads' },
  { id: 'pods', label: 'Pods' },
  { id: 'events', label: 'Events' },
];

/** A pod that was behind the service at some time of the range. */
interface Behind {
  uid: string;
  pod: string;
  workloadKind: string | null;
  workload: string | null;
}

/** Everything about one service. */
export function ServiceDetail({ namespace, name }: { namespace: string; name: string }) {
  const cluster = query.value.get('cluster');
  const place = { namespace, ...(cluster === null ? {} : { cluster }) };
  const { data, problem, retry } = useObjects(['Service'], { ...place, object_name: name });
  const object = data?.entities[0] ?? null;
  const behind = useBehind(place, name);
  const fault = problem ?? behind.problem;
  const pods = behind.data ?? [];
  const uids = [...new Set(pods.map(({ uid }) => uid))].sort();
  const workloads = [
    ...new Map(
      pods
        .filter((it) => it.workload !== null && it.workloadKind !== null)
        .map((it) => [
          `${it.workloadKind ?? ''}/${it.workload ?? ''}`,
          { kind: it.workloadKind ?? '', name: it.workload ?? '' },
        ]),
    ).values(),
  ];
  const judged = useJudged({ kinds: ['Service'], ...place }, verdictKeys.named);
  const verdict = [...judged.values()].find((it) => it.name === name) ?? null;
  const happenings = useHappenings(behind.data && { ...place, podUids: uids, workloads });
  const known = cluster ?? (object && text(object, 'cluster'));
  const about = { cluster: known, namespace, service: name };
  const only = workloads.length === 1 ? workloads[0] : undefined;
  const lines = {
    cluster: known,
    namespace,
    ...(only ? { pod: only.kind === 'Pod' ? only.name : `${only.name}-*` } : {}),
  };
  const at = object && created(object);
  return (
    <Page title={name} about={about} crumbs={crumbsTo({ cluster: known, namespace })}>
      {fault && (
        <Fault
          problem={fault}
          stale={data !== null}
          onRetry={() => {
            retry();
            behind.retry();
          }}
        />
      )}
      <VerdictCard verdict={verdict} />
      <Firing of={about} />
      {object && (
        <>
          <Facts
            facts={[
              { name: 'Type', value: text(object, 'service_type') },
              { name: 'Endpoints', value: <Endpoints service={object} /> },
              {
                name: 'Workloads',
                value:
                  workloads.length === 0
                    ? null
                    : workloads.map((it, index) => (
                        <span key={`${it.kind}/${it.name}`}>
                          {index > 0 && ', '}
                          <a
                            href={workloadLink({
                              cluster: known,
                              namespace,
                              workload_kind: it.kind,
                              workload: it.name,
                            })}
                            title={it.kind}
                          >
                            {it.name}
                          </a>
                        </span>
                      )),
              },
              {
                name: 'Made',
                value: at === null ? null : ago(at, now.value),
                ...(at === null ? {} : { title: dateTime(at, zone.value) }),
              },
            ]}
          />
          <Labels of={map(object, 'labels')} />
        </>
      )}
      {data && !object && (
        <Empty title="No service of this name is known now">
          <p>It was deleted, or the server may not watch it. Below is what is stored of it in the chosen range.</p>
        </Empty>
      )}
      <Tabs tabs={[...TABS, { id: 'logs', label: 'Logs', href: logsLink(lines) }]} label="Parts of this service" />
      {content(openTab(TABS))}
    </Page>
  );

  function content(tab: string): ComponentChildren {
    switch (tab) {
      case 'workloads':
        return (
          <WorkloadTable
            where={place}
            only={(it) => workloads.some((one) => one.kind === kindOf(it) && one.name === nameOf(it))}
            empty="No workload is behind it: its selector fits pods that belong to nobody, or none."
          />
        );
      case 'pods':
        return (
          <PodTable
            where={place}
            several={(nodes.value?.length ?? 0) > 1}
            only={(pod) => uids.includes(text(pod, 'pod_uid') ?? '')}
            empty="No pod is behind it: compare its selector with the labels of the pods that you expect."
          />
        );
      case 'events':
        return (
          <EventTable
            scope={{
              cluster: known,
              namespace,
              about: [
                { kind: 'Service', name },
                { kind: 'Endpoints', name },
                ...pods.map(({ pod }) => ({ kind: 'Pod', name: pod })),
              ],
            }}
          />
        );
      default:
        return (
          <>
            {behind.data && uids.length === 0 && (
              <Empty title="No pod is behind this service">
                <p>
                  Its selector fits no pod in this range, or it leads out of the cluster. There is nothing to measure.
                </p>
              </Empty>
            )}
            <PanelGrid
              about={about}
              lead={{
                panel: ENDPOINTS,
                filters: asFilters({ ...place, object_kind: 'Service', object_name: name }),
              }}
              panels={uids.length === 0 ? [] : SEVERAL_PANELS}
              filters={{ ...asFilters(place), pod_uid: uids }}
              statistic="Total"
              happenings={happenings}
              lines={lines}
            />
          </>
        );
    }
  }
}

/** Pods that the service selected, as far as they were there in the range. */
function useBehind(place: Readonly<Record<string, string>>, name: string) {
  const asked = span.value;
  const subject = JSON.stringify(['behind', place, name, asked.end - asked.start]);
  return useResource(subject, Math.floor(asked.end / 60_000), async (signal) => {
    const latest = ['pod', 'workload_kind', 'workload', 'deleted']
      .map((one) => `last_value(${one} order by time) as ${one}`)
      .join(', ');
    const statement =
      `with seen as (select pod_uid, max(time) as at, ${latest} from identity where container is null and ${whereOf(place)} ` +
      `and services[${literal(name)}] is not null group by pod_uid) ` +
      `select pod_uid, ${column('pod')}, workload_kind, workload from seen where deleted is not true or at >= ${moment(asked.start)}`;
    const { rows } = await askSql(statement, signal, 2000);
    return rows.map((row): Behind => ({
      uid: rowText(row, 'pod_uid') ?? '',
      pod: rowText(row, 'pod') ?? '',
      workloadKind: rowText(row, 'workload_kind'),
      workload: rowText(row, 'workload'),
    }));
  });
}
