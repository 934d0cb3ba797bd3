import type { ComponentChildren } from 'preact';
import { number, text } from '../../api/row';
import type { Entity } from '../../api/row';
import { Page } from '../../app/Page';
import { exact, format, spoken } from '../../format/number';
import { ago, dateTime, duration, parseMoment } from '../../format/time';
import * as measure from '../../measures/cgroup';
import { cgroupPanels } from '../../panels/cgroup';
import { link, logsLink, nodeLink, podLink } from '../../routes/links';
import type { LogScope } from '../../routes/links';
import { query } from '../../routes/location';
import { quoted } from '../../logs/terms';
import { now } from '../../state/clock';
import { useHappenings } from '../../state/happenings';
import { useListing } from '../../state/inventory';
import { useJudged } from '../../state/judged';
import { usePodContainers } from '../../state/podParts';
import type { PodContainer } from '../../state/podParts';
import { zone } from '../../state/zone';
import { ExitTable } from '../exits/ExitTable';
import { crumbsTo } from '../parts/crumbs';
import { Empty, Fault } from '../parts/Empty';
import { EventTable } from '../parts/EventTable';
import { Firing } from '../parts/FiringMark';
import { Facts } from '../parts/Facts';
import type { Fact } from '../parts/Facts';
import { HealthMark } from '../parts/HealthMark';
import { MemoryBar } from '../parts/MemoryBar';
import { PanelGrid } from '../parts/PanelGrid';
import { openTab, Tabs } from '../parts/Tabs';
import { Values } from '../parts/Values';
import { VerdictCard } from '../parts/VerdictCard';
import { asFilters } from '../parts/where';

const TABS = [
  { id: 'charts', label: 'Charts' },
  { id: 'events', label: 'Events' },
  { id: 'exits', label: 'Exits' },
  { id: 'row', label: 'Newest row' },
];

const PANELS = cgroupPanels('container');

