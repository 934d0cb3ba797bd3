import { text } from '../../api/row';
import type { Entity } from '../../api/row';
import type { Statistic } from '../../api/metrics';
import { hasPods } from '../../app/nav';
import { Page } from '../../app/Page';
import { LinesOf } from '../../charts/lines';
import { MetricPanel } from '../../panels/MetricPanel';
import { TOP_CPU, TOP_MEMORY } from '../../panels/cgroup';
import * as node from '../../panels/node';
import type { PanelSpec } from '../../panels/panel';
import * as parts from '../../panels/parts';
import { link, nodeLink } from '../../routes/links';
import { EVERY_NODE, useListing } from '../../state/inventory';
import { scope, scopeWhere } from '../../state/scope';
import { About } from '../nodes/About';
import { PartTable } from '../nodes/parts';
import { Empty, Fault } from '../parts/Empty';
import { Section } from '../parts/Section';
import { asFilters } from '../parts/where';
import { ClusterPart } from './ClusterPart';
import { NodeList } from './NodeList';
import { TopTable } from './TopTable';
import { Tiles } from './Tiles';

const ONE: readonly PanelSpec[] = [
  node.NODE_CPU,
  node.NODE_MEMORY,
  TOP_CPU,
  TOP_MEMORY,
  node.NODE_PRESSURE,
  node.NODE_LOAD,
];
const STORAGE: readonly PanelSpec[] = [parts.DISK_BYTES, parts.DISK_BUSY];
const NETWORK: readonly PanelSpec[] = [parts.NETWORK_BYTES, parts.NETWORK_FAULTS];
const MANY: readonly PanelSpec[] = [node.NODE_CPU, node.NODE_MEMORY, TOP_CPU, TOP_MEMORY];

/** The machine, or the machines: what they do now and did over the range. */
export function Overview() {
  const { data, problem, loading, retry } = useListing('node', EVERY_NODE);
  const here = scope.value;
  const chosen = (data?.entities ?? []).filter(
    (it) =>
      (here.cluster === null || text(it, 'cluster') === here.cluster) &&
      (here.node === null || text(it, 'node') === here.node) &&
      it.health.state !== 'gone',
  );
  const where = scopeWhere({ cluster: here.cluster, node: here.node });
  return (
    <Page title="Overview" scope={['cluster', 'node']}>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      {data && chosen.length === 0 && (
        <Empty title={data.entities.length === 0 ? 'No rows yet' : 'No node in this scope sends rows'}>
          <p>
            {data.entities.length === 0
              ? 'The first rows come within two ticks (20 seconds) of an agent’s start, as most figures are differences between two reads.'
              : 'Clear the scope above, or choose another node.'}
          </p>
          <p>
            <a href={link('/sources')}>Sources</a> shows which agents report and what they may read.
          </p>
        </Empty>
      )}
      {!data && loading && <p class="loading-note muted">Loading…</p>}
      {hasPods.value && chosen.length > 0 && <ClusterPart rows={chosen} where={where} />}
      <LinesOf.Provider value={where}>
        {chosen.length === 1 && chosen[0] && <Single entity={chosen[0]} where={where} />}
        {chosen.length > 1 && <Several nodes={chosen} where={where} />}
      </LinesOf.Provider>
    </Page>
  );
}

interface Where {
  where: Readonly<Record<string, string>>;
}

function Single({ entity, where }: { entity: Entity } & Where) {
  const filters = asFilters({ ...where, node: text(entity, 'node') ?? '' });
  return (
    <>
      <div class="section-head">
        <h2>
          <a href={nodeLink(entity)}>{text(entity, 'node')}</a>
        </h2>
      </div>
      <About entity={entity} />
      <Tiles nodes={[entity]} where={where} />
      <Grid panels={ONE} filters={filters} />
      <Section
        id="top"
        title="Containers and units that use most now"
        note={<a href={link('/containers')}>all of them</a>}
      >
        <TopTable where={where} several={false} />
      </Section>
      <Section
        id="storage"
        title="Disks and file systems"
        note={<a href={nodeLink(entity, { tab: 'devices' })}>disks and interfaces as tables</a>}
      >
        <Grid panels={STORAGE} filters={filters} />
        <PartTable kind="filesystems" where={where} most={8} />
      </Section>
      <Section id="network" title="Network">
        <Grid panels={NETWORK} filters={filters} />
      </Section>
    </>
  );
}

function Several({ nodes, where }: { nodes: readonly Entity[] } & Where) {
  const filters = asFilters(where);
  return (
    <>
      <Tiles nodes={nodes} where={where} />
      <Section id="nodes" title="Nodes" note={<a href={link('/nodes')}>all columns</a>}>
        <NodeList nodes={nodes} />
      </Section>
      <Section id="together" title="All nodes together">
        <Grid panels={MANY} filters={filters} statistic="Total" />
      </Section>
      <Section
        id="top"
        title="Containers and units that use most now"
        note={<a href={link('/containers')}>all of them</a>}
      >
        <TopTable where={where} several />
      </Section>
      <Section id="filesystems" title="Fullest file systems">
        <PartTable kind="filesystems" where={where} several most={8} />
      </Section>
    </>
  );
}

function Grid({
  panels,
  filters,
  statistic,
}: {
  panels: readonly PanelSpec[];
  filters: Readonly<Record<string, readonly string[]>>;
  statistic?: Statistic;
}) {
  return (
    <div class="chart-grid">
      {panels.map((panel) => (
        <MetricPanel key={panel.id} panel={panel} filters={filters} {...(statistic ? { statistic } : {})} />
      ))}
    </div>
  );
}
