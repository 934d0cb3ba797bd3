import { expect, open, settled, test } from './test';
import type { Page } from './test';
import { testViews } from './views';

/** The page of a cluster, and the ways to it. Of the simulated cluster; its names are taken from the server. */

test.use({ shows: 'demo' });

interface Node_ {
  cluster: string;
  object_name: string;
  latest: { cpu_allocatable_cores: number; memory_allocatable_bytes: number };
}

async function nodesOf(page: Page): Promise<Node_[]> {
  const answer = await page.request.get('/api/entities/object?object_kind=Node&health=live');
  const { entities } = (await answer.json()) as { entities: Node_[] };
  if (entities.length === 0) throw new Error('the server lists no node of a cluster');
  return entities;
}

const clusterOf = async (page: Page) => (await nodesOf(page))[0]?.cluster ?? '';

testViews([
  ...['', 'namespaces', 'nodes', 'events'].map((tab) => ({
    name: ['cluster', tab].filter(Boolean).join('-'),
    path: async (page: Page) => `/clusters/${await clusterOf(page)}?range=15m&tab=${tab}`,
  })),
  { name: 'cluster-unknown', path: () => '/clusters/no-such-cluster' },
]);

test('the page says how the cluster does, in the words of the server', async ({ page }) => {
  const nodes = await nodesOf(page);
  const cluster = nodes[0]?.cluster ?? '';
  const answer = await page.request.get(`/api/verdicts?kind=Cluster&all=true&cluster=${cluster}`);
  const verdict = ((await answer.json()) as { entities: { word: string; reason: string }[] }).entities[0];
  await open(page, `/clusters/${cluster}?live=off`);
  const health = page.getByRole('region', { name: 'Health' });
  await expect(health).toContainText((verdict?.word ?? '').replaceAll('-', ' '));
  await expect(health).toContainText(verdict?.reason ?? '');

  const glance = page.getByRole('region', { name: 'At a glance' });
  await expect(glance).toContainText(new RegExp(`Nodes ready\\d+ of ${nodes.length}`));
  const cores = nodes.reduce((sum, node) => sum + node.latest.cpu_allocatable_cores, 0);
  await expect(glance.getByTitle(/cores$/).first()).toHaveText(
    new RegExp(`^${cores.toPrecision(3)} cores allocatable`),
  );
  await expect(glance.getByText('used')).toHaveCount(2);
  await expect(glance.getByText('requested')).toHaveCount(2);
});

test('pods are counted by verdict, and each count leads to these pods', async ({ page }) => {
  const cluster = await clusterOf(page);
  const answer = await page.request.get(`/api/verdicts?cluster=${cluster}`);
  const { counts, entities } = (await answer.json()) as {
    counts: { Pod: Record<string, number> };
    entities: { kind: string; word: string }[];
  };
  const unwell = entities.filter((it) => it.kind === 'Pod');
  const word = unwell[0]?.word ?? '';
  await open(page, `/clusters/${cluster}?live=off`);
  const figure = page.getByRole('region', { name: 'At a glance' }).locator('div', { hasText: /^Pods by health/ });
  await expect(figure).toContainText(`${counts.Pod.ok ?? 0} well`);
  const link = figure.getByRole('link', { name: new RegExp(`^\\d+ ${word.replaceAll('-', ' ')}$`) });
  const count = Number(/^\d+/.exec((await link.innerText()).trim())?.[0]);
  expect(count).toBe(unwell.filter((it) => it.word === word).length);
  await link.click();
  await expect(page).toHaveURL(new RegExp(`/pods\\?.*q=health:${word}`));
  await settled(page);
  await expect(page.locator('table.data tbody tr')).toHaveCount(count);
});

test('charts have what is requested and what can be given beside what is used, and mark what happened', async ({
  page,
}) => {
  const nodes = await nodesOf(page);
  await open(page, `/clusters/${nodes[0]?.cluster ?? ''}?range=15m&live=off`);
  for (const id of ['cpu', 'memory']) {
    const legend = page.locator(`#${id} .legend button`);
    await expect(legend.filter({ hasText: 'used' })).toHaveCount(1);
    await expect(legend.filter({ hasText: 'requested' })).toHaveCount(1);
    await expect(legend.filter({ hasText: 'allocatable' })).toHaveCount(1);
  }
  await open(page, `/clusters/${nodes[0]?.cluster ?? ''}?range=1h&table=cpu`);
  const values = page.getByRole('group', { name: /^CPU: used, requested, allocatable, values/ });
  const cores = nodes.reduce((sum, node) => sum + node.latest.cpu_allocatable_cores, 0);
  await expect(values.locator(`td[title="${Number(cores.toFixed(9))} cores"]`).first()).toBeAttached();
  await expect(values).toContainText(/restarted|new version|replicas|killed for want of memory/);
});

