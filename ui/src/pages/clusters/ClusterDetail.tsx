import type { ComponentChildren } from 'preact';
import { number, text } from '../../api/row';
import type { Entity } from '../../api/row';
import { Page } from '../../app/Page';
import { nameOf } from '../../measures/object';
import { CLUSTER_PANELS, NODES_PANELS } from '../../panels/cluster';
import { clusterLink, link, logsLink } from '../../routes/links';
import { useHappenings } from '../../state/happenings';
import { EVERY_NODE, useListing } from '../../state/inventory';
import { useObjects } from '../../state/objects';
import { NamespaceTable } from '../namespaces/NamespaceTable';
import { NodeTable } from '../nodes/NodeTable';
import { Empty, Fault } from '../parts/Empty';
import { EventTable } from '../parts/EventTable';
import { PanelGrid } from '../parts/PanelGrid';
import { openTab, Tabs } from '../parts/Tabs';
import type { Tab } from '../parts/Tabs';
import { asFilters } from '../parts/where';
import { Head } from './Head';
import { Standing } from './Standing';

const NODE_COLUMNS = ['versions'];

/** Everything about one cluster. */
export function ClusterDetail({ cluster }: { cluster: string }) {
  const every = useListing('node', EVERY_NODE);
  const told = useObjects(['Node'], { cluster }, NODE_COLUMNS);
  const rows = (every.data?.entities ?? []).filter((it) => text(it, 'cluster') === cluster);
  const objects = told.data?.entities ?? [];
  const loaded = every.data !== null && told.data !== null;
  const problem = every.problem ?? told.problem;
  return (
    <Page title={cluster} about={{ cluster }} crumbs={[{ label: 'Overview', href: link('/') }]}>
      {problem && (
        <Fault
          problem={problem}
          stale={loaded}
          onRetry={() => {
            every.retry();
            told.retry();
          }}
        />
      )}
      {!loaded && !problem && <p class="loading-note muted">Loading…</p>}
      {loaded &&
        (rows.length === 0 && objects.length === 0 ? (
          <Unknown cluster={cluster} nodes={every.data?.entities ?? []} />
        ) : (
          <Known cluster={cluster} rows={rows} objects={objects} />
        ))}
    </Page>
  );
}

function Unknown({ cluster, nodes }: { cluster: string; nodes: readonly Entity[] }) {
  const names = [...new Set(nodes.map((it) => text(it, 'cluster')).filter((name) => name !== null))].sort();
  return (
    <Empty title="No cluster of this name is known">
      <p>
        No agent has sent rows of a cluster <code>{cluster}</code> since the server started, and no Kubernetes API of
        that name is watched. Names are told apart by capitals.
      </p>
      <p>
        {names.length === 0 ? (
          <>
            <a href={link('/sources')}>Sources</a> shows which agents report.
          </>
        ) : (
          <>
            Known {names.length === 1 ? 'is' : 'are'}{' '}
            {names.map((name, index) => (
              <span key={name}>
                {index > 0 && ', '}
                <a href={clusterLink(name)}>{name}</a>
              </span>
            ))}
            .
          </>
        )}
      </p>
    </Empty>
  );
}

interface Properties {
  cluster: string;
  /** Nodes that send rows, or did. */
  rows: readonly Entity[];
  /** Nodes as the Kubernetes API tells of them. */
  objects: readonly Entity[];
}

function Known({ cluster, rows, objects }: Properties) {
  const watched = objects.length > 0;
  const hasPods = watched || rows.some((it) => (number(it, 'pods_running') ?? 0) > 0);
  const where = { cluster };
  const happenings = useHappenings({ cluster, workloads: watched ? 'all' : [], nodes: objects.map(nameOf).sort() });
  const present = rows.filter((it) => it.health.state !== 'gone');
  const tabs: Tab[] = [
    { id: 'charts', label: 'Charts' },
    ...(watched ? [{ id: 'namespaces', label: 'Namespaces' }] : []),
    { id: 'nodes', label: 'Nodes', count: Math.max(present.length, objects.length) },
    ...(watched ? [{ id: 'events', label: 'Events' }] : []),
  ];
  const tab = openTab(tabs);
  const ways: Tab[] = [
    ...(hasPods
      ? [
          { id: 'map', label: 'Map', href: link('/map', where) },
          { id: 'workloads', label: 'Workloads', href: link('/workloads', where) },
          { id: 'pods', label: 'Pods', href: link('/pods', where) },
        ]
      : [{ id: 'containers', label: 'Containers', href: link('/containers', where) }]),
    // A page of logs has the cluster in its address where there are several; here it is meant in any case.
    { id: 'logs', label: 'Logs', href: logsLink({}, where) },
    { id: 'cost', label: 'Cost', href: link('/cost') },
  ];
  return (
    <>
      <Head cluster={cluster} rows={present} objects={objects} />
      <Tabs tabs={[...tabs, ...ways]} label="Parts of this cluster" />
      {content(tab)}
    </>
  );

  function content(open: string): ComponentChildren {
    switch (open) {
      case 'namespaces':
        return <NamespaceTable where={where} />;
      case 'nodes':
        return <NodeTable cluster={cluster} />;
      case 'events':
        return <EventTable scope={where} />;
      default:
        return (
          <>
            {watched && <Standing where={where} />}
            <PanelGrid
              about={where}
              panels={hasPods ? CLUSTER_PANELS : NODES_PANELS}
              filters={asFilters(where)}
              statistic="Total"
              happenings={happenings}
              lines={where}
            />
          </>
        );
    }
  }
}
