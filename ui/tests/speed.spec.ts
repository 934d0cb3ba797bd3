import { inventCluster } from './invented';
import { measureSpeed, sortBy, words } from './speed';
import type { Press, Speed } from './speed';
import { expect, settled, test } from './test';
import type { Page } from './test';

/**
 * How soon pages can be used. Times are reported, not judged; what is judged is what makes them: how much is drawn.
 * With `KANSOKU_URL` the figures are those of the pages of that server.
 */

test.use({ shows: 'demo' });

/** Rows that a table may have in the document, however many it lists. */
const MOST_ROWS = 400;

const PODS = sortBy('Pods', 'Sort by Pod', '/api/entities/pod');
const WORKLOADS = sortBy('Workloads', 'Sort by Workload', '/api/entities/object');
const NODES = sortBy('Nodes', 'Sort by Node', '/api/entities/node');
const MAP: Press = {
  ready: '.map canvas',
  press: '.map-controls button[aria-pressed="false"]',
  answered: '.map-controls button[aria-pressed="true"]',
  again: '.map-controls button[aria-pressed="true"]',
  listing: '/api/entities/pod',
};

/** Into the report of the run. */
function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

async function report(page: Page, name: string, path: string, press: Press): Promise<Speed> {
  const speed = await measureSpeed(page, path, press);
  test.info().annotations.push({ type: 'measured', description: words(name, speed) });
  say(words(name, speed));
  return speed;
}

/** The cluster of a node; of anything else its namespace, which has a workload then. */
async function placeOf(page: Page, kind: 'Node' | 'Deployment'): Promise<string> {
  const answer = await page.request.get(`/api/entities/object?object_kind=${kind}&health=live,stale&limit=1`);
  const { entities } = (await answer.json()) as { entities: { namespace: string; cluster: string }[] };
  const found = entities[0];
  if (!found) throw new Error(`the cluster has no ${kind}`);
  return kind === 'Node' ? found.cluster : found.namespace;
}

const PAGES: readonly (readonly [string, (page: Page) => Promise<string> | string, Press])[] = [
  ['overview', () => '/', NODES],
  ['cluster', async (page) => `/clusters/${await placeOf(page, 'Node')}?tab=nodes`, NODES],
  ['map', () => '/map', MAP],
  ['pods', () => '/pods', PODS],
  ['workloads', () => '/workloads', WORKLOADS],
  ['namespace', async (page) => `/namespaces/${await placeOf(page, 'Deployment')}`, WORKLOADS],
];

for (const [name, path, press] of PAGES)
  test(`${name}: answers as soon as it is shown, and draws no more than is looked at`, async ({ page }) => {
    const speed = await report(page, name, await path(page), press);
    expect(speed.rows).toBeLessThanOrEqual(MOST_ROWS);
  });

for (const pods of [2000, 5000])
  test(`${pods} pods: the table draws the rows that are looked at, all can be reached and sorted`, async ({ page }) => {
    await inventCluster(page, { pods, objects: true });
    const first = await report(page, `${pods} invented pods`, '/pods?live=off', PODS);
    expect(first.rows).toBeLessThanOrEqual(MOST_ROWS);
    await settled(page);
    const table = page.getByRole('table', { name: /^Pods/ });
    const rows = table.locator('tbody tr:not(.space)');
    await expect(page.getByText(`Showing 100 of ${pods}.`)).toBeVisible();
    const begin = Date.now();
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect(table).toHaveAttribute('aria-rowcount', String(pods + 1));
    say(`${pods} invented pods: all shown in ${Date.now() - begin} ms`);
    expect(await rows.count()).toBeLessThanOrEqual(MOST_ROWS);

    // The button is at the end of the table.
    await page.evaluate(() => window.scrollTo(0, 0));
    // Pressed twice, it is sorted by name from the end: the first and the last are known.
    const last = `pod-${String(pods - 1).padStart(4, '0')}`;
    await expect(rows.first()).toContainText(last);
    await expect(rows.first()).toHaveAttribute('aria-rowindex', '2');
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await expect(rows.last()).toContainText('pod-0000');
    await expect(rows.last()).toHaveAttribute('aria-rowindex', String(pods + 1));
    expect(await rows.count()).toBeLessThanOrEqual(MOST_ROWS);

    // What is near the window is drawn, without holes: from the middle, rows follow each other.
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight / 2));
    await expect.poll(() => visibleRows(page)).toBeGreaterThan(10);
    const places = await rows.evaluateAll((all) => all.map((row) => Number(row.getAttribute('aria-rowindex'))));
    expect(places.every((place, at) => at === 0 || place === (places[at - 1] ?? 0) + 1)).toBe(true);

    await page.evaluate(() => window.scrollTo(0, 0));
    const pressed = Date.now();
    await page.getByRole('columnheader', { name: 'Pod', exact: true }).getByRole('button').click();
    await expect(rows.first()).toContainText('pod-0000');
    say(`${pods} invented pods: all of them sorted in ${Date.now() - pressed} ms`);
  });

/** Rows that lie within the window. */
function visibleRows(page: Page): Promise<number> {
  return page.locator('table.data tbody tr:not(.space)').evaluateAll(
    (all) =>
      all.filter((row) => {
        const { top, bottom } = row.getBoundingClientRect();
        return bottom > 0 && top < window.innerHeight;
      }).length,
  );
}

test('a row that has the focus stays, however far one scrolls', async ({ page }) => {
  await inventCluster(page, { pods: 2000, objects: true });
  await page.goto('/pods?live=off&sort=name');
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.evaluate(() => window.scrollTo(0, 0));
  const link = page.getByRole('link', { name: /^pod-0003/ });
  await link.focus();
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await expect(page.getByRole('link', { name: /^pod-1999/ })).toBeVisible();
  await expect(link).toBeFocused();
});
