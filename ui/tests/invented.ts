import type { Page } from './test';

/**
 * A cluster larger than any machine of a test has: the listings of its pods, their objects and its nodes, and some
 * verdicts. Everything else comes from the server under test.
 */

/** Pods of a node, and entities of a page of an answer. */
const EACH = 25;
const PAGE = 2000;

interface Invented {
  node: string;
  namespace: string;
  pod: string;
  pod_uid: string;
  [column: string]: unknown;
}

const NAMESPACES = ['data', 'kube-system', 'monitoring', 'shop'];

function invent(count: number): Invented[] {
  return Array.from({ length: count }, (_, at) => {
    const node = `worker-${1 + Math.floor(at / EACH)}`;
    return {
      id: `c/${node}/uid-${at}`,
      cluster: 'c',
      node,
      namespace: NAMESPACES[at % NAMESPACES.length] ?? '',
      pod: `pod-${String(at).padStart(4, '0')}`,
      pod_uid: `uid-${at}`,
      time: new Date().toISOString(),
      known_as: { workload_kind: 'Deployment', workload: `app-${at % 40}`, services: [], labels: {} },
      attributes: { cgroup_path: `/kubepods/pod-${at}` },
      latest: {
        interval_usec: 1e7,
        cpu_usage_usec: ((at * 7919) % 1000) * 1e4,
        node_cpu_cores: 16,
        node_memory_total_bytes: 64 * 1024 ** 3,
        memory_working_set_bytes: ((at * 104729) % 1000) * 1024 ** 2,
      },
      health: { state: 'live', reason: null },
    };
  });
}

/** What the Kubernetes API would tell of a pod. */
function objectOf(pod: Invented, at: number): Record<string, unknown> {
  return {
    id: `c/Pod/${pod.pod_uid}/`,
    cluster: 'c',
    namespace: pod.namespace,
    object_kind: 'Pod',
    object_name: pod.pod,
    object_uid: pod.pod_uid,
    container: null,
    time: pod.time,
    attributes: {
      phase: at % 50 === 0 ? 'Pending' : 'Running',
      conditions: { Ready: at % 50 === 0 ? 'False' : 'True' },
      created_time: new Date(Date.now() - at * 60_000).toISOString(),
      node: pod.node,
    },
    latest: { containers: 1, containers_ready: at % 50 === 0 ? 0 : 1, restarts: at % 7 },
    health: { state: 'live', reason: null },
  };
}

interface Size {
  pods: number;
  /** Whether the Kubernetes API tells of them too. */
  objects: boolean;
}

const LARGEST: Size = { pods: 5000, objects: false };

/** An alarm in ALARM on these series. `count`: how many there are in all, where the list names fewer. */
export function inventedAlarm(
  name: string,
  severity: string,
  series: readonly object[],
  count = series.length,
): object {
  const since = new Date(Date.now() - 600_000).toISOString();
  return {
    name,
    arn: `arn:aws:cloudwatch:local:000000000000:alarm:${name}`,
    kind: 'rows',
    description: null,
    state: 'ALARM',
    since,
    updated: since,
    reason: 'too much',
    origin: 'api',
    actions_enabled: true,
    tags: { severity },
    contributors: { ALARM: count, OK: 0, INSUFFICIENT_DATA: 0 },
    in_alarm: series.slice(0, 20).map((labels) => ({ labels, since, reason: 'too much', value: 1 })),
    silenced_by: [],
    suppressed_by: null,
    receivers: [],
    problem: null,
  };
}

/** Answers what is in ALARM with these. */
export async function inventAlarms(page: Page, alarms: readonly object[]): Promise<void> {
  await page.route(/\/api\/alarms\?state=ALARM$/, (route) =>
    route.fulfill({
      json: {
        time: new Date().toISOString(),
        counts: { ALARM: alarms.length, OK: 0, INSUFFICIENT_DATA: 0 },
        alarms,
      },
    }),
  );
}

/** Answers the page's listings with an invented cluster of 25 pods on each node. */
export async function inventCluster(page: Page, size: Size = LARGEST): Promise<void> {
  const pods = invent(size.pods);
  const nodes = Array.from({ length: Math.ceil(size.pods / EACH) }, (_, at) => ({
    id: `c/worker-${at + 1}`,
    cluster: 'c',
    node: `worker-${at + 1}`,
    time: new Date().toISOString(),
    attributes: {},
    latest: { interval_usec: 1e7, pods_running: EACH },
    health: { state: 'live', reason: null },
  }));
  const listing = (entities: unknown[]) => ({ json: { entities, total: entities.length, next: null } });
  await page.route('**/api/entities/node?*', (route) => route.fulfill(listing(nodes)));
  const paged = (all: readonly unknown[], url: string) => {
    const after = Number(new URL(url).searchParams.get('after') ?? 0);
    const next = after + PAGE < all.length ? String(after + PAGE) : null;
    return { json: { entities: all.slice(after, after + PAGE), total: all.length, next } };
  };
  const objects = size.objects ? pods.map(objectOf) : [];
  await page.route('**/api/entities/object?*', (route) => {
    const url = route.request().url();
    return route.fulfill(paged(new URL(url).searchParams.getAll('object_kind').includes('Pod') ? objects : [], url));
  });
  await page.route('**/api/entities/pod?*', (route) => route.fulfill(paged(pods, route.request().url())));
  await page.route('**/api/verdicts?*', (route) =>
    route.fulfill({
      json: {
        time: new Date().toISOString(),
        counts: {},
        entities: [3, 250, 4000]
          .filter((at) => at < pods.length)
          .map((at) => ({
            kind: 'Pod',
            cluster: 'c',
            namespace: pods[at]?.namespace,
            node: pods[at]?.node,
            name: pods[at]?.pod,
            uid: `uid-${at}`,
            workload_kind: null,
            workload: null,
            container: null,
            word: 'crash-looping',
            severity: 'critical',
            since: null,
            reason: 'It ends again and again.',
            evidence: [],
            also: [],
          })),
      },
    }),
  );
}
