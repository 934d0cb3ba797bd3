import type { ComponentChildren } from 'preact';
import { flag, map, number, text } from '../../api/row';
import type { Entity } from '../../api/row';
import { Page } from '../../app/Page';
import { format } from '../../format/number';
import { ago, dateTime, parseMoment } from '../../format/time';
import { created, desired, kindOf, nameOf, readyWords } from '../../measures/object';
import { JOB_PODS, REPLICAS } from '../../panels/object';
import { WORKLOAD_PANELS } from '../../panels/pods';
import { logsLink, serviceLink } from '../../routes/links';
import { query } from '../../routes/location';
import { now } from '../../state/clock';
import { useHappenings } from '../../state/happenings';
import { nodes, useListing } from '../../state/inventory';
import { useJudged, verdictKeys } from '../../state/judged';
import { useObjects } from '../../state/objects';
import type { ObjectKind } from '../../state/objects';
import { useUsage } from '../../state/usage';
import { zone } from '../../state/zone';
import { ExitTable } from '../exits/ExitTable';
import { Conditions } from '../parts/Conditions';
import { crumbsTo } from '../parts/crumbs';
import { Empty, Fault } from '../parts/Empty';
import { EventTable } from '../parts/EventTable';
import { Firing } from '../parts/FiringMark';
import { Facts, ofRequest } from '../parts/Facts';
import type { Fact } from '../parts/Facts';
import { Labels } from '../parts/Labels';
import { PanelGrid } from '../parts/PanelGrid';
import { openTab, Tabs } from '../parts/Tabs';
import { VerdictCard } from '../parts/VerdictCard';
import { asFilters } from '../parts/where';
import { PodTable } from '../pods/PodTable';
import { Rollouts } from './Rollouts';
import { WorkloadTable } from './WorkloadTable';

const NAMES_ONLY: readonly string[] = [];

/** Everything about one workload. */
export function WorkloadDetail({ namespace, kind, name }: { namespace: string; kind: string; name: string }) {
  const cluster = query.value.get('cluster');
  const place = { namespace, ...(cluster === null ? {} : { cluster }) };
  const where = { ...place, workload_kind: kind, workload: name };
  const { data, problem, retry } = useObjects([kind as ObjectKind], { ...place, object_name: name });
  const object = data?.entities[0] ?? null;
  const pods = useListing('pod', { where, columns: NAMES_ONLY });
  const children = useObjects(
    kind === 'CronJob' ? ['Job'] : ['ReplicaSet'],
    { ...place, owner_name: name },
    NAMES_ONLY,
  );
  const judged = useJudged({ kinds: ['Workload'], ...place }, verdictKeys.named);
  const verdict = [...judged.values()].find((it) => it.name === name && it.workload_kind === kind) ?? null;
  const happenings = useHappenings({ ...place, workloads: [{ kind, name }], theirContainers: true });
  const known = text0(object, 'cluster') ?? cluster;
  const about = { cluster: known, namespace, workload_kind: kind, workload: name };
  const services = [...new Set((pods.data?.entities ?? []).flatMap((pod) => pod.known_as?.services ?? []))].sort();
  // The log knows pods, not what they belong to. Their names begin with the workload's.
  const lines = {
    cluster: cluster ?? (object ? text(object, 'cluster') : null),
    namespace,
    pod: kind === 'Pod' ? name : `${name}-*`,
  };
  const tabs = [
    { id: 'charts', label: 'Charts' },
    {
      id: 'pods',
      label: 'Pods',
      count: pods.data?.entities.filter((pod) => pod.health.state !== 'gone').length ?? null,
    },
    ...(kind === 'CronJob' ? [{ id: 'jobs', label: 'Jobs', count: children.data?.entities.length ?? null }] : []),
    ...(kind === 'Pod' || kind === 'Job' ? [] : [{ id: 'rollouts', label: 'Rollouts' }]),
    { id: 'events', label: 'Events' },
    { id: 'exits', label: 'Exits' },
  ];
  const tab = openTab(tabs);
  return (
    <Page title={name} about={about} crumbs={crumbsTo({ cluster: known, namespace })}>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <VerdictCard verdict={verdict} lines={{ ...lines, container: verdict?.container ?? null }} />
      <Firing of={about} />
      {object && <About object={object} place={place} services={services} />}
      {data && !object && (
        <Empty title={`No ${kind} of this name is known now`}>
          <p>It was deleted, or the server may not watch it. Below is what is stored of it in the chosen range.</p>
        </Empty>
      )}
      <Tabs tabs={[...tabs, { id: 'logs', label: 'Logs', href: logsLink(lines) }]} label="Parts of this workload" />
      {content(tab)}
    </Page>
  );

  function content(open: string): ComponentChildren {
    switch (open) {
      case 'pods':
        return (
          <PodTable
            where={where}
            several={(nodes.value?.length ?? 0) > 1}
            empty="It has no pod now. The tab Exits has those that ended in the range."
          />
        );
      case 'jobs':
        return <JobTable place={place} name={name} />;
      case 'rollouts':
        return <Rollouts place={place} kind={kind} name={name} happenings={happenings} />;
      case 'events':
        return (
          <EventTable
            scope={{
              cluster: cluster ?? text0(object, 'cluster'),
              namespace,
              about: [
                { kind, name },
                ...(children.data?.entities ?? []).map((it) => ({ kind: kindOf(it), name: nameOf(it) })),
                ...(pods.data?.entities ?? []).map((pod) => ({ kind: 'Pod', name: text(pod, 'pod') ?? '' })),
              ],
            }}
          />
        );
      case 'exits':
        return <ExitTable where={where} several />;
      default:
        return (
          <PanelGrid
            about={about}
            lead={
              kind === 'Pod' || kind === 'CronJob'
                ? null
                : {
                    panel: kind === 'Job' ? JOB_PODS : REPLICAS,
                    filters: asFilters({ ...place, object_kind: kind, object_name: name }),
                  }
            }
            panels={WORKLOAD_PANELS}
            filters={asFilters(where)}
            statistic="Total"
            happenings={happenings}
            lines={lines}
          />
        );
    }
  }
}

