import { expect, nodeName, open, boxOf, settled, test } from './test';
import type { Page } from './test';

async function detail(page: Page, query = 'range=5m'): Promise<void> {
  await open(page, `/nodes/${await nodeName(page)}?${query}`);
  await page.locator('#cpu .u-over').waitFor();
}

const plotBox = (page: Page, id: string) => boxOf(page.locator(`#${id} .u-over`));

test.describe('charts', () => {
  test('zoom by brush, all at once, and the back button undoes it', async ({ page }) => {
    await detail(page);
    const before = page.url();
    const box = await plotBox(page, 'cpu');
    await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, box.y + 40, { steps: 6 });
    await page.mouse.up();
    await expect.poll(() => page.url()).toMatch(/from=\d{4}-.*&to=\d{4}-/);
    const query = new URL(page.url()).searchParams;
    const length = (Date.parse(query.get('to') ?? '') - Date.parse(query.get('from') ?? '')) / 1000;
    // Four tenths of five minutes, up to the width of a pixel.
    expect(length).toBeGreaterThan(110);
    expect(length).toBeLessThan(130);
    await expect(page.getByRole('button', { name: 'Live' })).toHaveAttribute('aria-pressed', 'false');
    await settled(page);
    await page.goBack();
    expect(page.url()).toBe(before);
    await expect(page.getByRole('button', { name: /Time range: Last 5 minutes/ })).toBeVisible();
  });

  test('move in time by dragging with Shift', async ({ page }) => {
    await detail(page);
    const box = await plotBox(page, 'cpu');
    await page.keyboard.down('Shift');
    await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + 40, { steps: 6 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await expect.poll(() => page.url()).toContain('from=');
    const to = Date.parse(new URL(page.url()).searchParams.get('to') ?? '');
    const past = (Date.now() - to) / 1000;
    expect(past).toBeGreaterThan(100);
    expect(past).toBeLessThan(150);
  });

  test('share one cursor', async ({ page }) => {
    await detail(page);
    const box = await plotBox(page, 'cpu');
    await page.mouse.move(box.x + box.width * 0.97, box.y + 40);
    await expect(page.locator('#cpu .hover-card')).toBeVisible();
    // The other chart's line stands at the same share of its width.
    const other = page.locator('#memory .u-cursor-x');
    await expect.poll(async () => (await other.boundingBox())?.x ?? 0).toBeGreaterThan(0);
    const memory = await page.locator('#memory .u-over').boundingBox();
    const here = await page.locator('#cpu .u-cursor-x').boundingBox();
    const there = await other.boundingBox();
    const share = ((here?.x ?? 0) - box.x) / box.width;
    expect(((there?.x ?? 0) - (memory?.x ?? 0)) / (memory?.width ?? 1)).toBeCloseTo(share, 1);
    await expect(page.locator('#memory .hover-card')).toBeHidden();
  });

  test('work by keyboard: move, pin, choose, zoom', async ({ page }) => {
    await detail(page);
    await page.mouse.move(0, 0);
    const plot = page.locator('#cpu .plot');
    await plot.focus();
    await page.keyboard.press('End');
    const card = page.locator('#cpu .hover-card');
    await expect(card).toContainText(/user/);
    const at = await card.locator('.hover-time').innerText();
    await page.keyboard.press('ArrowLeft');
    await expect(card.locator('.hover-time')).not.toHaveText(at);
    await page.keyboard.press('Enter');
    await expect(card.locator('.hover-time')).toContainText('pinned');
    await page.keyboard.press('Escape');
    await expect(card).toBeHidden();

    await page.keyboard.press('End');
    for (let step = 0; step < 6; step += 1) await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('from=');
  });

  test('show their numbers as a table, by an address of its own', async ({ page }) => {
    await detail(page);
    await page.getByRole('button', { name: 'CPU by mode: show as table' }).click();
    expect(page.url()).toContain('table=cpu');
    const table = page.locator('#cpu table');
    await expect(table.getByRole('columnheader', { name: 'user' })).toBeVisible();
    expect(await table.getByRole('row').count()).toBeGreaterThan(10);
    await expect(table.locator('td[title$=" cores"]').first()).toBeAttached();
    await page.reload();
    await expect(table).toBeVisible();
    await page.getByRole('button', { name: 'CPU by mode: show as chart' }).click();
    await expect(page.locator('#cpu canvas')).toBeVisible();
  });

  test('say current, lowest and highest value in the caption', async ({ page }) => {
    await detail(page);
    await expect(page.locator('#memory figcaption .reading')).toContainText(/\d\s(?:MiB|GiB).*min .*max /);
    await expect(page.locator('#memory-description')).toContainText(/Newest values: used .*cache .*total/);
  });

  test('single out a series from the legend', async ({ page }) => {
    await detail(page);
    const legend = page.locator('#cpu .legend button');
    await legend.filter({ hasText: 'user' }).click();
    await expect(legend.filter({ hasText: 'system' })).toHaveAttribute('aria-pressed', 'false');
    await expect(legend.filter({ hasText: 'user' })).toHaveAttribute('aria-pressed', 'true');
    await legend.filter({ hasText: 'user' }).click();
    await expect(legend.filter({ hasText: 'system' })).toHaveAttribute('aria-pressed', 'true');
  });
});

test.describe('time range', () => {
  test('is chosen from the list, by a length and by its ends', async ({ page }) => {
    await detail(page);
    const button = page.getByRole('button', { name: /^Time range/ });
    await button.click();
    await page.getByRole('button', { name: 'Last 15 minutes' }).click();
    await expect.poll(() => page.url()).toContain('range=15m');

    await button.click();
    await page.getByLabel('Last', { exact: true }).fill('90m');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('range=90m');

    await button.click();
    await page.getByRole('radio', { name: 'UTC', exact: true }).check();
    expect(page.url()).toContain('zone=utc');
    await page.getByLabel('From').fill('2026-01-02 03:04:05');
    await page.getByLabel('To').fill('2026-01-02 03:34:05');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect.poll(() => page.url()).toContain('from=2026-01-02T03:04:05Z&to=2026-01-02T03:34:05Z');
    await settled(page);
    // Nothing was stored then, and the page says so instead of drawing zeros.
    await expect(page.locator('#cpu .chart-empty')).toContainText('No rows of this node in this range');
    for (let step = 0; step < 3; step += 1) await page.goBack();
    await expect.poll(() => page.url()).toContain('range=5m');
  });

  test('refuses what is no range, and says what it wants', async ({ page }) => {
    await detail(page);
    await page.getByRole('button', { name: /^Time range/ }).click();
    await page.getByLabel('Last', { exact: true }).fill('soon');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Write a length such as 90m, 6h or 2d.')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: /^Time range/ })).toBeFocused();
  });
});
