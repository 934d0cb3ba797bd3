import type { ComponentChildren } from 'preact';
import { text } from '../../api/row';
import type { Entity } from '../../api/row';
import { Page } from '../../app/Page';
import { hasPods } from '../../app/nav';
import { HappeningsOf } from '../../charts/happening';
import { LinesOf } from '../../charts/lines';
import { MetricPanel } from '../../panels/MetricPanel';
import { TOP_CPU, TOP_MEMORY } from '../../panels/cgroup';
import * as node from '../../panels/node';
import type { PanelSpec } from '../../panels/panel';
import * as parts from '../../panels/parts';
import { link, logsLink } from '../../routes/links';
import { query } from '../../routes/location';
import { useHappenings } from '../../state/happenings';
import { useListing } from '../../state/inventory';
import { useJudged, verdictKeys } from '../../state/judged';
import { useObjects } from '../../state/objects';
import { ContainerTable } from '../containers/ContainerTable';
import { ExitTable } from '../exits/ExitTable';
import { AlarmSpans } from '../parts/AlarmSpans';
import { Conditions } from '../parts/Conditions';
import { crumbsTo } from '../parts/crumbs';
import { Empty, Fault } from '../parts/Empty';
import { EventTable } from '../parts/EventTable';
import { Firing } from '../parts/FiringMark';
import { Section } from '../parts/Section';
import { openTab, Tabs } from '../parts/Tabs';
import { Values } from '../parts/Values';
import { VerdictCard } from '../parts/VerdictCard';
import { PodTable } from '../pods/PodTable';
import { About } from './About';
import { asFilters } from '../parts/where';
import { PartTable } from './parts';

const TABS = [
  { id: 'charts', label: 'Charts' },
  { id: 'devices', label: 'Disks, file systems, network' },
  { id: 'pods', label: 'Pods' },
  { id: 'containers', label: 'Containers' },
  { id: 'events', label: 'Events' },
  { id: 'exits', label: 'Exits' },
  { id: 'row', label: 'Newest row' },
];

/** Tabs that only a node of a cluster has. */
const OF_CLUSTERS = new Set(['pods', 'events']);

const SECTIONS: readonly { id: string; title: string; panels: readonly PanelSpec[] }[] = [
  {
    id: 'compute',
    title: 'CPU and memory',
    panels: [node.NODE_CPU, node.NODE_MEMORY, TOP_CPU, TOP_MEMORY, node.NODE_LOAD, node.NODE_PRESSURE],
  },
  {
    id: 'storage',
    title: 'Disks and file systems',
    panels: [parts.DISK_BYTES, parts.DISK_BUSY, parts.DISK_OPERATIONS, parts.DISK_WAIT, parts.FILESYSTEM_USE],
  },
  {
    id: 'network',
    title: 'Network',
    panels: [parts.NETWORK_BYTES, parts.NETWORK_PACKETS, parts.NETWORK_FAULTS, node.NODE_TCP, node.NODE_TCP_FAULTS],
  },
  {
    id: 'kernel',
    title: 'Kernel',
    panels: [node.NODE_PAGING, node.NODE_SWAP, node.NODE_OOM, node.NODE_TASKS, node.NODE_SWITCHES, node.NODE_FILES],
  },
];

/** Everything about one node. */
export function NodeDetail({ node: name }: { node: string }) {
  const cluster = query.value.get('cluster');
  const where = { node: name, ...(cluster === null ? {} : { cluster }) };
  const { data, problem, retry } = useListing('node', { where });
  const entity = data?.entities[0] ?? null;
  const inCluster = hasPods.value;
  const objects = useObjects(
    ['Node'],
    inCluster ? { object_name: name, ...(cluster === null ? {} : { cluster }) } : null,
  );
  const object = objects.data?.entities[0] ?? null;
  const judged = useJudged(
    inCluster ? { kinds: ['Node'], ...(cluster === null ? {} : { cluster }) } : null,
    verdictKeys.node,
  );
  const verdict = [...judged.values()].find((it) => it.name === name) ?? null;
  const happenings = useHappenings({ ...where, workloads: [], nodes: inCluster ? [name] : [] });
  const known = entity ? text(entity, 'cluster') : cluster;
  const about = { cluster: known, node: name };
  const tabs = TABS.filter(({ id }) => inCluster || !OF_CLUSTERS.has(id));
  return (
    <Page
      title={name}
      about={about}
      crumbs={[...crumbsTo({ cluster: known }), { label: 'Nodes', href: link('/nodes') }]}
    >
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <VerdictCard verdict={verdict} />
      <Firing of={about} />
      {entity && <About entity={entity} object={object} />}
      {object && <Conditions object={object} />}
      {data && !entity ? (
        <Empty title="No row of this node is in memory">
          <p>
            It has sent none since the server started, or its name is another. Charts below still show what is stored.
          </p>
        </Empty>
      ) : null}
      <Tabs tabs={[...tabs, { id: 'logs', label: 'Logs', href: logsLink(where) }]} label="Parts of this node" />
      <HappeningsOf.Provider value={happenings.list}>
        <LinesOf.Provider value={where}>{content(openTab(tabs), where, entity, known)}</LinesOf.Provider>
      </HappeningsOf.Provider>
    </Page>
  );
}

function content(
  tab: string,
  where: Readonly<{ node: string; cluster?: string }>,
  entity: Entity | null,
  cluster: string | null,
): ComponentChildren {
  switch (tab) {
    case 'devices':
      return (
        <>
          <Section id="filesystems" title="File systems">
            <PartTable kind="filesystems" where={where} />
          </Section>
          <Section id="disks" title="Disks">
            <PartTable kind="disks" where={where} />
          </Section>
          <Section id="interfaces" title="Network interfaces">
            <PartTable kind="interfaces" where={where} />
          </Section>
        </>
      );
    case 'pods':
      return (
        <PodTable where={where} several={false} empty="It runs no pod, or its agent may not read the cgroup tree." />
      );
    case 'events':
      return <EventTable scope={{ cluster, about: [{ kind: 'Node', name: where.node }], node: where.node }} />;
    case 'exits':
      return <ExitTable where={where} several />;
    case 'containers':
      return <ContainerTable where={where} several={false} />;
    case 'row':
      return entity && <Values entity={entity} what={`node ${text(entity, 'node') ?? ''}`} />;
    default:
      return (
        <AlarmSpans of={{ cluster, node: where.node }}>
          {SECTIONS.map((section) => (
            <Section key={section.id} id={section.id} title={section.title}>
              <div class="chart-grid">
                {section.panels.map((panel) => (
                  <MetricPanel key={panel.id} panel={panel} filters={asFilters(where)} />
                ))}
              </div>
            </Section>
          ))}
        </AlarmSpans>
      );
  }
}
