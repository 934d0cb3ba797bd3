import { violations } from './axe';
import { expect, open, test } from './test';
import type { Page } from './test';

/**
 * The map at its largest: 5,000 pods on 200 nodes. No machine of a test has these, so the listings of pods and nodes
 * are answered here; everything else comes from the server under test.
 */

const NODES = 200;
const EACH = 25;

interface Invented {
  node: string;
  namespace: string;
  pod: string;
  pod_uid: string;
  [column: string]: unknown;
}

const NAMESPACES = ['data', 'kube-system', 'monitoring', 'shop'];

function invent(): Invented[] {
  return Array.from({ length: NODES * EACH }, (_, at) => {
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
      attributes: {},
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

async function inventCluster(page: Page): Promise<void> {
  const pods = invent();
  const nodes = Array.from({ length: NODES }, (_, at) => ({
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
  await page.route('**/api/entities/object?*', (route) => route.fulfill(listing([])));
  await page.route('**/api/entities/pod?*', (route) => {
    const after = Number(new URL(route.request().url()).searchParams.get('after') ?? 0);
    const next = after + 2000 < pods.length ? String(after + 2000) : null;
    return route.fulfill({ json: { entities: pods.slice(after, after + 2000), total: pods.length, next } });
  });
  await page.route('**/api/verdicts?*', (route) =>
    route.fulfill({
      json: {
        time: new Date().toISOString(),
        counts: {},
        entities: [3, 250, 4000].map((at) => ({
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

/** What the page measured of itself, in milliseconds. */
function measured(page: Page, name: string): Promise<number> {
  return page.evaluate((wanted) => performance.getEntriesByName(wanted).at(-1)?.duration ?? Number.NaN, name);
}

test.beforeEach(async ({ page }) => {
  await inventCluster(page);
});

test('5,000 pods on 200 nodes are laid out and drawn in a fifth of a second', async ({ page }) => {
  await open(page, '/map?live=off');
  await expect(page.getByText('5000 of 5000 pods')).toBeVisible();
  const map = page.getByRole('application', { name: /Map of 5000 pods by node, coloured by Health/ });
  await expect(map).toBeVisible();
  const layout = await measured(page, 'map: layout');
  const paint = await measured(page, 'map: paint');
  test.info().annotations.push({ type: 'measured', description: `layout ${layout} ms, paint ${paint} ms` });
  expect(layout + paint).toBeLessThan(200);
  await expect(page.locator('.map-scale')).toContainText('critical 3');
});

test('pointing costs less than a frame, and repaints nothing', async ({ page }) => {
  await open(page, '/map?live=off');
  const canvas = page.locator('.map canvas');
  await expect(canvas).toBeVisible();
  const before = await page.evaluate(() => performance.getEntriesByName('map: paint').at(-1)?.startTime);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const spent = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    const of = (name: string) => metrics.find((one) => one.name === name)?.value ?? 0;
    return of('ScriptDuration') + of('LayoutDuration') + of('RecalcStyleDuration');
  };
  const begin = await spent();
  const MOVES = 200;
  await canvas.evaluate(async (element, moves) => {
    const box = element.getBoundingClientRect();
    for (let at = 0; at < moves; at += 1) {
      element.dispatchEvent(
        new PointerEvent('pointermove', {
          clientX: box.left + 10 + ((at * 13) % 300),
          clientY: box.top + 22 + ((at * 7) % 300),
          pointerType: 'mouse',
          bubbles: true,
        }),
      );
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }, MOVES);
  const each = (((await spent()) - begin) * 1000) / MOVES;
  test.info().annotations.push({ type: 'measured', description: `${each} ms for each move` });
  expect(each).toBeLessThan(16);
  const box = await canvas.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 8, (box?.y ?? 0) + 22);
  await expect(page.locator('.map-tip')).toContainText('pod-0000');
  expect(await page.evaluate(() => performance.getEntriesByName('map: paint').at(-1)?.startTime)).toBe(before);
});

test('nothing moves when values change, and a cell stays pointed at', async ({ page }) => {
  await open(page, '/map?colour=cpu&live=off');
  await page.locator('.map').focus();
  for (let at = 0; at < 4; at += 1) await page.keyboard.press('ArrowRight');
  const spot = page.locator('.map-spot');
  const before = await spot.boundingBox();
  const name = await page.locator('.map-tip-name').textContent();
  await page.keyboard.press('r');
  await page.getByRole('combobox', { name: /^Colour/ }).selectOption('memory');
  await page.waitForTimeout(300);
  await page.locator('.map').focus();
  await page.keyboard.press('Home');
  for (let at = 0; at < 3; at += 1) await page.keyboard.press('ArrowRight');
  expect(await spot.boundingBox()).toEqual(before);
  expect(await page.locator('.map-tip-name').textContent()).toBe(name);
});

test('keys move from cell to cell and block to block, are read, open and leave', async ({ page }) => {
  await open(page, '/map?live=off');
  const map = page.locator('.map');
  const said = page.locator('.map-wrap [aria-live]');
  await map.focus();
  await page.keyboard.press('ArrowRight');
  await expect(said).toContainText('on worker-1');
  await expect(said).toContainText('1 of 5000');
  await page.keyboard.press('PageDown');
  await expect(said).toContainText('on worker-2');
  await page.keyboard.press('End');
  await expect(said).toContainText('5000 of 5000');
  await page.keyboard.press('Escape');
  await expect(said).toHaveText('');
  await expect(map).not.toBeFocused();
  await map.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/pods\/uid-\d+/);
});

test('the address holds colour, size, group and filter', async ({ page }) => {
  await open(page, '/map?live=off');
  await page.getByRole('combobox', { name: /^Colour/ }).selectOption('memory');
  await page.getByRole('combobox', { name: /^Group/ }).selectOption('namespace');
  await page.getByLabel('Filter pods').fill('namespace:shop');
  await expect(page).toHaveURL(/colour=memory/);
  await expect(page).toHaveURL(/group=namespace/);
  await expect(page).toHaveURL(/q=namespace:shop/);
  await expect(page.getByText('1250 of 5000 pods')).toBeVisible();
  await page.reload();
  await expect(page.getByText('1250 of 5000 pods')).toBeVisible();
  await expect(page.getByRole('combobox', { name: /^Colour/ })).toHaveValue('memory');
  await expect(page.getByRole('combobox', { name: /^Group/ })).toHaveValue('namespace');
  await page.getByRole('button', { name: 'As table' }).click();
  await expect(page).toHaveURL(/as=table/);
  await expect(page.getByRole('table', { name: /Pods of the map/ }).getByRole('rowheader')).toHaveCount(100);
  await expect(page.getByText('Showing 100 of 1250.')).toBeVisible();
});

for (const scheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test(`is accessible and fits, ${scheme}, ${width} px`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 844 });
      await open(page, '/map?live=off');
      await page.locator('.map').focus();
      await page.keyboard.press('ArrowRight');
      await expect(page.locator('.map-tip')).toBeVisible();
      const beyond = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(beyond, 'horizontal scroll').toBeLessThanOrEqual(0);
      expect(await violations(page)).toEqual([]);
    });
  }
}
