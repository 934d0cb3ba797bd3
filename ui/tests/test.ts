import { test as base } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

export { expect } from '@playwright/test';
export type { Page } from '@playwright/test';

/** The address of the server under test. */
export function under(): string {
  const url = process.env.KANSOKU_UNDER_TEST;
  if (url === undefined) throw new Error('tests/server.ts has not run');
  return url;
}

/** The address of the server that shows the simulated cluster. */
function demo(): string {
  const url = process.env.KANSOKU_TEST_DEMO;
  if (url === undefined) throw new Error('tests/server.ts has not run');
  return url;
}

interface Options {
  /** What the server shows: this machine, or the simulated cluster. */
  shows: 'machine' | 'demo';
  /** Console errors that a test provokes on purpose. */
  expectedErrors: RegExp | null;
}

/** Every test fails when the page logs an error or asks another origin for anything. */
export const test = base.extend<Options & { watch: undefined }>({
  shows: ['machine', { option: true }],
  expectedErrors: [null, { option: true }],
  baseURL: async ({ shows }, use) => {
    await use(shows === 'demo' ? demo() : under());
  },
  watch: [
    async ({ page, baseURL, expectedErrors }, use) => {
      const faults: string[] = [];
      watchPage(page, baseURL ?? under(), faults, expectedErrors);
      await use(undefined);
      if (faults.length > 0) throw new Error(`the page misbehaved:\n${faults.join('\n')}`);
    },
    { auto: true },
  ],
});

function watchPage(page: Page, server: string, faults: string[], expected: RegExp | null): void {
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (expected?.test(message.text()) !== true) faults.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (fault) => faults.push(`uncaught: ${fault.stack ?? fault.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol === 'blob:' || url.protocol === 'data:') return;
    if (url.origin !== server) faults.push(`request to another origin: ${request.url()}`);
  });
}

/** Opens a page and waits until what it shows has come from the server. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.locator('h1').waitFor();
  await settled(page);
}

/** Where something is that the mouse is to reach: within the window, wherever what is above it has put it. */
export async function boxOf(it: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await it.scrollIntoViewIfNeeded();
  const box = await it.boundingBox();
  if (!box) throw new Error(`${String(it)} is not shown`);
  return box;
}

/** Waits until nothing is loading: no chart, no table. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('.loading-note') === null && document.querySelector('[aria-busy="true"]') === null,
    undefined,
    { timeout: 30_000 },
  );
}

/** The name of the node of this machine, from the API. */
export async function nodeName(page: Page): Promise<string> {
  const answer = (await (await page.request.get('/api/entities/node')).json()) as { entities: { node: string }[] };
  const name = answer.entities[0]?.node;
  if (name === undefined) throw new Error('the server lists no node');
  return name;
}
