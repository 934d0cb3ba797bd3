import type { ComponentChildren } from 'preact';
import { Containers } from '../pages/containers/Containers';
import { Cost } from '../pages/cost/Cost';
import { Logs } from '../pages/logs/Logs';
import { Nodes } from '../pages/nodes/Nodes';
import { NotFound } from '../pages/NotFound';
import { Overview } from '../pages/overview/Overview';
import { Pods } from '../pages/pods/Pods';
import { Sources } from '../pages/sources/Sources';
import { Lazy, part } from './Lazy';
import { path, query } from './location';
import { match } from './match';
import type { Parameters } from './match';

type Draw = (parameters: Parameters, query: URLSearchParams) => ComponentChildren;

/** Parts of the program that the first load leaves out. */
const cluster = part(() => import('../pages/cluster'));
const details = part(() => import('../pages/details'));
const status = part(() => import('../pages/status/Status'));
const alarms = part(() => import('../pages/alarms'));
const map = part(() => import('../pages/map/Map'));

/** Every page by its path; the first that fits. */
const ROUTES: readonly (readonly [string, Draw])[] = [
  ['/', () => <Overview />],
  // There is no list of clusters besides the overview.
  ['/clusters', () => <Overview />],
  [
    '/clusters/:cluster',
    ({ cluster: name = '' }) => (
      <Lazy of={cluster}>{({ ClusterDetail }) => <ClusterDetail key={name} cluster={name} />}</Lazy>
    ),
  ],
  ['/map', () => <Lazy of={map}>{({ PodsMap }) => <PodsMap />}</Lazy>],
  ['/alarms', () => <Lazy of={alarms}>{({ Alarms }) => <Alarms />}</Lazy>],
  ['/alarms/-/new', () => <Lazy of={alarms}>{({ AlarmEditor }) => <AlarmEditor name={null} />}</Lazy>],
  [
    '/alarms/:name',
    ({ name = '' }) => <Lazy of={alarms}>{({ AlarmPage }) => <AlarmPage key={name} name={name} />}</Lazy>,
  ],
  [
    '/alarms/:name/edit',
    ({ name = '' }) => <Lazy of={alarms}>{({ AlarmEditor }) => <AlarmEditor key={name} name={name} />}</Lazy>,
  ],
  ['/nodes', () => <Nodes />],
  [
    '/nodes/:node',
    ({ node = '' }) => <Lazy of={details}>{({ NodeDetail }) => <NodeDetail key={node} node={node} />}</Lazy>,
  ],
  ['/pods', () => <Pods />],
  ['/pods/:uid', ({ uid = '' }) => <Lazy of={details}>{({ PodDetail }) => <PodDetail key={uid} uid={uid} />}</Lazy>],
  ['/containers', () => <Containers />],
  [
    '/containers/:node',
    ({ node = '' }, params) => (
      <Lazy of={details}>
        {({ ContainerDetail }) => (
          <ContainerDetail key={`${node} ${params.get('id') ?? ''}`} node={node} id={params.get('id') ?? ''} />
        )}
      </Lazy>
    ),
  ],
  ['/namespaces', () => <Lazy of={cluster}>{({ Namespaces }) => <Namespaces />}</Lazy>],
  [
    '/namespaces/:namespace',
    ({ namespace = '' }) => (
      <Lazy of={cluster}>{({ NamespaceDetail }) => <NamespaceDetail key={namespace} namespace={namespace} />}</Lazy>
    ),
  ],
  ['/workloads', () => <Lazy of={cluster}>{({ Workloads }) => <Workloads />}</Lazy>],
  [
    '/workloads/:namespace/:kind/:name',
    ({ namespace = '', kind = '', name = '' }) => (
      <Lazy of={cluster}>
        {({ WorkloadDetail }) => (
          <WorkloadDetail key={`${namespace}/${kind}/${name}`} namespace={namespace} kind={kind} name={name} />
        )}
      </Lazy>
    ),
  ],
  ['/services', () => <Lazy of={cluster}>{({ Services }) => <Services />}</Lazy>],
  [
    '/services/:namespace/:name',
    ({ namespace = '', name = '' }) => (
      <Lazy of={cluster}>
        {({ ServiceDetail }) => <ServiceDetail key={`${namespace}/${name}`} namespace={namespace} name={name} />}
      </Lazy>
    ),
  ],
  ['/volumes', () => <Lazy of={cluster}>{({ Volumes }) => <Volumes />}</Lazy>],
  [
    '/volumes/:namespace/:name',
    ({ namespace = '', name = '' }) => (
      <Lazy of={cluster}>
        {({ VolumeDetail }) => <VolumeDetail key={`${namespace}/${name}`} namespace={namespace} name={name} />}
      </Lazy>
    ),
  ],
  ['/exits', () => <Lazy of={cluster}>{({ Exits }) => <Exits />}</Lazy>],
  ['/logs', () => <Logs />],
  ['/cost', () => <Cost />],
  ['/sources', () => <Sources />],
  ['/status', () => <Lazy of={status}>{({ Status }) => <Status />}</Lazy>],
];

export function Routes() {
  for (const [pattern, draw] of ROUTES) {
    const found = match(pattern, path.value);
    if (found) return <>{draw(found, query.value)}</>;
  }
  return <NotFound />;
}