/** Everything about one container, unit or slice. */
export function ContainerDetail({ node, id }: { node: string; id: string }) {
  const cluster = query.value.get('cluster');
  const where = { node, container_id: id, ...(cluster === null ? {} : { cluster }) };
  const { data, problem, retry } = useListing('container', id === '' ? null : { where });
  const entity = data?.entities[0] ?? null;
  const title = entity ? measure.containerName(entity) : (id.split('/').at(-1) ?? id);
  const pod = entity && text(entity, 'pod');
  const lines = linesOf(entity, { node, container_id: id, cluster });
  const uid = entity && text(entity, 'pod_uid');
  const name = entity && text(entity, 'container');
  const namespace = entity && text(entity, 'namespace');
  const known = entity ? text(entity, 'cluster') : cluster;
  const { workload_kind: kind, workload } = entity?.known_as ?? {};
  const inPod = uid !== null && name !== null;
  const about = inPod
    ? { cluster: known, namespace: namespace ?? undefined, pod: pod ?? undefined, pod_uid: uid, container: name }
    : { cluster: known, node, container_id: id };
  const states = usePodContainers(inPod ? uid : null);
  const state = states?.find((one) => one.name === name) ?? null;
  const judged = useJudged(inPod && namespace !== null ? { kinds: ['Container'], namespace } : null, (it) =>
    [it.uid ?? '', it.container ?? it.name].join(' '),
  );
  const verdict = judged.get(`${uid ?? ''} ${name ?? ''}`) ?? null;
  const happenings = useHappenings(
    inPod
      ? {
          cluster: known,
          namespace,
          podUids: [uid],
          container: name,
          workloads: kind && workload && kind !== 'Pod' ? [{ kind, name: workload }] : [],
          nodes: [node],
        }
      : null,
  );
  const tabs = TABS.filter((tab) => inPod || tab.id !== 'events');
  return (
    <Page
      title={title}
      about={about}
      crumbs={
        entity && pod !== null
          ? crumbsTo({
              cluster: known,
              namespace,
              workloadKind: kind ?? null,
              workload: workload ?? null,
              pod: { name: pod, uid },
            })
          : [
              ...crumbsTo({ cluster: known }),
              { label: 'Containers', href: link('/containers') },
              { label: node, href: nodeLink({ node, cluster }) },
            ]
      }
    >
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <VerdictCard verdict={verdict} lines={lines} />
      <Firing of={about} />
      {entity && <About entity={entity} state={state} />}
      {(data && !entity) || id === '' ? (
        <Empty title="No row of this container is in memory">
          <p>
            It ended before the server started, or the address is incomplete. Charts below show what is stored in the
            chosen range.
          </p>
        </Empty>
      ) : null}
      <Tabs tabs={[...tabs, { id: 'logs', label: 'Logs', href: logsLink(lines) }]} label="Parts of this container" />
      {content(openTab(tabs))}
    </Page>
  );

  function content(tab: string): ComponentChildren {
    switch (tab) {
      case 'events':
        return (
          <EventTable
            scope={pod === null ? null : { cluster: known, namespace, about: [{ kind: 'Pod', name: pod }] }}
          />
        );
      case 'exits':
        return (
          <ExitTable where={inPod ? { pod_uid: uid, container: name } : { node, container_id: id }} several={false} />
        );
      case 'row':
        return entity && <Values entity={entity} what={title} />;
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

/**
 * Where its lines are. Of a pod's container under its names, as a line may have come before the runtime's id was
 * known; of a unit among those of its node, by its name.
 */
function linesOf(entity: Entity | null, own: { cluster: string | null; node: string; container_id: string }): LogScope {
  const { cluster, node } = own;
  if (entity && text(entity, 'pod_uid') !== null)
    return {
      cluster,
      namespace: text(entity, 'namespace'),
      pod: text(entity, 'pod'),
      pod_uid: text(entity, 'pod_uid'),
      container: text(entity, 'container'),
    };
  if (!own.container_id.startsWith('/')) return { cluster, node, container_id: own.container_id };
  const name =
    own.container_id
      .split('/')
      .at(-1)
      ?.replace(/\.[a-z]+$/, '') ?? '';
  return { cluster, node, q: name === '' ? null : quoted(name) };
}

function About({ entity, state }: { entity: Entity; state: PodContainer | null }) {
  const started = parseMoment(text(entity, 'started_time') ?? '');
  const limit = measure.cpuLimit(entity);
  const memory = measure.memoryLimit(entity);
  const lifetime = number(entity, 'lifetime_usec');
  return (
    <Facts
      facts={[
        { name: 'State', value: <HealthMark entity={entity} /> },
        { name: 'Kind', value: text(entity, 'container_kind') },
        { name: 'Runtime', value: text(entity, 'runtime') },
        { name: 'Namespace', value: text(entity, 'namespace') },
        {
          name: 'Pod',
          value: text(entity, 'pod') === null ? null : <a href={podLink(entity)}>{text(entity, 'pod')}</a>,
        },
        { name: 'Node', value: <a href={nodeLink(entity)}>{text(entity, 'node')}</a> },
        ...(state ? stateFacts(state) : []),
        { name: 'CPU limit', value: limit === null ? 'none' : spoken('cores', limit), title: exact('cores', limit) },
        {
          name: 'Memory limit',
          value: memory === null ? 'none' : format('bytes', memory),
          title: exact('bytes', memory),
        },
        { name: 'Started', value: started === null ? null : <span class="num">{dateTime(started, zone.value)}</span> },
        { name: 'Lived', value: lifetime === null ? null : duration(lifetime / 1e6) },
        { name: 'cgroup', value: <span class="mono">{text(entity, 'cgroup_path')}</span> },
      ]}
    />
  );
}

/** What the Kubernetes API tells of it. */
function stateFacts(state: PodContainer): Fact[] {
  return [
    { name: 'Said to be', value: [state.state, state.reason].filter((part) => part !== null).join(': ') },
    { name: 'Restarts so far', value: state.restarts === null ? null : format('count', state.restarts) },
    {
      name: 'Ended before',
      value:
        state.lastEnded === null
          ? null
          : `${state.lastReason ?? 'unknown reason'}${state.lastExitCode === null ? '' : `, exit ${state.lastExitCode}`}, ${ago(state.lastEnded, now.value)}`,
      ...(state.lastEnded === null ? {} : { title: dateTime(state.lastEnded, zone.value) }),
    },
    { name: 'Image', value: state.image === null ? null : <span class="mono">{state.image}</span> },
    { name: 'CPU requested', value: state.cpuRequestCores === null ? null : spoken('cores', state.cpuRequestCores) },
    {
      name: 'Memory requested',
      value: state.memoryRequestBytes === null ? null : format('bytes', state.memoryRequestBytes),
    },
  ];
}
