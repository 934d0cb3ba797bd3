import { join } from 'node:path';
import { violations } from './axe';
import { expect, nodeName, open, test } from './test';
import type { Page } from './test';
import { SHOTS, testViews } from './views';
import type { View } from './views';

async function firstContainer(page: Page): Promise<string> {
  const answer = (await (await page.request.get('/api/entities/container?limit=200')).json()) as {
    entities: { node: string; container_id: string }[];
  };
  const chosen = answer.entities.find((one) => one.container_id.length > 1);
  if (!chosen) throw new Error('the server lists no container');
  return `/containers/${encodeURIComponent(chosen.node)}?id=${encodeURIComponent(chosen.container_id)}`;
}

const VIEWS: readonly View[] = [
  { name: 'overview', path: () => '/?range=5m' },
  { name: 'nodes', path: () => '/nodes?range=5m' },
  { name: 'node', path: async (page) => `/nodes/${await nodeName(page)}?range=5m` },
  { name: 'node-devices', path: async (page) => `/nodes/${await nodeName(page)}?tab=devices` },
  { name: 'node-containers', path: async (page) => `/nodes/${await nodeName(page)}?tab=containers&range=5m` },
  { name: 'node-row', path: async (page) => `/nodes/${await nodeName(page)}?tab=row` },
  { name: 'node-table', path: async (page) => `/nodes/${await nodeName(page)}?range=5m&table=cpu,memory` },
  { name: 'pods', path: () => '/pods' },
  { name: 'containers', path: () => '/containers?range=5m' },
  { name: 'container', path: async (page) => `${await firstContainer(page)}&range=5m` },
  { name: 'logs', path: () => '/logs?range=30m' },
  { name: 'logs-fields', path: () => '/logs?range=30m&mode=fields&q=level:error+-n:*&wrap=on' },
  { name: 'logs-patterns', path: () => '/logs?range=30m&tab=patterns&table=histogram' },
  { name: 'logs-nothing', path: () => '/logs?range=5m&q=nothing_has_this' },
  { name: 'cost', path: () => '/cost' },
  { name: 'cost-standard', path: () => '/cost?mode=standard&region=ap-northeast-1' },
  { name: 'sources', path: () => '/sources' },
  { name: 'status', path: () => '/status' },
  { name: 'store', path: () => '/status?tab=store' },
  { name: 'queries', path: () => '/status?tab=queries' },
  { name: 'own-cost', path: () => '/status?tab=cost' },
  { name: 'not-found', path: () => '/nowhere' },
];

testViews(VIEWS);

test.describe('opened parts', () => {
  for (const scheme of ['light', 'dark'] as const) {
    test(`are accessible too, ${scheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await open(page, '/?range=5m');
      await page.getByRole('button', { name: /^Time range/ }).click();
      expect(await violations(page), 'range picker').toEqual([]);
      await page.screenshot({ path: join(SHOTS, `range-picker-${scheme}-1280.png`) });
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      expect(await violations(page), 'keys').toEqual([]);
      await page.screenshot({ path: join(SHOTS, `keys-${scheme}-1280.png`) });
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Go to or do' }).fill('last');
      expect(await violations(page), 'palette').toEqual([]);
      await page.screenshot({ path: join(SHOTS, `palette-${scheme}-1280.png`) });
      await page.keyboard.press('Escape');
      // A dialog that closes gives the focus back, which may come after the chart has it.
      await expect(page.getByRole('dialog')).toBeHidden();
      await expect(async () => {
        await page.locator('#cpu .plot').focus();
        await page.keyboard.press('End');
        await expect(page.locator('#cpu .hover-card')).toBeVisible({ timeout: 1000 });
      }).toPass({ timeout: 15_000 });
      expect(await violations(page), 'cursor').toEqual([]);
      await page.screenshot({ path: join(SHOTS, `cursor-${scheme}-1280.png`) });
    });
  }

  test('the menu of a narrow screen opens and closes', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(page, '/');
    await expect(page.getByRole('navigation', { name: 'Pages' })).toBeHidden();
    await page.getByRole('button', { name: 'Menu' }).click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Containers', exact: true }).click();
    await expect(page.getByRole('navigation', { name: 'Pages' })).toBeHidden();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Containers');
  });

  test('nothing moves for those who asked for that', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page, '/');
    const longest = await page.evaluate(() =>
      Math.max(
        ...[...document.querySelectorAll('*')].map(
          (element) => parseFloat(getComputedStyle(element).transitionDuration) || 0,
        ),
      ),
    );
    expect(longest).toBeLessThan(0.001);
  });
});
