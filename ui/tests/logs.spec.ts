import { readFileSync } from 'node:fs';
import { API_LINES, append, WEB_ERRORS, WEB_LINES } from './logs';
import type { Logs } from './logs';
import { expect, nodeName, open, boxOf, settled, test } from './test';
import type { Page } from './test';

const text = process.env.KANSOKU_TEST_LOGS;

/** The logs that tests/server.ts has written. */
function logs(): Logs {
  return JSON.parse(text ?? '') as Logs;
}

const WEB = 'namespace=shop&pod=web-1';

/** The number in the bar above the lines. */
async function found(page: Page): Promise<number> {
  return Number((await page.locator('.log-count b').getAttribute('title'))?.replaceAll(',', ''));
}

/** The `n=` of every line that is drawn. */
async function drawn(page: Page): Promise<number[]> {
  const texts = await page.locator('.line .line-text').allInnerTexts();
  return texts.map((one) => Number(/n=(\d+)/.exec(one)?.[1]));
}

test.describe('logs', () => {
  test.skip(text === undefined, 'needs log files that this server reads');

  test('show every line once, newest first, and the other way round', async ({ page }) => {
    await open(page, `/logs?range=1h&${WEB}`);
    // Tests that follow new lines add some with other words.
    await expect.poll(() => found(page)).toBeGreaterThanOrEqual(WEB_LINES);
    await open(page, `/logs?range=1h&${WEB}&q=level:*`);
    await expect.poll(() => found(page)).toBe(WEB_LINES);
    const newest = await drawn(page);
    expect(newest.slice(0, 3)).toEqual([WEB_LINES - 1, WEB_LINES - 2, WEB_LINES - 3]);
    await page.getByRole('button', { name: 'Newest first' }).click();
    await expect.poll(async () => (await drawn(page))[0]).toBe(0);
    expect(page.url()).toContain('order=oldest');
  });

  test('are a list of which only what is seen is drawn, to its very end', async ({ page }) => {
    await open(page, `/logs?range=1h&${WEB}&q=level:*`);
    const scroller = page.locator('.log-scroll');
    await expect(async () => {
      await scroller.evaluate((element) => {
        element.scrollTop = element.scrollHeight;
      });
      await expect(page.locator('.line').last()).toHaveAttribute('aria-posinset', String(WEB_LINES), { timeout: 500 });
    }).toPass();
    await expect(page.getByText('The first line of the range.')).toBeVisible();
    expect((await drawn(page)).at(-1)).toBe(0);
    expect(await page.locator('.line').count()).toBeLessThan(150);
    // No line is left out or twice among those that are drawn.
    const numbers = await drawn(page);
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) - at));
  });

  test('are found by words, phrases, fields and levels', async ({ page }) => {
    await open(page, `/logs?range=1h&namespace=shop`);
    const box = page.getByRole('searchbox', { name: 'Query' });
    await page.keyboard.press('/');
    await expect(box).toBeFocused();
    await box.fill('"connection reset"');
    await page.keyboard.press('Enter');
    await expect.poll(() => found(page)).toBe(WEB_ERRORS);
    expect(new URL(page.url()).searchParams.get('q')).toBe('"connection reset"');
    await box.fill('http.status:>=500');
    await page.keyboard.press('Enter');
    await expect.poll(() => found(page)).toBe(API_LINES / 4);
    await box.fill('');
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: 'Levels' }).getByRole('button', { name: 'warn' }).click();
    await expect.poll(() => found(page)).toBe(API_LINES);
    await page.goBack();
    await page.goBack();
    await expect.poll(() => found(page)).toBe(API_LINES / 4);
    await page.getByRole('button', { name: 'Recent queries' }).click();
    await page.getByRole('button', { name: '"connection reset"' }).click();
    await expect.poll(() => found(page)).toBe(WEB_ERRORS);
  });

  test('are counted by value, and a press filters', async ({ page }) => {
    await open(page, `/logs?range=1h&namespace=shop&q=level:*`);
    const pods = page.locator('.facet', { has: page.getByText('pod', { exact: true }) });
    await expect(pods.getByRole('button', { name: `web-1 1.20 k` })).toBeVisible();
    await pods.getByRole('button', { name: 'Filter out pod web-1' }).click();
    await expect.poll(() => found(page)).toBe(API_LINES);
    expect(new URL(page.url()).searchParams.get('q')).toBe('level:* -pod:web-1');
    await page.getByRole('combobox', { name: 'Count another field' }).fill('http.status');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: `503 ${API_LINES / 4}` })).toBeVisible();
    expect(page.url()).toContain('facets=http.status');
  });

  test('open: a tree of JSON, fields, filters by them', async ({ page }) => {
    await open(page, '/logs?range=1h&namespace=shop&pod=api-1&q=slow');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const line = page.locator('.line.expanded');
    await expect(line.locator('.json-tree')).toContainText('slow answer');
    await line.getByRole('button', { name: 'Filter for http.status' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toMatch(/^slow http\.status:(200|503)$/);
    await settled(page);
    await page.getByRole('button', { name: 'Fields', exact: true }).click();
    await expect(page.getByRole('combobox', { name: 'Value' })).toHaveValue(/200|503/);
    await page.getByRole('button', { name: 'Remove this condition' }).last().click();
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('slow');
  });

  test('have colours as the program wrote them, or none, and are never markup', async ({ page }) => {
    await open(page, '/logs?range=1h&namespace=shop&pod=api-1&q=bold');
    await expect(page.locator('.line .ansi-red')).toHaveText('red');
    await expect(page.locator('.line .line-text')).toHaveText('red and <b>bold</b>');
    await page.getByRole('button', { name: 'ANSI colours' }).click();
    await expect(page.locator('.line .ansi-red')).toHaveCount(0);
    await expect(page.locator('.line .line-text')).toHaveText('red and <b>bold</b>');
  });

  test('have neighbours in the same log, whatever was asked for', async ({ page }) => {
    await open(page, `/logs?range=1h&namespace=shop&q="connection+reset"`);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('c');
    await expect.poll(() => page.url()).toContain('around=');
    const anchor = page.locator('.line.anchor');
    await expect(anchor).toContainText('connection reset');
    const numbers = await drawn(page);
    const at = numbers.findIndex((n) => n % 50 === 0);
    expect(numbers.slice(at - 2, at + 3)).toEqual([-2, -1, 0, 1, 2].map((by) => (numbers[at] ?? 0) + by));
    await page.reload();
    await expect(anchor).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.locator('.line.anchor')).toHaveCount(0);
    expect(page.url()).not.toContain('around=');
  });

  test('say where a query is wrong', async ({ page }) => {
    await open(page, '/logs');
    const box = page.getByRole('searchbox', { name: 'Query' });
    await box.fill('timeout (reset');
    await page.keyboard.press('Enter');
    const fault = page.getByRole('alert').filter({ hasText: 'character 9' });
    await expect(fault.locator('mark')).toHaveText('(');
    await expect(box).toHaveAttribute('aria-invalid', 'true');
    await fault.getByRole('button', { name: 'character 9' }).click();
    await expect(box).toBeFocused();
    expect(await box.evaluate((input: HTMLInputElement) => input.selectionStart)).toBe(8);
  });

  test('are counted over time, and a brushed part becomes the range', async ({ page }) => {
    await open(page, `/logs?range=30m&${WEB}&q=level:*`);
    await page.locator('#histogram .u-over').waitFor();
    await page.getByRole('button', { name: 'Lines by level: show as table' }).click();
    const sums = await page
      .locator('#histogram tbody td')
      .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('title') ?? ''));
    expect(sums.reduce((sum, title) => sum + Number(title.replaceAll(',', '')), 0)).toBe(await found(page));
    await page.getByRole('button', { name: 'Lines by level: show as chart' }).click();
    // Lines are of the ten minutes before the server's start: this part has some for a quarter of an hour from then on.
    const box = await boxOf(page.locator('#histogram .u-over'));
    await page.mouse.move(box.x + box.width * 0.4, box.y + 30);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + 30, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => page.url()).toMatch(/from=.*&to=/);
    await settled(page);
    const { searchParams } = new URL(page.url());
    const seconds = (Date.parse(searchParams.get('to') ?? '') - Date.parse(searchParams.get('from') ?? '')) / 1000;
    // Two lines in each second of the part that has lines.
    await expect.poll(() => found(page)).toBeLessThanOrEqual(seconds * 2 + 2);
    await expect.poll(() => found(page)).toBeGreaterThan(0);
  });

  test('have patterns, of which one asks for its words', async ({ page }) => {
    await open(page, `/logs?range=1h&${WEB}&q=level:*&tab=patterns`);
    const row = page.getByRole('row', { name: /level=error msg=/ });
    await expect(row).toContainText(String(WEB_ERRORS));
    await row.getByRole('button', { name: /^Lines with the words/ }).click();
    await expect.poll(() => found(page)).toBe(WEB_ERRORS);
  });

  test('come while one looks, wait while one reads', async ({ page }) => {
    await open(page, `/logs?range=15m&${WEB}&q=tailing`);
    await page.keyboard.press('l');
    await expect.poll(() => page.url()).toContain('tail=on');
    await expect(page.getByText('Following')).toBeVisible();
    append(logs(), 'web-1', ['tailing one', 'nothing of interest', 'tailing two']);
    await expect(page.locator('.line')).toHaveText([/tailing two/, /tailing one/]);
    await page.keyboard.press('p');
    append(logs(), 'web-1', ['tailing three', 'tailing four']);
    await expect(page.getByRole('button', { name: 'Go on, 2 waiting' })).toBeVisible();
    await expect(page.locator('.line')).toHaveCount(2);
    await page.getByRole('button', { name: 'Go on, 2 waiting' }).click();
    await expect(page.locator('.line')).toHaveCount(4);
    await expect(page.locator('.line').first()).toContainText('tailing four');
    await page.keyboard.press('l');
    await expect.poll(() => page.url()).not.toContain('tail=on');
  });

  test('are saved, each with its fields', async ({ page }) => {
    await open(page, `/logs?range=1h&${WEB}&q=level:*`);
    await page.getByRole('button', { name: 'Save lines' }).click();
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as NDJSON' }).click();
    const saved = readFileSync(await (await waiting).path(), 'utf8')
      .trimEnd()
      .split('\n');
    expect(saved).toHaveLength(WEB_LINES);
    expect(JSON.parse(saved[0] ?? '')).toMatchObject({
      namespace: 'shop',
      pod: 'web-1',
      container: 'app',
      stream: 'stdout',
    });
    await expect(page.getByText('1,200 lines saved.')).toBeVisible();
  });

  test('are one key away from a chart, and charts one link from a line', async ({ page }) => {
    const name = await nodeName(page);
    await open(page, `/nodes/${name}?range=5m`);
    await page.locator('#cpu .plot').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('o');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Logs');
    const { searchParams } = new URL(page.url());
    expect(searchParams.get('node')).toBe(name);
    expect(Date.parse(searchParams.get('to') ?? '') - Date.parse(searchParams.get('from') ?? '')).toBe(60_000);

    await open(page, `/nodes/${name}?range=5m`);
    await page.getByRole('navigation', { name: 'Parts of this node' }).getByRole('link', { name: 'Logs' }).click();
    await expect.poll(() => page.url()).toMatch(new RegExp(`/logs\\?range=5m&node=${name}$`));

    await open(page, `/logs?range=1h&${WEB}&q=level:*`);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Metrics of the node around this' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    const there = new URL(page.url()).searchParams;
    expect(Date.parse(there.get('from') ?? '')).toBeLessThan(logs().end);
    expect(Date.parse(there.get('to') ?? '')).toBeGreaterThan(logs().end);
  });

  test('list their keys', async ({ page }) => {
    await open(page, '/logs');
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keyboard' });
    await expect(keys).toContainText('On this page');
    await expect(keys).toContainText('Lines around it in the same log');
    await expect(keys.getByText('Follow new lines, or stop')).toBeVisible();
    await expect(keys.getByText('Follow the present, or pause')).toHaveCount(0);
  });
});

test.use({ expectedErrors: /status of 400/ });
