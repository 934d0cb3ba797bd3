import type { ComponentChildren } from 'preact';
import { number, text } from '../../api/row';
import type { Entity } from '../../api/row';
import { Page } from '../../app/Page';
import { format } from '../../format/number';
import { dateTime, parseMoment } from '../../format/time';
import { LinesOf } from '../../charts/lines';
import { MetricPanel } from '../../panels/MetricPanel';
import { TOP_CPU, TOP_MEMORY } from '../../panels/cgroup';
import * as node from '../../panels/node';
import type { PanelSpec } from '../../panels/panel';
import * as parts from '../../panels/parts';
import { link, logsLink } from '../../routes/links';
import { query } from '../../routes/location';
import { useListing } from '../../state/inventory';
import { zone } from '../../state/zone';
import { ContainerTable } from '../containers/ContainerTable';
import { Empty, Fault } from '../parts/Empty';
import { Facts } from '../parts/Facts';
import { HealthMark } from '../parts/HealthMark';
import { Section } from '../parts/Section';
import { openTab, Tabs } from '../parts/Tabs';
import { Values } from '../parts/Values';
import { asFilters } from '../parts/where';
import { PartTable } from './parts';

const TABS = [
  { id: 'charts', label: 'Charts' },
  { id: 'devices', label: 'Disks, file systems, network' },
  { id: 'containers', label: 'Containers' },
  { id: 'row', label: 'Newest row' },
];

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
  return (
    <Page title={name} crumbs={[{ label: 'Nodes', href: link('/nodes') }]}>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      {entity && <About entity={entity} />}
      {data && !entity ? (
        <Empty title="No row of this node is in memory">
          <p>
            It has sent none since the server started, or its name is another. Charts below still show what is stored.
          </p>
        </Empty>
      ) : null}
      <Tabs tabs={[...TABS, { id: 'logs', label: 'Logs', href: logsLink(where) }]} label="Parts of this node" />
      <LinesOf.Provider value={where}>{content(openTab(TABS), where, entity)}</LinesOf.Provider>
    </Page>
  );
}

function content(tab: string, where: Readonly<Record<string, string>>, entity: Entity | null): ComponentChildren {
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
    case 'containers':
      return <ContainerTable where={where} several={false} />;
    case 'row':
      return entity && <Values entity={entity} what={`node ${text(entity, 'node') ?? ''}`} />;
    default:
      return SECTIONS.map((section) => (
        <Section key={section.id} id={section.id} title={section.title}>
          <div class="chart-grid">
            {section.panels.map((panel) => (
              <MetricPanel key={panel.id} panel={panel} filters={asFilters(where)} />
            ))}
          </div>
        </Section>
      ));
  }
}

/** What the machine is. */
export function About({ entity }: { entity: Entity }) {
  const boot = parseMoment(text(entity, 'boot_time') ?? '');
  const cores = number(entity, 'node_cpu_cores');
  return (
    <Facts
      facts={[
        { name: 'State', value: <HealthMark entity={entity} /> },
        { name: 'Cluster', value: text(entity, 'cluster') },
        { name: 'Processors', value: cores === null ? null : String(cores) },
        { name: 'Memory', value: format('bytes', number(entity, 'node_memory_total_bytes')) },
        { name: 'System', value: text(entity, 'os_image') },
        { name: 'Kernel', value: text(entity, 'kernel_version') },
        { name: 'Architecture', value: text(entity, 'architecture') },
        { name: 'cgroups', value: text(entity, 'cgroup_version') },
        { name: 'Started', value: boot === null ? null : <span class="num">{dateTime(boot, zone.value)}</span> },
        { name: 'Agent', value: text(entity, 'agent_version') },
      ]}
    />
  );
}
