import type { ComponentChildren } from 'preact';
import { map, text } from '../../api/row';
import type { Entity } from '../../api/row';
import { Page } from '../../app/Page';
import { ago, dateTime } from '../../format/time';
import { created, nameOf } from '../../measures/object';
import { CPU_BY_WORKLOAD, MEMORY_BY_WORKLOAD, SEVERAL_PANELS } from '../../panels/pods';
import { logsLink } from '../../routes/links';
import { query } from '../../routes/location';
import { now } from '../../state/clock';
import { useHappenings } from '../../state/happenings';
import { nodes } from '../../state/inventory';
import { useJudged, verdictKeys } from '../../state/judged';
import { useObjects } from '../../state/objects';
import { useUsage } from '../../state/usage';
import { zone } from '../../state/zone';
import { ExitTable } from '../exits/ExitTable';
import { crumbsTo } from '../parts/crumbs';
import { Empty, Fault } from '../parts/Empty';
import { EventTable } from '../parts/EventTable';
import { Firing } from '../parts/FiringMark';
import { Facts, ofRequest } from '../parts/Facts';
import { Labels } from '../parts/Labels';
import { PanelGrid } from '../parts/PanelGrid';
import { openTab, Tabs } from '../parts/Tabs';
import { VerdictCard } from '../parts/VerdictCard';
import { asFilters } from '../parts/where';
import { PodTable } from '../pods/PodTable';
import { ServiceTable } from '../services/ServiceTable';
import { VolumeTable } from '../volumes/VolumeTable';
import { WorkloadTable } from '../workloads/WorkloadTable';

const TABS = [
  { id: 'workloads', label: 'Workloads' },
  { id: 'charts', label: 'Charts' },
  { id: 'pods', label: 'Pods' },
  { id: 'services', label: 'Services' },
  { id: 'volumes', label: 'Volumes' },
  { id: 'events', label: 'Events' },
  { id: 'exits', label: 'Exits' },
];

const PANELS = [
  CPU_BY_WORKLOAD,
  MEMORY_BY_WORKLOAD,
  ...SEVERAL_PANELS.filter(({ id }) => id !== 'cpu-by-pod' && id !== 'memory-by-pod'),
];

/** Everything about one namespace. */
export function NamespaceDetail({ namespace }: { namespace: string }) {
  const cluster = query.value.get('cluster');
  const place = cluster === null ? {} : { cluster };
  const where = { ...place, namespace };
  const { data, problem, retry } = useObjects(['Namespace'], { ...place, object_name: namespace });
  const quotas = useObjects(['ResourceQuota'], where);
  const object = data?.entities[0] ?? null;
  const judged = useJudged({ kinds: ['Namespace'], ...place }, verdictKeys.namespace);
  const verdict = [...judged.values()].find((it) => it.name === namespace) ?? null;
  const happenings = useHappenings({ ...where, workloads: 'all' });
  const known = cluster ?? (object && text(object, 'cluster'));
  const about = { cluster: known, namespace };
  const usage = useUsage(['namespace'], asFilters(where));
  const use = usage.data?.get(namespace);
  const at = object && created(object);
  return (
    <Page title={namespace} about={about} crumbs={crumbsTo({ cluster: known })}>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <VerdictCard verdict={verdict} />
      <Firing of={about} />
      {object && (
        <>
          <Facts
            facts={[
              { name: 'Phase', value: text(object, 'phase') },
              {
                name: 'CPU',
                value: use && ofRequest('cores', use.cpuCores, use.cpuRequestCores),
              },
              {
                name: 'Memory',
                value: use && ofRequest('bytes', use.memoryBytes, use.memoryRequestBytes),
              },
              ...(quotas.data?.entities ?? []).flatMap(quotaFacts),
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
        <Empty title="No namespace of this name is known now">
          <p>It was deleted, or the server may not watch it. Below is what is stored of it in the chosen range.</p>
        </Empty>
      )}
      <Tabs
        tabs={[...TABS, { id: 'logs', label: 'Logs', href: logsLink({ cluster: known, namespace }) }]}
        label="Parts of this namespace"
      />
      {content(openTab(TABS))}
    </Page>
  );

  function content(tab: string): ComponentChildren {
    switch (tab) {
      case 'charts':
        return (
          <PanelGrid
            about={about}
            panels={PANELS}
            filters={asFilters(where)}
            statistic="Total"
            happenings={happenings}
            lines={{ cluster: known, namespace }}
          />
        );
      case 'pods':
        return (
          <PodTable
            where={where}
            several={(nodes.value?.length ?? 0) > 1}
            empty="It has no pod now. The tab Exits has those that ended in the range."
          />
        );
      case 'services':
        return <ServiceTable where={where} />;
      case 'volumes':
        return <VolumeTable where={where} />;
      case 'events':
        return <EventTable scope={where} />;
      case 'exits':
        return <ExitTable where={where} several />;
      default:
        return (
          <WorkloadTable where={where} empty="It has no workload. Pods that belong to nobody are in the tab Pods." />
        );
    }
  }
}

/** What a quota allows and what of it is used: `requests.cpu 2 of 4`. */
function quotaFacts(quota: Entity) {
  const used = map(quota, 'quota_used');
  return Object.entries(map(quota, 'quota_hard')).map(([resource, hard]) => ({
    name: `Quota ${resource}`,
    value: `${used[resource] ?? '?'} of ${hard}`,
    title: `quota ${nameOf(quota)}`,
  }));
}
