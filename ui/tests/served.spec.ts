import { expect, test } from './test';

test.describe('the page as it is served', () => {
  test('comes with a strict policy and without inline code', async ({ request }) => {
    const response = await request.get('/');
    expect(response.status()).toBe(200);
    const policy = response.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('*');
    expect(await response.text()).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=/);
    expect(response.headers()['cache-control']).toContain('no-cache');
  });

  test('has its files compressed and kept by their hashed names', async ({ page }) => {
    test.skip(process.env.KANSOKU_PAGE_FOLDER !== undefined, 'a page from a folder is sent as it is');
    const sizes = new Map<string, number>();
    page.on('response', (response) => {
      const path = new URL(response.url()).pathname;
      if (!path.startsWith('/assets/')) return;
      expect(response.headers()['content-encoding'], path).toBe('br');
      expect(response.headers()['cache-control'], path).toContain('immutable');
      sizes.set(path, Number(response.headers()['content-length'] ?? Number.NaN));
    });
    await page.goto('/');
    await page.locator('h1').waitFor();
    expect(sizes.size).toBeGreaterThanOrEqual(2);
    const known = [...sizes.values()].filter((size) => !Number.isNaN(size));
    expect(known.reduce((a, b) => a + b, 0)).toBeLessThan(120_000);
  });

  test('answers its own paths with the index, and missing files with 404', async ({ request }) => {
    expect((await request.get('/nodes/some.host.example')).headers()['content-type']).toContain('text/html');
    expect((await request.get('/assets/gone-12345678.js')).status()).toBe(404);
    expect((await request.get('/api/nothing')).headers()['content-type']).toContain('application/problem+json');
  });

  test('says so when a path leads nowhere', async ({ page }) => {
    await page.goto('/nothing/here');
    await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  });
});