test('its namespaces and nodes are tables that are sorted and lead on', async ({ page }) => {
  const nodes = await nodesOf(page);
  const cluster = nodes[0]?.cluster ?? '';
  await open(page, `/clusters/${cluster}?live=off`);
  const tabs = page.getByRole('navigation', { name: 'Parts of this cluster' });
  await tabs.getByRole('link', { name: /^Nodes/ }).click();
  await settled(page);
  const rows = page.getByRole('table', { name: /^Nodes/ }).getByRole('rowheader');
  await expect(rows).toHaveCount(nodes.length);
  await expect(page.getByRole('columnheader', { name: 'Health' })).toBeVisible();
  await page.getByRole('columnheader', { name: 'Node' }).getByRole('button').click();
  await expect(page).toHaveURL(/sort=-node/);
  const names = (await rows.getByRole('link').allInnerTexts()).map((text) => text.split('\n')[0] ?? '');
  expect(names).toEqual([...names].sort((a, b) => b.localeCompare(a, 'en', { numeric: true })));
  await expect(page.locator('table.data tbody .spark-line').first()).toHaveAttribute('d', /^M.*L/);

  await tabs.getByRole('link', { name: 'Namespaces' }).click();
  await settled(page);
  await expect(page.getByRole('columnheader', { name: 'Health' })).toBeVisible();
  const first = page
    .getByRole('table', { name: /^Namespaces/ })
    .getByRole('rowheader')
    .first();
  const name = (await first.innerText()).trim();
  // By its name: rows may change places while values come.
  await page.getByRole('main').getByRole('link', { name, exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);

  // And up again by the first crumb.
  await page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link').first().click();
  await expect(page).toHaveURL(new RegExp(`/clusters/${cluster}`));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(cluster);
});

test('its events are those of the cluster, and what changed is told', async ({ page }) => {
  const cluster = await clusterOf(page);
  await open(page, `/clusters/${cluster}?tab=events&range=1h&live=off`);
  await expect(
    page
      .getByRole('table', { name: /^Events/ })
      .getByRole('rowheader')
      .first(),
  ).toBeVisible();
  await open(page, `/clusters/${cluster}?live=off`);
  await expect(
    page.getByRole('region', { name: 'Changed in the last hour' }).getByRole('listitem').first(),
  ).toBeVisible();
  await expect(page.getByRole('region', { name: /What is unwell/ })).toBeVisible();
});

test('the overview, the palette and the pages below lead to it; it leads to map, workloads, logs and cost', async ({
  page,
}) => {
  const nodes = await nodesOf(page);
  const cluster = nodes[0]?.cluster ?? '';
  const here = new RegExp(`/clusters/${cluster}(\\?|$)`);
  await open(page, '/');
  await page
    .getByRole('article', { name: `Cluster ${cluster}` })
    .getByRole('link', { name: cluster, exact: true })
    .click();
  await expect(page).toHaveURL(here);
  await expect(page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Overview' })).toHaveAttribute(
    'aria-current',
    'page',
  );

  const tabs = page.getByRole('navigation', { name: 'Parts of this cluster' });
  for (const [name, address] of [
    ['Map', new RegExp(`/map\\?.*cluster=${cluster}`)],
    ['Workloads', new RegExp(`/workloads\\?.*cluster=${cluster}`)],
    ['Pods', new RegExp(`/pods\\?.*cluster=${cluster}`)],
    ['Logs', new RegExp(`/logs\\?.*cluster=${cluster}`)],
    ['Cost', /\/cost/],
  ] as const)
    await expect(tabs.getByRole('link', { name, exact: true })).toHaveAttribute('href', address);

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to or do' }).fill(cluster);
  await page.getByRole('option', { name: new RegExp(`^${cluster}\\s*cluster$`) }).click();
  await expect(page).toHaveURL(here);

  for (const path of [`/nodes/${nodes[0]?.object_name ?? ''}`, ...(await below(page))]) {
    await open(page, path);
    await page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link').first().click();
    await expect(page, path).toHaveURL(here);
  }
});

/** Pages of entities of every other kind. */
async function below(page: Page): Promise<string[]> {
  interface Of {
    namespace: string;
    object_name: string;
    object_uid: string;
  }
  const one = async (kind: string) => {
    const answer = await page.request.get(`/api/entities/object?object_kind=${kind}&health=live&limit=1`);
    const it = ((await answer.json()) as { entities: Of[] }).entities[0];
    if (!it) throw new Error(`the cluster has no ${kind}`);
    return it;
  };
  const [pod, deployment, service, claim] = await Promise.all(
    ['Pod', 'Deployment', 'Service', 'PersistentVolumeClaim'].map(one),
  );
  return [
    `/pods/${pod?.object_uid ?? ''}`,
    `/namespaces/${deployment?.namespace ?? ''}`,
    `/workloads/${deployment?.namespace ?? ''}/Deployment/${deployment?.object_name ?? ''}`,
    `/services/${service?.namespace ?? ''}/${service?.object_name ?? ''}`,
    `/volumes/${claim?.namespace ?? ''}/${claim?.object_name ?? ''}`,
  ];
}

test('a name that no cluster has is told so, with those that there are', async ({ page }) => {
  const cluster = await clusterOf(page);
  await open(page, '/clusters/no-such-cluster');
  await expect(page.getByRole('heading', { name: 'No cluster of this name is known' })).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: cluster, exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/clusters/${cluster}`));
  await expect(page.getByRole('region', { name: 'At a glance' })).toBeVisible();
});
