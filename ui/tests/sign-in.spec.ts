import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { start } from './process';
import type { Running } from './process';

const TOKEN = 'only-for-this-test-0123456789abcdef';
const folder = mkdtempSync(join(tmpdir(), 'kansoku-token-'));
let server: Running;

test.describe('a server that asks people for a token', () => {
  test.skip(process.env.KANSOKU_URL !== undefined && process.env.KANSOKU_URL !== '', 'needs a server of its own');

  test.beforeAll(async () => {
    const file = join(folder, 'people');
    writeFileSync(file, `${TOKEN}\n`);
    server = await start('server', { KANSOKU_SERVER_PEOPLE_TOKEN_FILE: file });
  });

  test.afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is asked with it once it has been given, and not after it was forgotten', async ({ page }) => {
    await page.goto(server.url);
    const dialog = page.getByRole('dialog', { name: 'Sign in' });
    await expect(dialog).toBeVisible();
    await dialog.getByLabel('Token').fill('not-the-right-one-at-all');
    await page.keyboard.press('Enter');
    await expect(dialog.getByText('The server does not know the token')).toBeVisible();
    await dialog.getByLabel('Token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'No rows yet' })).toBeVisible();
    await expect(dialog).toBeHidden();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(dialog).toBeVisible();
  });
});
