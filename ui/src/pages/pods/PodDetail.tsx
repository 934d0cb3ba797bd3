import { flag, text } from '../../api/row';
import { Page } from '../../app/Page';
import { cgroupPanels, POD_NETWORK } from '../../panels/cgroup';
import { LinesOf } from '../../charts/lines';
import { MetricPanel } from '../../panels/MetricPanel';
import { link, logsLink, nodeLink } from '../../routes/links';
import { useListing } from '../../state/inventory';
import { ContainerTable } from '../containers/ContainerTable';
import { Empty, Fault } from '../parts/Empty';
import { Facts } from '../parts/Facts';
import { HealthMark } from '../parts/HealthMark';
import { openTab, Tabs } from '../parts/Tabs';
import { Values } from '../parts/Values';
import { asFilters } from '../parts/where';
import { podName, podWorkload } from './columns';

const TABS = [
  { id: 'charts', label: 'Charts' },
  { id: 'containers', label: 'Containers' },
  { id: 'row', label: 'Newest row' },
];

const OWN = cgroupPanels('pod');
const PANELS = [...OWN.slice(0, 3), ...POD_NETWORK, ...OWN.slice(3)];

/** Everything about one pod, as its node sees it. */
export function PodDetail({ uid }: { uid: string }) {
  const where = { pod_uid: uid };
  const { data, problem, retry } = useListing('pod', { where });
  const entity = data?.entities[0] ?? null;
  const title = entity ? podName(entity) : uid;
  const node = entity && text(entity, 'node');
  const services = entity?.known_as?.services ?? [];
  const labels = Object.entries(entity?.known_as?.labels ?? {});
  const lines = {
    pod_uid: uid,
    ...(entity
      ? { cluster: text(entity, 'cluster'), namespace: text(entity, 'namespace'), pod: text(entity, 'pod') }
      : {}),
  };
  return (
    <Page
      title={title}
      crumbs={[
        { label: 'Pods', href: link('/pods') },
        ...(entity && node !== null ? [{ label: node, href: nodeLink(entity) }] : []),
      ]}
    >
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      {entity && (
        <Facts
          facts={[
            { name: 'State', value: <HealthMark entity={entity} /> },
            { name: 'Namespace', value: text(entity, 'namespace') },
            { name: 'Workload', value: podWorkload(entity) },
            { name: 'Services', value: services.join(', ') },
            { name: 'Node', value: <a href={nodeLink(entity)}>{node}</a> },
            { name: 'QoS', value: text(entity, 'qos_class') },
            { name: 'Network', value: flag(entity, 'host_network') === true ? "the node's" : 'its own' },
            { name: 'Uid', value: <span class="mono">{uid}</span> },
            { name: 'Labels', value: labels.map(([key, value]) => `${key}=${value}`).join(', ') },
          ]}
        />
      )}
      {data && !entity ? (
        <Empty title="No row of this pod is in memory">
          <p>It ended before the server started. Charts below show what is stored in the chosen range.</p>
        </Empty>
      ) : null}
      <Tabs tabs={[...TABS, { id: 'logs', label: 'Logs', href: logsLink(lines) }]} label="Parts of this pod" />
      {openTab(TABS) === 'containers' && <ContainerTable where={where} several={false} />}
      {openTab(TABS) === 'row' && entity && <Values entity={entity} what={`pod ${title}`} />}
      {openTab(TABS) === 'charts' && (
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
