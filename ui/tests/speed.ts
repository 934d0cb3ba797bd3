import type { Page } from './test';

/** How soon a page that has its answer can be used. Figures are reported, not judged: a machine under load is slower. */

export interface Speed {
  /** From the last byte of the listing that the first rows are made of to these rows being there. */
  shownMs: number;
  /** From that last byte to a press of a button in the page being answered, and the answer drawn. */
  interactiveMs: number;
  /** From the press alone. */
  answeredMs: number;
  /** Work that kept the page from answering for more than 50 ms at a time, until it was quiet. */
  longest: number;
  longTasks: readonly number[];
  /** Processor time of the page's main thread from opening it until it was quiet, and for a second press. */
  loadCpuMs: number;
  pressCpuMs: number;
  /** Elements of the page, and rows of its tables. */
  elements: number;
  rows: number;
}

/** What is pressed, and how its answer is seen. Both are looked for in the page itself. */
export interface Press {
  /** There once the page shows what it is about. */
  ready: string;
  /** Pressed as soon as that is there. */
  press: string;
  /** There once the press is answered. */
  answered: string;
  /** Pressed once more when the page is quiet, where it is not the same. */
  again?: string;
  /** Requests that the first drawing waits for, as a part of their address. */
  listing: string;
}

/** The head of a column that a table is not sorted by yet. */
export function sortBy(caption: string, header: string, listing: string): Press {
  const table = `[role="group"][aria-label="${caption}"] table.data`;
  const head = `${table} th button[title="${header}"]`;
  return {
    ready: `${table} tbody tr`,
    press: head,
    answered: `th[aria-sort] button[title="${header}"]`,
    listing,
  };
}

/** How long the page must do nothing before it counts as quiet. */
const QUIET_MS = 1500;
const MOST_MS = 40_000;

/** Opens a page and presses something in it as soon as it is there. */
export async function measureSpeed(page: Page, path: string, what: Press): Promise<Speed> {
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(window, { longTasks: tasks });
    performance.setResourceTimingBufferSize(5000);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) tasks.push(Math.round(entry.duration));
    }).observe({ type: 'longtask', buffered: true });
  });
  const cdp = await page.context().newCDPSession(page);
  // Processor time, which does not depend on what else the machine does.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const cpuMs = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
  await page.goto(path, { waitUntil: 'commit' });
  const speed = await page.evaluate(
    async ({ ready, press, answered, listing, quietMs, mostMs }) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const until = async (selector: string): Promise<void> => {
        while (document.querySelector(selector) === null) {
          if (performance.now() > mostMs) throw new Error(`${selector} did not come`);
          await frame();
        }
      };
      await until(ready);
      const shown = performance.now();
      const last = (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
        .filter((one) => one.name.includes(listing) && one.responseEnd > 0 && one.responseEnd <= shown)
        .reduce((latest, one) => Math.max(latest, one.responseEnd), 0);
      await until(press);
      const pressed = performance.now();
      document.querySelector<HTMLElement>(press)?.click();
      await until(answered);
      // The frame in which the answer is drawn has ended when the one after it begins.
      await frame();
      await frame();
      const done = performance.now();
      const tasks = (window as unknown as { longTasks: number[] }).longTasks;
      let seen = performance.getEntriesByType('resource').length + tasks.length;
      let since = performance.now();
      while (performance.now() - since < quietMs && performance.now() < mostMs) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        const now = performance.getEntriesByType('resource').length + tasks.length;
        if (now !== seen) since = performance.now();
        seen = now;
      }
      return {
        shownMs: Math.round(shown - last),
        interactiveMs: Math.round(done - last),
        answeredMs: Math.round(done - pressed),
        longest: Math.max(0, ...tasks),
        longTasks: tasks,
        elements: document.querySelectorAll('*').length,
        rows: document.querySelectorAll('table.data tbody tr').length,
      };
    },
    { ...what, quietMs: QUIET_MS, mostMs: MOST_MS },
  );
  const loaded = await cpuMs();
  await page.evaluate(async (selector) => {
    document.querySelector<HTMLElement>(selector)?.click();
    for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  }, what.again ?? what.press);
  return { ...speed, loadCpuMs: Math.round(loaded), pressCpuMs: Math.round((await cpuMs()) - loaded) };
}

/** The figures as a line of a report. */
export function words(name: string, it: Speed): string {
  return (
    `${name}: shown ${it.shownMs} ms after the last byte, interactive after ${it.interactiveMs} ms ` +
    `(a press answered in ${it.answeredMs} ms); ${it.longTasks.length} long tasks, longest ${it.longest} ms ` +
    `[${it.longTasks.join(' ')}]; processor ${it.loadCpuMs} ms until quiet, ${it.pressCpuMs} ms for a press; ${it.rows} rows, ${it.elements} elements`
  );
}