/** The jobs that a cron job started. */
function JobTable({ place, name }: { place: Readonly<Record<string, string>>; name: string }) {
  return (
    <WorkloadTable
      where={place}
      of={{ kind: 'CronJob', name }}
      empty="No job of it is there now. The API keeps a few; the tab Exits has their containers."
    />
  );
}

function text0(object: Entity | null, column: string): string | null {
  return object && text(object, column);
}

function About({
  object,
  place,
  services,
}: {
  object: Entity;
  place: { namespace: string; cluster?: string };
  services: readonly string[];
}) {
  const usage = useUsage(
    ['workload'],
    asFilters({ ...place, workload_kind: kindOf(object), workload: nameOf(object) }),
  );
  const use = usage.data?.get(nameOf(object));
  const at = created(object);
  const moment = (column: string) => {
    const time = parseMoment(text(object, column) ?? '');
    return time === null ? null : <span title={dateTime(time, zone.value)}>{ago(time, now.value)}</span>;
  };
  const facts: Fact[] = [
    { name: 'Kind', value: kindOf(object) },
    { name: kindOf(object) === 'Job' ? 'Succeeded' : 'Ready', value: readyWords(object) },
    ...(kindOf(object) === 'Job' || desired(object) === null
      ? []
      : [
          { name: 'Available', value: format('count', number(object, 'replicas_available') ?? 0) },
          { name: 'Of the newest version', value: format('count', number(object, 'replicas_updated')) },
        ]),
    {
      name: 'Failed',
      value: (number(object, 'job_failed') ?? 0) > 0 ? format('count', number(object, 'job_failed')) : null,
    },
    { name: 'Schedule', value: text(object, 'schedule') && <code>{text(object, 'schedule')}</code> },
    { name: 'Started a job', value: moment('last_schedule_time') },
    { name: 'Last success', value: moment('last_success_time') },
    { name: 'Completed', value: moment('completed_time') },
    { name: 'Paused', value: flag(object, 'paused') === true ? 'yes' : null },
    {
      name: 'CPU',
      value: use && ofRequest('cores', use.cpuCores, use.cpuRequestCores),
    },
    {
      name: 'Memory',
      value: use && ofRequest('bytes', use.memoryBytes, use.memoryRequestBytes),
    },
    {
      name: 'Services',
      value:
        services.length === 0
          ? null
          : services.map((service, index) => (
              <span key={service}>
                {index > 0 && ', '}
                <a href={serviceLink({ cluster: text(object, 'cluster'), namespace: place.namespace }, service)}>
                  {service}
                </a>
              </span>
            )),
    },
    {
      name: 'Made',
      value: at === null ? null : ago(at, now.value),
      ...(at === null ? {} : { title: dateTime(at, zone.value) }),
    },
  ];
  return (
    <>
      <Facts facts={facts} />
      <Conditions object={object} />
      <Labels of={map(object, 'labels')} />
    </>
  );
}
