import { expect, open, settled, test } from './test';
import type { Page } from './test';

interface Answer {
  cloudwatch: {
    total_usd_month: number;
    free_tier_usd: number;
    lines: { item: string; usd_month: number; confirmed: boolean }[];
  };
  tables: { table: string }[];
}

async function answer(page: Page, query: string): Promise<Answer> {
  return (await (await page.request.get(`/api/cost?${query}`)).json()) as Answer;
}

const region = (page: Page) => page.getByRole('combobox', { name: 'Region' });

test.describe('the page of costs', () => {
  test('shows each line of the estimate and the sum of them', async ({ page }) => {
    const query = 'hours=24&region=us-east-1&mode=standard';
    const { cloudwatch, tables } = await answer(page, query);
    const sum = cloudwatch.lines.reduce((total, line) => total + line.usd_month, 0);
    expect(Math.abs(sum - cloudwatch.free_tier_usd - cloudwatch.total_usd_month)).toBeLessThan(1e-6);
    await open(page, '/cost?mode=standard');
    const bill = page.getByRole('table', { name: /^What CloudWatch would charge for/ });
    for (const line of cloudwatch.lines) {
      const row = bill.getByRole('row').filter({ has: page.getByRole('rowheader', { name: line.item }) });
      await expect(row.filter({ hasText: 'unconfirmed' })).toHaveCount(line.confirmed ? 0 : 1);
    }
    const kept = page.getByRole('table', { name: /^Tables of the store/ });
    await expect(kept.getByRole('rowheader')).toHaveCount(tables.length);
  });

  test('keeps region, window and mode in the address, and back undoes them', async ({ page }) => {
    await open(page, '/cost');
    await expect(page.getByRole('button', { name: 'Enhanced' })).toHaveAttribute('aria-pressed', 'true');
    await expect(page.getByRole('rowheader', { name: 'Observations' })).toBeVisible();
    await page.getByRole('button', { name: 'Standard' }).click();
    await expect(page).toHaveURL(/\/cost\?mode=standard$/);
    await expect(page.getByRole('rowheader', { name: 'Custom metrics' })).toBeVisible();
    await region(page).selectOption('ap-northeast-1');
    await expect(page).toHaveURL(/mode=standard&region=ap-northeast-1$/);
    await page.getByRole('combobox', { name: 'Counted in' }).selectOption('1');
    await expect(page).toHaveURL(/hours=1/);
    await settled(page);
    await page.goBack();
    await page.goBack();
    await expect(region(page)).toHaveValue('us-east-1');
    await page.goBack();
    await expect(page.getByRole('rowheader', { name: 'Observations' })).toBeVisible();
  });

  test('sorts its tables apart from each other', async ({ page }) => {
    await open(page, '/cost');
    await page
      .getByRole('table', { name: /^What is kept by namespace/ })
      .getByRole('button', { name: 'Namespace' })
      .click();
    await expect(page).toHaveURL(/namespaces=namespace/);
    await page
      .getByRole('table', { name: /^Tables of the store/ })
      .getByRole('button', { name: 'Rows' })
      .click();
    await expect(page).toHaveURL(/sort=-rows/);
    await expect(page).toHaveURL(/namespaces=namespace/);
  });

  test.describe('without prices of the region', () => {
    test.use({ expectedErrors: /400/ });
    test('says which there are, and lets another be chosen', async ({ page }) => {
      await page.goto('/cost?region=nowhere-1');
      await expect(page.getByRole('alert')).toContainText('us-east-1');
      await region(page).selectOption('us-east-1');
      await expect(page.getByRole('alert')).toHaveCount(0);
      await expect(page.getByRole('rowheader', { name: 'Observations' })).toBeVisible();
    });
  });
});
