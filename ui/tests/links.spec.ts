import { expect, nodeName, open, settled, test } from './test';

test.describe('every view is a link', () => {
  test('a reload shows the same', async ({ page }) => {
    const views = [
      '/?range=15m&zone=utc',
      '/containers?sort=-memory&kind=unit&q=s&live=off',
      `/nodes/${await nodeName(page)}?range=15m&tab=devices`,
      '/logs?range=30m&q=level:error&order=oldest&wrap=on&cols=pod&level=error',
      '/logs?range=30m&tab=patterns',
      '/status?tab=store',
      '/status?tab=queries&sort=language',
      '/sources?state=ok&q=proc',
    ];
    for (const view of views) {
      await open(page, view);
      const state = () =>
        page.evaluate(() => ({
          url: window.location.href,
          title: document.title,
          current: [...document.querySelectorAll('[aria-current],[aria-pressed="true"],[aria-sort]')].map((element) =>
            element.textContent.replace(/[<\d.].*/, ''),
          ),
          box: document.querySelector<HTMLInputElement>('[data-search]')?.value,
        }));
      const before = await state();
      await page.reload();
      await settled(page);
      await expect.poll(state, view).toEqual(before);
    }
  });

  test('the range goes along from page to page', async ({ page }) => {
    await open(page, '/?range=15m&zone=utc');
    await page.getByRole('link', { name: 'Containers', exact: true }).click();
    await expect.poll(() => page.url()).toContain('/containers?range=15m&zone=utc');
    await page.locator('table.data tbody a').first().click();
    await expect.poll(() => page.url()).toMatch(/\/containers\/.*range=15m&zone=utc/);
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await expect.poll(() => page.url()).toMatch(/\/\?range=15m&zone=utc$/);
  });
});

test.describe('keyboard', () => {
  test('goes to pages, lists its keys, finds things', async ({ page }) => {
    await open(page, '/');
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Containers');
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard' })).toContainText('Earlier by half the range');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeHidden();

    await page.keyboard.press('Control+k');
    const name = await nodeName(page);
    await page.getByRole('combobox', { name: 'Go to or do' }).fill(name);
    const option = page.getByRole('option').filter({ hasText: name }).filter({ hasText: 'node' }).first();
    await expect(option).toBeVisible();
    await option.click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  });

  test('shifts, widens and pauses', async ({ page }) => {
    await open(page, '/?range=15m');
    await page.keyboard.press('[');
    await expect.poll(() => page.url()).toContain('from=');
    await page.keyboard.press(']');
    await expect.poll(() => page.url()).toContain('range=15m');
    await page.keyboard.press('-');
    await expect.poll(() => page.url()).toContain('range=30m');
    await page.keyboard.press('l');
    await expect.poll(() => page.url()).toContain('live=off');
    await expect(page.getByRole('button', { name: 'Live' })).toHaveAttribute('aria-pressed', 'false');
  });

  test('reaches the content past the navigation at once', async ({ page }) => {
    await open(page, '/');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.locator('main')).toBeFocused();
  });
});

test('the theme is chosen and kept', async ({ page }) => {
  await open(page, '/');
  await page.getByRole('button', { name: /^Theme/ }).click();
  await page.getByRole('button', { name: /^Theme/ }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
