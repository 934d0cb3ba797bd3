import { expect, open, test } from '../test';
import type { Page } from '../test';
import { testViews } from '../views';
import { isReady, list, quantity } from './kubectl';
import type { Deployment, Node_, Pod } from './kubectl';

/** The page of a real cluster with the workloads of `tests/cluster/workloads`, beside kubectl. */

// Over plain HTTP browsers ignore a header of ours, and say so. Interfaces of pods come and go on this machine, and Chromium
// breaks requests off then: the page asks again.
test.use({ expectedErrors: /Cross-Origin-Opener-Policy header has been ignored|ERR_NETWORK_CHANGED/ });

const TROUBLE = 'trouble';

/** The one pod whose name begins so. */
function pod(name: string, namespace = TROUBLE): Pod {
  const found = list<Pod>('pods').find(
    (it) =>
      it.metadata.namespace === namespace && (it.metadata.name === name || it.metadata.name.startsWith(`${name}-`)),
  );
  if (!found) throw new Error(`the cluster has no pod ${name}`);
  return found;
}

const address = (it: Pod) => `/pods/${it.metadata.uid}`;

async function clusterOf(page: Page): Promise<string> {
  const answer = await page.request.get('/api/entities/object?object_kind=Node&health=live');
  return ((await answer.json()) as { entities: { cluster: string }[] }).entities[0]?.cluster ?? '';
}

test('from the overview one click leads to the line that explains a crash', async ({ page }) => {
  await open(page, '/?range=15m');
  const unwell = page.getByRole('region', { name: /What is unwell/ });
  await unwell.getByRole('link', { name: pod('crasher').metadata.name, exact: true }).click();
  await expect(page.getByRole('region', { name: 'Health' })).toContainText('exit code 1');
  await expect(page.getByText('fatal: no database').first()).toBeVisible();
});

test('each pod in trouble says what kubectl shows of it', async ({ page }) => {
  for (const [name, word, why] of [
    ['crasher', /crash looping/, /exit code 1/],
    ['oomer', /oom killed|crash looping/, /lack of memory|OOMKilled/],
    ['childoom', /oom killed/, /the container went on/],
    ['noimage', /image pull/, /does-not-exist:9/],
    ['badconfig', /cannot start/, /nope/],
    ['unschedulable', /pending/, /Insufficient/],
    ['notready', /not ready/, /readiness|ready/],
    ['throttled', /throttled|cpu starved/, /CPU/],
    ['guaranteed', /healthy/, /./],
  ] as const) {
    await open(page, address(pod(name)));
    await page.getByRole('heading', { level: 1, name: pod(name).metadata.name }).waitFor();
    const health = page.getByRole('region', { name: 'Health' });
    await expect(health, name).toContainText(word);
    await expect(health, name).toContainText(why);
  }
});

test('nodes and pods are counted as kubectl counts them', async ({ page }) => {
  const [nodes, cluster] = [list<Node_>('nodes'), await clusterOf(page)];
  await open(page, `/clusters/${cluster}?range=15m`);
  const glance = page.getByRole('region', { name: 'At a glance' });
  await expect(glance).toContainText(`Nodes ready${nodes.filter(isReady).length} of ${nodes.length}`);
  await open(page, `/pods?cluster=${cluster}&namespace=shop&range=15m`);
  const pods = list<Pod>('pods').filter((it) => it.metadata.namespace === 'shop');
  // One that was deleted stays for a few minutes, and says so.
  const live = page.getByRole('row').filter({ has: page.getByText('live', { exact: true }) });
  await expect(live).toHaveCount(pods.length);
  for (const it of pods) await expect(page.getByRole('rowheader', { name: it.metadata.name })).toBeVisible();
});

/** The row of a container in the table of what the API says. */
const stateOf = (page: Page, container: string) =>
  page
    .getByRole('group', { name: 'States of its containers' })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: container, exact: true }) });

test('what is requested and limited is in kubectl too', async ({ page }) => {
  const guaranteed = pod('guaranteed');
  await open(page, `${address(guaranteed)}?tab=containers`);
  for (const { name, resources } of guaranteed.spec.containers) {
    const { requests = {}, limits = {} } = resources ?? {};
    const millicores = [requests, limits].map(({ cpu = '' }) => `${(quantity(cpu) * 1000).toPrecision(3)}m`);
    const mebibytes = [requests, limits].map(({ memory = '' }) => `${(quantity(memory) / 2 ** 20).toPrecision(3)} MiB`);
    await expect(stateOf(page, name)).toContainText(millicores.join(' / '));
    await expect(stateOf(page, name)).toContainText(mebibytes.join(' / '));
  }
});

test('replicas and restarts are those of kubectl', async ({ page }) => {
  for (const it of list<Deployment>('deployments').filter((one) => one.metadata.namespace === 'shop')) {
    await open(page, `/workloads/shop/Deployment/${it.metadata.name}?range=15m`);
    await expect(page.locator('main')).toContainText(`${it.status.readyReplicas ?? 0} of ${it.spec.replicas}`);
  }
  const crasher = pod('crasher');
  const restarts = () => pod('crasher').status.containerStatuses?.[0]?.restartCount ?? 0;
  await open(page, `${address(crasher)}?tab=containers`);
  const cell = stateOf(page, 'crash').getByRole('cell').nth(1);
  // It goes on to be started, and a row comes every ten seconds.
  await expect.poll(async () => Number(await cell.innerText()) - restarts(), { timeout: 45_000 }).toBe(0);
});

testViews([
  { name: 'real-overview', path: () => '/?range=15m' },
  { name: 'real-cluster', path: async (page) => `/clusters/${await clusterOf(page)}?range=15m` },
  { name: 'real-map', path: () => '/map' },
  { name: 'real-namespace', path: () => `/namespaces/${TROUBLE}?range=15m` },
  { name: 'real-workload', path: () => '/workloads/shop/Deployment/web?range=15m' },
  { name: 'real-node', path: () => `/nodes/${list<Node_>('nodes')[0]!.metadata.name}?range=15m` },
  { name: 'real-crash', path: () => `${address(pod('crasher'))}?range=15m` },
  { name: 'real-memory', path: () => `${address(pod('childoom'))}?range=15m` },
  { name: 'real-alarms', path: () => '/alarms' },
  { name: 'real-sources', path: () => '/sources' },
]);
