import { readFileSync } from 'node:fs';
import { watchUsage } from './load';
import type { Load, Watch } from './load';
import { expect, nodeName, open, settled, test } from './test';
import type { Page } from './test';

/** What the kernel says about this machine, which the page must say too. */
function machine(): { processors: number; memoryBytes: number } {
  const processors = readFileSync('/proc/stat', 'utf8').match(/^cpu\d+ /gm)?.length ?? 0;
  const total = /^MemTotal:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  return { processors, memoryBytes: Number(total) * 1024 };
}

const local = process.env.KANSOKU_URL === undefined || process.env.KANSOKU_URL === '';

/** What the agent wrote about a unit in a tick. */
interface UnitRow {
  time: string;
  latest: { cpu_usage_usec?: number; interval_usec?: number; read_delay_usec?: number };
}

/** Cores that the page shows, and what they can have been by the kernel's count over the same interval. */
interface Compared {
  shown: number;
  least: number;
  most: number;
}

/** The kernel adds a running task's time at its own ticks, and the agent notes its moment beside its read. */
const SLACK = 0.03;
/** The count must be known so well at both ends of the interval; else the next row is taken. */
const SHARPNESS = 0.05;

async function newestRow(page: Page, { id }: Load): Promise<UnitRow | undefined> {
  const answer = await page.request.get(`/api/entities/container?container_id=${encodeURIComponent(id)}`);
  return ((await answer.json()) as { entities: UnitRow[] }).entities[0];
}

/** `null` until the page shows this very row, and the count was watched from its begin to its end. */
function compare(row: UnitRow | undefined, shown: number, watch: Watch): Compared | null {
  const { cpu_usage_usec: used, interval_usec: interval, read_delay_usec: delay } = row?.latest ?? {};
  if (row === undefined || used === undefined || interval === undefined || delay === undefined) return null;
  if (Math.abs(used / interval - shown) > 1e-8) return null;
  const end = Date.parse(row.time) * 1000 + delay;
  const counted = watch.between(end - interval, end);
  if (counted === null || counted.most - counted.least > SHARPNESS * counted.most) return null;
  return { shown, least: counted.least / interval, most: counted.most / interval };
}

test.describe('overview', () => {
  test('shows the processors and the memory of this very machine', async ({ page }) => {
    test.skip(!local, 'the server at KANSOKU_URL may run on another machine');
    const { processors, memoryBytes } = machine();
    await open(page, '/');
    await expect(page.locator('.facts')).toContainText(`Processors${processors}`);
    const tile = page.locator('.tile', { has: page.getByRole('heading', { name: 'CPU' }) });
    await expect(tile).toContainText(`of ${processors} processors`);

    await open(page, `/nodes/${await nodeName(page)}?tab=row&q=node_memory_total`);
    const cell = page.getByRole('row', { name: /node_memory_total_bytes/ }).locator('.mono');
    expect(Number((await cell.innerText()).replaceAll(',', ''))).toBe(memoryBytes);
  });

  test('shows what a unit uses as the kernel counts it', async ({ page }) => {
    const text = process.env.KANSOKU_TEST_LOAD;
    test.skip(text === undefined, 'needs a server of its own and the right to make a control group');
    const load = JSON.parse(text ?? '') as Load;
    test.setTimeout(120_000);
    const watch = watchUsage(load);
    try {
      await open(page, '/containers?q=kind:unit+busy.service');
      const cell = page.locator('table.data tbody td.num').first();
      let compared: Compared | null = null;
      await expect
        .poll(
          async () => {
            const row = await newestRow(page, load);
            const shown = Number((await cell.getAttribute('title'))?.split(' ')[0]);
            compared = compare(row, shown, watch);
            return compared !== null;
          },
          { timeout: 90_000, intervals: [200], message: 'the page shows a row whose whole interval was watched' },
        )
        .toBe(true);
      const { shown, least, most } = compared as unknown as Compared;
      expect(least).toBeGreaterThan(0.05);
      const said = `the page says ${shown} cores, the kernel between ${least} and ${most}`;
      expect(shown, said).toBeGreaterThan(least * (1 - SLACK));
      expect(shown, said).toBeLessThan(most * (1 + SLACK));
    } finally {
      watch.stop();
    }
    await page.locator('table.data tbody a').first().click();
    await expect(page.locator('#cpu .reading')).toContainText(/m cores|[\d.]+ cores/);
  });

  test('shows figures that move with the machine', async ({ page }) => {
    await open(page, '/');
    const cpu = page.locator('.tile', { has: page.getByRole('heading', { name: 'CPU' }) }).locator('.tile-value');
    const before = await cpu.getAttribute('title');
    expect(before).toMatch(/cores$/);
    // The page follows the present by itself: a tick later the exact value is another.
    await expect.poll(() => cpu.getAttribute('title'), { timeout: 35_000 }).not.toBe(before);
  });

  test('draws its charts', async ({ page }) => {
    await open(page, '/');
    for (const id of ['cpu', 'memory', 'top-memory', 'load']) {
      const canvas = page.locator(`#${id} canvas`);
      await expect(canvas, id).toBeVisible();
      const colours = await canvas.evaluate((element) => {
        const { width, height } = element as HTMLCanvasElement;
        const data =
          (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ??
          new Uint8ClampedArray();
        const seen = new Set<number>();
        for (let at = 0; at < data.length; at += 4)
          if ((data[at + 3] ?? 0) > 60)
            seen.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
        return seen.size;
      });
      // Grid, texts and at least one series.
      expect(colours, `${id} is blank`).toBeGreaterThan(8);
    }
  });

  test('lists what uses most, and the file systems', async ({ page }) => {
    await open(page, '/');
    const top = page.getByRole('table', { name: /Containers and units that use most now/ });
    expect(await top.getByRole('rowheader').count()).toBeGreaterThan(0);
    const filesystems = page.getByRole('table', { name: /File systems/ });
    await expect(filesystems.getByRole('rowheader', { name: '/', exact: true })).toBeVisible();
  });

  test('keeps what it shows when the server is out of reach, says so, and recovers', async ({ page, context }) => {
    await open(page, '/');
    const value = page.locator('.tile-value').first();
    const shown = await value.innerText();
    await context.setOffline(true);
    await page.keyboard.press('r');
    await expect(page.getByText('The server does not answer. What is shown is older')).toBeVisible();
    expect(await value.innerText()).toBe(shown);
    await context.setOffline(false);
    await expect(page.getByText('The server does not answer. What is shown is older')).toBeHidden({ timeout: 20_000 });
    await settled(page);
  });
});

test.use({ expectedErrors: /ERR_INTERNET_DISCONNECTED/ });
