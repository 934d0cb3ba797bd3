import { computed } from '@preact/signals';
import { nodes } from '../state/inventory';
import { address, query, queryText } from './location';

/**
 * Links between pages. What is the reader's, not the page's, goes along: the time range, the zone and the scope.
 */

const CARRIED = ['range', 'from', 'to', 'zone', 'live', 'spans', 'cluster', 'node', 'namespace', 'workload'];
const SCOPE = ['cluster', 'node', 'namespace', 'workload'];

/** Query keys that a link sets itself; `null` leaves a carried one behind. */
export type LinkQuery = Readonly<Record<string, string | null | undefined>>;

/** The address of a page with the carried keys of the present one. */
export function link(path: string, own: LinkQuery = {}): string {
  const params = new URLSearchParams();
  for (const key of CARRIED) {
    const value = query.value.get(key);
    if (value !== null) params.set(key, value);
  }
  for (const [key, value] of Object.entries(own)) {
    if (value === null || value === undefined || value === '') params.delete(key);
    else params.set(key, value);
  }
  return address(path) + queryText(params);
}

const unscoped = Object.fromEntries(SCOPE.map((key) => [key, null]));

/** Which entity a detail page is about. */
export interface Identity {
  cluster?: string | null;
  node?: string | null;
  namespace?: string | null;
  pod?: string | null;
  pod_uid?: string | null;
  container?: string | null;
  container_id?: string | null;
}

/** Whether there is more than one cluster. */
export const several = computed(() => new Set((nodes.value ?? []).map((node) => node.cluster ?? null)).size > 1);

/** The cluster stands in an address only where its name is needed to tell nodes apart. */
function clusterOf(it: Identity): string | null {
  return several.value ? (it.cluster ?? null) : null;
}

/** The page of a cluster. It is its own scope; a cluster without a name has no page. */
export function clusterLink(cluster: string, own: LinkQuery = {}): string {
  return link(`/clusters/${encodeURIComponent(cluster)}`, { ...unscoped, ...own });
}

/** The page of a node. The scope stays behind: the page is its own scope. */
export function nodeLink(it: Identity, own: LinkQuery = {}): string {
  return link(`/nodes/${encodeURIComponent(it.node ?? '')}`, { ...unscoped, cluster: clusterOf(it), ...own });
}

/** The page of a container, unit or slice. The id is a cgroup path for units, so it stands in the query. */
export function containerLink(it: Identity, own: LinkQuery = {}): string {
  return link(`/containers/${encodeURIComponent(it.node ?? '')}`, {
    ...unscoped,
    cluster: clusterOf(it),
    id: it.container_id ?? null,
    ...own,
  });
}

/** The page of a pod. */
export function podLink(it: Identity, own: LinkQuery = {}): string {
  return link(`/pods/${encodeURIComponent(it.pod_uid ?? '')}`, { ...unscoped, cluster: clusterOf(it), ...own });
}

/** The page of a namespace. */
export function namespaceLink(it: Pick<Identity, 'cluster' | 'namespace'>, own: LinkQuery = {}): string {
  return objectLink('/namespaces', [it.namespace], it, own);
}

/** A workload by its names. */
export interface WorkloadIdentity extends Pick<Identity, 'cluster' | 'namespace'> {
  workload_kind?: string | null;
  workload?: string | null;
}

/** The page of a workload. */
export function workloadLink(it: WorkloadIdentity, own: LinkQuery = {}): string {
  return objectLink('/workloads', [it.namespace, it.workload_kind, it.workload], it, own);
}

/** The page of a service. */
export function serviceLink(it: Pick<Identity, 'cluster' | 'namespace'>, service: string, own: LinkQuery = {}): string {
  return objectLink('/services', [it.namespace, service], it, own);
}

/** The page of a claim. */
export function volumeLink(it: Pick<Identity, 'cluster' | 'namespace'>, claim: string, own: LinkQuery = {}): string {
  return objectLink('/volumes', [it.namespace, claim], it, own);
}

function objectLink(
  path: string,
  names: readonly (string | null | undefined)[],
  it: Pick<Identity, 'cluster'>,
  own: LinkQuery,
): string {
  const parts = names.map((name) => encodeURIComponent(name ?? ''));
  return link(`${path}/${parts.join('/')}`, { ...unscoped, cluster: clusterOf(it), ...own });
}

/** Which lines a link leads to: exact values of columns of the logs. */
export interface LogScope extends Identity {
  stream?: string | null;
  /** Words, for what is told from others only by them. */
  q?: string | null;
}

/** The page of logs, narrowed. The scope of the present page stays behind. */
export function logsLink(it: LogScope, own: LinkQuery = {}): string {
  return link('/logs', { ...unscoped, ...it, cluster: clusterOf(it), ...own });
}

const MINUTE_MS = 60_000;

/** The query keys of the minute around a moment, or of some minutes to both sides of it. */
export function minuteOf(time: number, more = 0): LinkQuery {
  const from = Math.floor(time / MINUTE_MS) * MINUTE_MS;
  const text = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
  return {
    range: null,
    live: null,
    from: text(from - more * MINUTE_MS),
    to: text(from + (more + 1) * MINUTE_MS),
  };
}
