import type { ComponentChildren } from 'preact';
import { flag, map, text } from '../../api/row';
import type { Entity } from '../../api/row';
import { hasPods } from '../../app/nav';
import { Page } from '../../app/Page';
import { asPod, phaseWords, withObject } from '../../measures/podObject';
import { cgroupPanels, POD_NETWORK } from '../../panels/cgroup';
import { logsLink, nodeLink, serviceLink, workloadLink } from '../../routes/links';
import { useHappenings } from '../../state/happenings';
import { useListing } from '../../state/inventory';
import { useJudged, verdictKeys } from '../../state/judged';
import { useObjects } from '../../state/objects';
import { usePodContainers } from '../../state/podParts';
import { ContainerTable } from '../containers/ContainerTable';
import { ExitTable } from '../exits/ExitTable';
import { Conditions } from '../parts/Conditions';
import { crumbsTo } from '../parts/crumbs';
import { Empty, Fault } from '../parts/Empty';
import { EventTable } from '../parts/EventTable';
import { Firing } from '../parts/FiringMark';
import { Facts } from '../parts/Facts';
import { HealthMark } from '../parts/HealthMark';
import { MemoryBar } from '../parts/MemoryBar';
import { Labels } from '../parts/Labels';
import { PanelGrid } from '../parts/PanelGrid';
import { openTab, Tabs } from '../parts/Tabs';
import { Values } from '../parts/Values';
import { VerdictCard } from '../parts/VerdictCard';
import { asFilters } from '../parts/where';
import { podName, podWorkload } from './columns';
import { ContainerStates } from './ContainerStates';
import { Life } from './Life';
import { PodVolumes } from './PodVolumes';

const TABS = [
  { id: 'charts', label: 'Charts' },
  { id: 'containers', label: 'Containers' },
  { id: 'life', label: 'Life' },
  { id: 'volumes', label: 'Volumes' },
  { id: 'events', label: 'Events' },
  { id: 'exits', label: 'Exits' },
  { id: 'row', label: 'Newest row' },
];

const OWN = cgroupPanels('pod');
const PANELS = [...OWN.slice(0, 3), ...POD_NETWORK, ...OWN.slice(3)];

/** Everything about one pod: as its node sees it, and as the Kubernetes API tells of it. */
export function PodDetail({ uid }: { uid: string }) {
  const where = { pod_uid: uid };
  const { data, problem, retry } = useListing('pod', { where });
  const objects = useObjects(['Pod'], hasPods.value ? { object_uid: uid } : null);
  const volumes = useListing('volume', { where });
  const containers = usePodContainers(hasPods.value ? uid : null);
  const measured = data?.entities[0] ?? null;
  const object = objects.data?.entities[0] ?? null;
  const entity = measured ? (object ? withObject(measured, object) : measured) : object && asPod(object);
  const title = entity ? podName(entity) : uid;
  const cluster = entity && text(entity, 'cluster');
  const namespace = entity && text(entity, 'namespace');
  const { workload_kind: kind, workload } = entity?.known_as ?? {};
  const node = entity && text(entity, 'node');
  const judged = useJudged(namespace === null ? null : { kinds: ['Pod'], namespace }, verdictKeys.pod);
  const verdict = judged.get(uid) ?? null;
  const happenings = useHappenings({
    cluster,
    namespace,
    podUids: [uid],
    workloads: kind && workload && kind !== 'Pod' ? [{ kind, name: workload }] : [],
    nodes: node === null ? [] : [node],
  });
  const about = { cluster, namespace: namespace ?? undefined, pod: entity && podName(entity), pod_uid: uid };
  const lines = {
    pod_uid: uid,
    ...(entity ? { cluster, namespace, pod: text(entity, 'pod') } : {}),
  };
  return (
    <Page
      title={title}
      about={about}
      crumbs={crumbsTo({ cluster, namespace, workloadKind: kind ?? null, workload: workload ?? null })}
    >
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <VerdictCard verdict={verdict} lines={{ ...lines, container: verdict?.container ?? null }} />
      <Firing of={about} />
      {entity && <About entity={entity} measured={measured !== null} uid={uid} />}
      {object && <Conditions object={object} />}
      {entity && <Labels of={entity.known_as?.labels ?? map(entity, 'labels')} />}
      {data && !measured ? (
        <Empty title="No row of this pod is in memory">
          <p>
            {object
              ? 'No agent measures it: it has no node yet, or none of its containers was started. Its life, containers and events are below.'
              : 'It ended before the server started. Charts below show what is stored in the chosen range.'}
          </p>
        </Empty>
      ) : null}
      <Tabs tabs={[...TABS, { id: 'logs', label: 'Logs', href: logsLink(lines) }]} label="Parts of this pod" />
      {content(openTab(TABS))}
    </Page>
  );

  function content(tab: string): ComponentChildren {
    switch (tab) {
      case 'containers':
        return (
          <>
            {containers && containers.length > 0 && (
              <ContainerStates node={node} cluster={cluster} containers={containers} />
            )}
            <ContainerTable where={where} several={false} />
          </>
        );
      case 'life':
        return object && containers ? (
          <Life pod={asPod(object)} containers={containers} />
        ) : (
          <p class="muted">The Kubernetes API tells nothing of it now.</p>
        );
      case 'volumes':
        return <PodVolumes volumes={volumes.data?.entities ?? null} />;
      case 'events':
        return (
          <EventTable
            scope={entity && { cluster, namespace, about: [{ kind: 'Pod', name: text(entity, 'pod') ?? '' }] }}
          />
        );
      case 'exits':
        return <ExitTable where={where} several={false} />;
      case 'row':
        return entity && <Values entity={entity} what={`pod ${title}`} />;
      default:
        return (
          <>
            {entity && <MemoryBar entity={entity} />}
            <PanelGrid about={about} panels={PANELS} filters={asFilters(where)} happenings={happenings} lines={lines} />
          </>
        );
    }
  }
}

function About({ entity, measured, uid }: { entity: Entity; measured: boolean; uid: string }) {
  const place = { cluster: text(entity, 'cluster'), namespace: text(entity, 'namespace') };
  const services = entity.known_as?.services ?? [];
  const node = text(entity, 'node');
  return (
    <Facts
      facts={[
        { name: 'State', value: measured ? <HealthMark entity={entity} /> : 'not measured' },
        { name: 'Phase', value: phaseWords(entity) },
        { name: 'Namespace', value: place.namespace },
        {
          name: 'Workload',
          value:
            podWorkload(entity) === null ? null : (
              <a href={workloadLink({ ...place, ...entity.known_as })}>{podWorkload(entity)}</a>
            ),
        },
        {
          name: 'Services',
          value:
            services.length === 0
              ? null
              : services.map((service, index) => (
                  <span key={service}>
                    {index > 0 && ', '}
                    <a href={serviceLink(place, service)}>{service}</a>
                  </span>
                )),
        },
        { name: 'Node', value: node === null ? 'none yet' : <a href={nodeLink(entity)}>{node}</a> },
        { name: 'QoS', value: text(entity, 'qos_class') },
        {
          name: 'Network',
          value: measured ? (flag(entity, 'host_network') === true ? "the node's" : 'its own') : null,
        },
        { name: 'Uid', value: <span class="mono">{uid}</span> },
      ]}
    />
  );
}
