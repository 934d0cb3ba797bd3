import type { ComponentChildren } from 'preact';
import { ContainerDetail } from '../pages/containers/ContainerDetail';
import { Containers } from '../pages/containers/Containers';
import { Cost } from '../pages/cost/Cost';
import { Logs } from '../pages/logs/Logs';
import { NodeDetail } from '../pages/nodes/NodeDetail';
import { Nodes } from '../pages/nodes/Nodes';
import { NotFound } from '../pages/NotFound';
import { Overview } from '../pages/overview/Overview';
import { PodDetail } from '../pages/pods/PodDetail';
import { Pods } from '../pages/pods/Pods';
import { Sources } from '../pages/sources/Sources';
import { Lazy, part } from './Lazy';
import { path, query } from './location';
import { match } from './match';
import type { Parameters } from './match';

type Draw = (parameters: Parameters, query: URLSearchParams) => ComponentChildren;

/** Pages that the first load leaves out. */
const cluster = part(() => import('../pages/cluster'));
const status = part(() => import('../pages/status/Status'));
const map = part(() => import('../pages/map/Map'));

/** Every page by its path; the first that fits. */
const ROUTES: readonly (readonly [string, Draw])[] = [
  ['/', () => <Overview />],
  ['/map', () => <Lazy of={map}>{({ PodsMap }) => <PodsMap />}</Lazy>],
  ['/nodes', () => <Nodes />],
  ['/nodes/:node', ({ node = '' }) => <NodeDetail key={node} node={node} />],
  ['/pods', () => <Pods />],
  ['/pods/:uid', ({ uid = '' }) => <PodDetail key={uid} uid={uid} />],
  ['/containers', () => <Containers />],
  [
    '/containers/:node',
    ({ node = '' }, params) => (
      <ContainerDetail key={`${node} ${params.get('id') ?? ''}`} node={node} id={params.get('id') ?? ''} />
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
