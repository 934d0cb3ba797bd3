import { expect, open, settled, test } from './test';
import type { Page } from './test';

/** The exact numbers of a column, from the cells' titles. */
async function exacts(page: Page, header: string): Promise<number[]> {
  const heads = (await page.locator('table.data thead th').allInnerTexts()).map((text) => text.trim());
  const at = heads.indexOf(header) + 1;
  expect(at, `column ${header} among ${heads.join(', ')}`).toBeGreaterThan(0);
  const titles = await page
    .locator(`table.data tbody tr > :nth-child(${at})`)
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('title') ?? ''));
  return titles
    .filter((title) => !title.startsWith('no data'))
    .map((title) => Number(title.split(' ')[0]?.replaceAll(',', '')));
}

test.describe('containers', () => {
  test('are sorted by what is pressed, in both directions, and the address remembers', async ({ page }) => {
    // Paused, so that no tick changes values between reading one cell and the next.
    await open(page, '/containers?live=off');
    // Some groups may lack the cpu controller; they come last and are left out here.
    const cpu = await exacts(page, 'CPU');
    expect(cpu).toEqual([...cpu].sort((a, b) => b - a));

    await page.getByRole('columnheader', { name: 'Memory' }).getByRole('button').click();
    await expect(page.getByRole('columnheader', { name: 'Memory' })).toHaveAttribute('aria-sort', 'descending');
    expect(page.url()).toContain('sort=-memory');
    const memory = await exacts(page, 'Memory');
    expect(memory.length).toBeGreaterThan(1);
    expect(memory).toEqual([...memory].sort((a, b) => b - a));

    await page.getByRole('columnheader', { name: 'Memory' }).getByRole('button').click();
    await expect(page.getByRole('columnheader', { name: 'Memory' })).toHaveAttribute('aria-sort', 'ascending');
    const rising = await exacts(page, 'Memory');
    expect(rising).toEqual([...rising].sort((a, b) => a - b));
    await page.mouse.move(0, 0);
  });

  test('are filtered by words and by kind, and the address remembers', async ({ page }) => {
    await open(page, '/containers?live=off');
    const rows = page.locator('table.data tbody tr');
    const all = await rows.count();
    const name = ((await rows.first().locator('.cell-name').innerText()).split('\n')[0] ?? '').trim();
    await page.keyboard.press('/');
    await page.keyboard.type(`name:"${name}"`);
    await expect.poll(() => rows.count()).toBeLessThan(all);
    expect(await rows.first().innerText()).toContain(name);
    const shown = await rows.count();
    await page.reload();
    await settled(page);
    await expect(page.getByRole('searchbox')).toHaveValue(`name:"${name}"`);
    expect(await rows.count()).toBe(shown);

    await page.getByRole('searchbox').fill('no such thing at all');
    await expect(page.getByText('Nothing fits the filter.')).toBeVisible();
    await page.getByRole('searchbox').fill('');
    const kind = page.getByRole('group', { name: 'Kind' }).getByRole('button').nth(1);
    const word = (await kind.innerText()).split(/\s/)[0] ?? '';
    await kind.click();
    await expect(kind).toHaveAttribute('aria-pressed', 'true');
    for (const badge of await page.locator('table.data tbody .badge').allInnerTexts()) expect(badge).toBe(word);
  });

  test('have sparklines of the range', async ({ page }) => {
    await open(page, '/containers');
    await expect(page.locator('table.data tbody .spark-line').first()).toHaveAttribute('d', /^M.*L/, {
      timeout: 60_000,
    });
  });

  test('lead to their page and back', async ({ page }) => {
    await open(page, '/containers?live=off');
    const link = page.locator('table.data tbody a').first();
    const name = ((await link.innerText()).split('\n')[0] ?? '').trim();
    await link.click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    await expect(page.locator('#cpu canvas')).toBeVisible();
    await page.goBack();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Containers');
  });
});

test('nodes are a table with this machine in it', async ({ page }) => {
  await open(page, '/nodes');
  await expect(page.getByRole('table', { name: /Nodes/ }).getByRole('rowheader')).toHaveCount(1);
  await expect(page.locator('table.data tbody')).toContainText('live');
});

test('sources say what is read and by which right', async ({ page }) => {
  await open(page, '/sources');
  const rows = page.getByRole('table', { name: /Sources/ }).locator('tbody tr');
  await expect.poll(() => rows.count(), { timeout: 60_000 }).toBeGreaterThan(5);
  await expect(page.locator('table.data')).toContainText('/proc/stat');
});

test('the status says who reads, what is kept, how it answers and what it costs', async ({ page }) => {
  await open(page, '/sources');
  await page.getByRole('main').getByRole('link', { name: 'Status' }).click();
  await expect(page.getByRole('table', { name: /Agents/ }).getByRole('rowheader')).toHaveCount(1);
  await expect(page.locator('table.data tbody')).toContainText('reporting');
  await page.getByRole('link', { name: /^Store/ }).click();
  await expect(page.getByRole('table', { name: /Tables of the store/ })).toContainText('node');
  await page.getByRole('link', { name: 'Queries' }).click();
  await expect(page.getByRole('table', { name: /Answers by route/ })).toContainText('/api/status');
  await expect(page.getByText('Questions since the start')).toBeVisible();
  await page.getByRole('link', { name: 'Own cost' }).click();
  await expect(page.getByText('on average')).toBeVisible();
});
