import { number, text } from '../../api/row';
import type { Entity } from '../../api/row';
import { Page } from '../../app/Page';
import { exact, format, spoken } from '../../format/number';
import { dateTime, duration, parseMoment } from '../../format/time';
import * as measure from '../../measures/cgroup';
import { cgroupPanels } from '../../panels/cgroup';
import { LinesOf } from '../../charts/lines';
import { MetricPanel } from '../../panels/MetricPanel';
import { link, logsLink, nodeLink, podLink } from '../../routes/links';
import type { LogScope } from '../../routes/links';
import { query } from '../../routes/location';
import { quoted } from '../../logs/terms';
import { useListing } from '../../state/inventory';
import { zone } from '../../state/zone';
import { Empty, Fault } from '../parts/Empty';
import { Facts } from '../parts/Facts';
import { HealthMark } from '../parts/HealthMark';
import { openTab, Tabs } from '../parts/Tabs';
import { Values } from '../parts/Values';
import { asFilters } from '../parts/where';

const TABS = [
  { id: 'charts', label: 'Charts' },
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
  return (
    <Page
      title={title}
      crumbs={[
        { label: 'Containers', href: link('/containers') },
        { label: node, href: nodeLink({ node, cluster }) },
        ...(entity && pod !== null ? [{ label: pod, href: podLink(entity) }] : []),
      ]}
    >
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      {entity && <About entity={entity} />}
      {(data && !entity) || id === '' ? (
        <Empty title="No row of this container is in memory">
          <p>
            It ended before the server started, or the address is incomplete. Charts below show what is stored in the
            chosen range.
          </p>
        </Empty>
      ) : null}
      <Tabs tabs={[...TABS, { id: 'logs', label: 'Logs', href: logsLink(lines) }]} label="Parts of this container" />
      {openTab(TABS) === 'row' ? (
        entity && <Values entity={entity} what={title} />
      ) : (
        <LinesOf.Provider value={lines}>
          <div class="chart-grid">
            <h2 class="sr-only">Charts</h2>
            {PANELS.map((panel) => (
              <MetricPanel key={panel.id} panel={panel} filters={asFilters(where)} />
            ))}
          </div>
        </LinesOf.Provider>
      )}
    </Page>
  );
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

function About({ entity }: { entity: Entity }) {
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
