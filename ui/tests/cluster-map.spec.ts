import { inventAlarms, inventedAlarm } from './invented';
import { expect, open, test } from './test';
import type { Page } from './test';
import { testViews } from './views';

/** What needs a cluster: pods to draw, objects and verdicts to tell of. Names are taken from the server. */

test.use({ shows: 'demo' });

interface Pod {
  pod: string;
  pod_uid: string;
  namespace: string;
  node: string;
}

async function entities<Row>(page: Page, path: string): Promise<Row[]> {
  return ((await (await page.request.get(path)).json()) as { entities: Row[] }).entities;
}

async function somePod(page: Page): Promise<Pod> {
  const found = (await entities<Pod>(page, '/api/entities/pod?limit=50&health=live')).find((one) => one.pod);
  if (!found) throw new Error('the server lists no pod: these tests need a cluster');
  return found;
}

test('the map has every pod, and finds one by its name', async ({ page }) => {
  const { pod, pod_uid: uid, namespace } = await somePod(page);
  await open(page, '/');
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Map' }).click();
  await expect(page.locator('.map canvas')).toBeVisible();
  await page.getByLabel('Filter pods').fill(`name:${pod} namespace:${namespace}`);
  await expect(page.locator('.total')).toHaveText(/^1 of /);
  const box = await page.locator('.map canvas').boundingBox();
  await page.mouse.move((box?.x ?? 0) + 12, (box?.y ?? 0) + 26);
  await expect(page.locator('.map-tip')).toContainText(pod);
  await expect(page.locator('.map-tip')).toContainText(namespace);
  await page.mouse.click((box?.x ?? 0) + 12, (box?.y ?? 0) + 26);
  await expect(page).toHaveURL(new RegExp(`/pods/${uid}`));
});

test('sizes by request come from the watch', async ({ page }) => {
  await open(page, '/map?size=memory&group=namespace');
  await expect(page.locator('.map canvas')).toBeVisible();
  await page.locator('.map').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.map-tip')).toContainText('requested');
});

test('the map is coloured by alarms, and told by them', async ({ page }) => {
  const { pod, namespace, node } = await somePod(page);
  const place = { namespace, kind: 'Container', name: pod, container: 'app' };
  await inventAlarms(page, [
    inventedAlarm('its container', 'warning', [place]),
    inventedAlarm('its node', 'critical', [{ kind: 'Node', name: node }]),
  ]);
  await open(page, '/map?live=off');
  await page.getByRole('combobox', { name: /^Colour/ }).selectOption('alarms');
  await expect(page).toHaveURL(/colour=alarms/);
  await expect(
    page
      .locator('.map-scale')
      .getByRole('listitem')
      .filter({ hasText: /^warning/ }),
  ).toContainText('1');
  await page.getByLabel('Filter pods').fill('is:alarm');
  await expect(page.locator('.total')).toHaveText(/^1 of /);
  const map = page.getByRole('application', { name: /coloured by Alarms/ });
  await map.focus();
  await page.keyboard.press('ArrowRight');
  const tip = page.locator('.map-tip');
  await expect(tip).toContainText('its container');
  await expect(tip).toContainText(`in alarm, node ${node}`);
  await expect(tip).toContainText('its node');
  await page.getByRole('button', { name: 'As table' }).click();
  const row = page.getByRole('table', { name: 'Pods of the map' }).getByRole('row').filter({ hasText: pod });
  await row.getByRole('link', { name: 'its container' }).click();
  await expect(page).toHaveURL(/\/alarms\/its%20container/);
});

test('the overview begins with the cluster', async ({ page }) => {
  const nodes = await entities<{ object_name: string }>(page, '/api/entities/object?object_kind=Node&health=live');
  await open(page, '/?range=15m');
  const card = page.getByRole('article', { name: /^Cluster/ }).first();
  await expect(card).toContainText('Nodes ready');
  await expect(card).toContainText(`of ${nodes.length}`);
  await expect(card).toContainText('Pods ready');
  await expect(card).toContainText('allocatable');
  await expect(card.getByText('requested').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Changed in the last hour' })).toBeVisible();
});

test('what is unwell is listed worst first, and leads to its page', async ({ page }) => {
  const answer = await page.request.get('/api/verdicts');
  const { entities: unwell } = (await answer.json()) as { entities: { kind: string; severity: string }[] };
  expect(unwell.some((one) => one.kind === 'Pod')).toBe(true);
  await open(page, '/?range=15m');
  const list = page.getByRole('region', { name: /What is unwell/ }).getByRole('listitem');
  await expect(list.first()).toBeVisible();
  if (unwell.some((one) => one.severity === 'critical'))
    await expect(list.first().locator('.status')).toHaveClass(/bad/);
  await list.getByRole('link').first().click();
  await expect(page).not.toHaveURL(/\/\?range/);
});

test('memory of a pod adds up, with what can be reclaimed apart', async ({ page }) => {
  const { pod_uid: uid } = await somePod(page);
  await open(page, `/pods/${uid}?range=15m`);
  const now = page.getByRole('region', { name: 'Memory now' });
  await expect(now).toContainText('can be reclaimed');
  await expect(now).toContainText('what eviction looks at');
  const exact = await now
    .locator('.memory-parts > div')
    .evaluateAll((parts) =>
      parts.map((part) => Number(/([\d,]+) bytes/.exec(part.getAttribute('title') ?? '')?.[1]?.replaceAll(',', ''))),
    );
  const usage = exact.at(-1) ?? 0;
  const parts = exact.slice(0, -2).reduce((a, b) => a + b, 0);
  // The kernel's counters are read one after another, and each processor keeps a few pages to itself.
  expect(parts).toBeGreaterThanOrEqual(usage);
  expect(parts).toBeLessThan(usage * 1.1 + 2 * 1024 ** 2);
});

testViews([
  { name: 'map', path: () => '/map' },
  { name: 'map-table', path: () => '/map?as=table' },
  { name: 'map-alarms', path: () => '/map?colour=alarms' },
  { name: 'cluster-overview', path: () => '/?range=5m' },
]);
