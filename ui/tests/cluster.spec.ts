import { expect, open, boxOf, settled, test } from './test';
import type { Page } from './test';
import { testViews } from './views';
import type { View } from './views';

/**
 * The pages that only a cluster has. They are of the simulated cluster. Names are looked up, none is known beforehand.
 */

interface Object_ {
  cluster: string | null;
  namespace: string | null;
  object_kind: string;
  object_name: string;
  object_uid: string;
  container: string | null;
  node?: string;
  known_as?: { workload_kind?: string; workload?: string; services?: string[] };
  attributes: Record<string, unknown>;
  latest: Record<string, number>;
}

async function objects(page: Page, kind: string, more = ''): Promise<Object_[]> {
  const answer = await page.request.get(`/api/entities/object?object_kind=${kind}&health=live,stale&limit=500${more}`);
  return ((await answer.json()) as { entities: Object_[] }).entities;
}

async function first(page: Page, kind: string, fits: (it: Object_) => boolean = () => true): Promise<Object_> {
  const found = (await objects(page, kind)).find(fits);
  if (!found) throw new Error(`the cluster has no fitting ${kind}`);
  return found;
}

const running = (it: Object_) => it.attributes.phase === 'Running' && typeof it.attributes.node === 'string';

test.use({ shows: 'demo' });

/** A pod that runs, and that belongs to a workload with a page. */
async function runningPod(page: Page): Promise<Object_> {
  return first(page, 'Pod', (it) => running(it) && it.known_as?.workload_kind === 'Deployment');
}

const VIEWS: readonly View[] = [
  { name: 'namespaces', path: () => '/namespaces' },
  { name: 'workloads', path: () => '/workloads' },
  { name: 'services', path: () => '/services' },
  { name: 'volumes', path: () => '/volumes' },
  { name: 'exits', path: () => '/exits' },
  { name: 'cluster-pods', path: () => '/pods' },
  { name: 'namespace', path: async (page) => `/namespaces/${(await runningPod(page)).namespace ?? ''}` },
  ...['', 'pods', 'rollouts', 'events', 'exits'].map((tab) => ({
    name: ['workload', tab].filter(Boolean).join('-'),
    path: async (page: Page) => {
      const pod = await runningPod(page);
      return `/workloads/${pod.namespace ?? ''}/Deployment/${pod.known_as?.workload ?? ''}?tab=${tab}`;
    },
  })),
  {
    name: 'service',
    path: async (page) => {
      const it = await first(page, 'Service', (one) => (one.latest.endpoints_ready ?? 0) > 0);
      return `/services/${it.namespace ?? ''}/${it.object_name}`;
    },
  },
  ...['', 'containers', 'life', 'events', 'volumes'].map((tab) => ({
    name: ['pod', tab].filter(Boolean).join('-'),
    path: async (page: Page) => `/pods/${(await runningPod(page)).object_uid}?tab=${tab}`,
  })),
  { name: 'cluster-node-events', path: async (page) => `/nodes/${(await first(page, 'Node')).object_name}?tab=events` },
];

testViews(VIEWS);

test('the way leads down from a namespace to a container, and up again by crumbs', async ({ page }) => {
  const pod = await runningPod(page);
  const { namespace, object_name: name } = pod;
  const workload = pod.known_as?.workload ?? '';
  await open(page, '/namespaces');
  await page
    .getByRole('link', { name: namespace ?? '', exact: true })
    .first()
    .click();
  await page.getByRole('heading', { level: 1, name: namespace ?? '' }).waitFor();
  await page
    .getByRole('rowheader', { name: new RegExp(`^${workload}`) })
    .getByRole('link')
    .first()
    .click();
  await page.getByRole('heading', { level: 1, name: workload }).waitFor();
  await page.getByRole('navigation', { name: 'Parts of this workload' }).getByRole('link', { name: /^Pods/ }).click();
  await page
    .getByRole('rowheader', { name: new RegExp(`^${name}`) })
    .getByRole('link')
    .first()
    .click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  const crumbs = page.getByRole('navigation', { name: 'Breadcrumbs' });
  // Beside a crumb may be how many alarms there are; that link leads to the alarms.
  const way = crumbs.locator('a:not([href*="/alarms"])');
  await expect(way).toHaveText([pod.cluster ?? '', namespace ?? '', workload]);
  await page.getByRole('navigation', { name: 'Parts of this pod' }).getByRole('link', { name: 'Containers' }).click();
  await settled(page);
  await page.locator('table').first().getByRole('rowheader').getByRole('link').first().click();
  await expect(way).toHaveText([pod.cluster ?? '', namespace ?? '', workload, name]);
  await crumbs.getByRole('link', { name: workload, exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/workloads/${namespace ?? ''}/Deployment/${workload}`));
});

test('node and pod, service and workload lead to each other', async ({ page }) => {
  const pod = await first(page, 'Pod', (it) => running(it) && (it.known_as?.services?.length ?? 0) > 0);
  const node = String(pod.attributes.node);
  const service = pod.known_as?.services?.[0] ?? '';
  await open(page, `/pods/${pod.object_uid}`);
  await page.locator('main').getByRole('link', { name: node, exact: true }).first().click();
  await page.getByRole('heading', { level: 1, name: node }).waitFor();
  await open(page, `/nodes/${node}?tab=pods&q=${pod.object_name}`);
  await expect(page.getByRole('rowheader', { name: new RegExp(`^${pod.object_name}`) })).toBeVisible();
  await open(page, `/pods/${pod.object_uid}`);
  await page.locator('.facts').getByRole('link', { name: service, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: service }).waitFor();
  await page
    .locator('.facts')
    .getByRole('link', { name: pod.known_as?.workload ?? '', exact: true })
    .click();
  await expect(page).toHaveURL(/\/workloads\//);
});

test('a pod without a node has a page that says so', async ({ page }) => {
  const pods = await objects(page, 'Pod');
  const pod = pods.find((it) => it.attributes.phase === 'Pending' && typeof it.attributes.node !== 'string');
  test.skip(!pod, 'every pod has a node');
  await open(page, `/pods/${pod?.object_uid ?? ''}?tab=life`);
  await page.getByRole('heading', { level: 1, name: pod?.object_name ?? '' }).waitFor();
  await expect(page.getByText('No agent measures it')).toBeVisible();
  await expect(page.locator('.timeline')).toContainText('Created');
});

test('restarts are counted, marked on charts and told in their tables', async ({ page }) => {
  const since = new Date(Date.now() - 50 * 60_000).toISOString();
  const answer = await page.request.post('/api/sql', {
    data: {
      sql:
        `select namespace, workload_kind, workload, max(object_uid) as uid, sum(restarts_increase) as n from object ` +
        `where object_kind = 'Container' and restarts_increase > 0 and time >= '${since}' group by 1, 2, 3 order by n desc`,
    },
  });
  const { rows } = (await answer.json()) as {
    rows: { namespace: string; workload_kind: string; workload: string; uid: string; n: number }[];
  };
  const most = rows.find((row) => row.workload_kind !== 'Pod') ?? rows[0];
  if (!most) throw new Error('nothing restarted within the hour');
  const { namespace, workload_kind: kind, workload } = most;
  await open(page, `/workloads/${namespace}/${kind}/${workload}?range=1h&table=cpu`);
  await expect(page.getByRole('group', { name: 'CPU, values' })).toContainText(/restarted/);
  await expect(page.locator('#memory-description')).toContainText(/Meanwhile: .*restarted/);
  if (kind !== 'Pod') {
    await open(page, `/workloads?range=1h&namespace=${namespace}`);
    const row = page.getByRole('row', { name: new RegExp(`^${workload}`) });
    await expect(row.locator('.counted').first()).toHaveText(/^[1-9]/);
  }
});

test('exits tell how long a container lived, and lead to its last lines', async ({ page }) => {
  await open(page, '/exits?range=3h');
  const row = page.locator('table.data tbody tr').first();
  await expect(row).toContainText(/\d\s(ms|s|min|h|d)/);
  await row.getByRole('link', { name: 'in the log' }).click();
  await expect(page).toHaveURL(/\/logs\?.*pod=.*from=/);
});

test('the scope narrows pods to a workload, and the palette finds what a cluster has', async ({ page }) => {
  const pod = await runningPod(page);
  const workload = pod.known_as?.workload ?? '';
  await open(page, '/pods');
  const box = page.getByRole('combobox', { name: 'All workloads' });
  await box.click();
  await box.fill(`Deployment/${workload}`);
  await page.getByRole('option').first().click();
  await expect(page).toHaveURL(new RegExp(`workload=Deployment/${workload}`));
  await settled(page);
  await expect(page.locator('table.data tbody tr').first()).toContainText(workload);
  await page.keyboard.press('Escape');
  for (const [typed, note] of [
    [pod.namespace ?? '', 'namespace'],
    [workload, 'Deployment'],
    [pod.object_name, 'pod'],
  ] as const) {
    // A dialog that is just being closed may take the key.
    await expect(async () => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Go to or do' }).fill(typed, { timeout: 2000 });
    }).toPass();
    await expect(page.getByRole('option', { name: new RegExp(`${typed}\\s*${note}`) }).first()).toBeVisible();
    await page.keyboard.press('Escape');
  }
});

test('the back button undoes a zoom', async ({ page }) => {
  const pod = await runningPod(page);
  await open(page, `/pods/${pod.object_uid}?range=15m`);
  const area = await boxOf(page.locator('#cpu .u-over'));
  await page.mouse.move(area.x + area.width * 0.5, area.y + area.height / 2);
  await page.mouse.down();
  await page.mouse.move(area.x + area.width * 0.9, area.y + area.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*to=/);
  await page.goBack();
  await expect(page).toHaveURL(/range=15m/);
  await expect(page.getByRole('button', { name: 'Time range: Last 15 minutes' })).toBeVisible();
});
