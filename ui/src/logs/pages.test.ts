import { describe, expect, it } from 'vitest';
import type { LogLine, LossBand } from '../api/logs';
import { Problem } from '../api/problem';
import { LinePages } from './pages';
import type { LoadPage } from './pages';
import { bandPlace } from './source';

const BEGIN = Date.UTC(2026, 10, 25, 12);

/** A log of lines a second apart, newest first, in pages. */
function stored(lines: number, page: number): { load: LoadPage; asked: (string | null)[] } {
  const asked: (string | null)[] = [];
  const load: LoadPage = (after) => {
    asked.push(after);
    const from = Number(after ?? 0);
    const found: LogLine[] = [];
    for (let at = from; at < Math.min(lines, from + page); at += 1)
      found.push({ id: String(at), time: new Date(BEGIN - at * 1000).toISOString(), message: 'm'.repeat(100) });
    const next = from + page < lines ? String(from + page) : null;
    return Promise.resolve({ lines: found, next });
  };
  return { load, asked };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('lines in pages', () => {
  it('come as one scrolls, in order and once', async () => {
    const { load, asked } = stored(2300, 500);
    const pages = new LinePages(1, 'newest', load);
    expect(pages.waiting).toBe(true);
    await pages.more();
    expect([pages.count, pages.complete, pages.waiting]).toEqual([500, false, false]);
    pages.show(0, 40);
    await settle();
    expect(pages.count).toBe(500);
    pages.show(400, 440);
    await settle();
    expect(pages.count).toBe(1000);
    while (!pages.complete) await pages.more();
    await pages.more();
    expect(asked).toEqual([null, '500', '1000', '1500', '2000']);
    expect(pages.count).toBe(2300);
    for (const row of [0, 499, 500, 1234, 2299]) expect(pages.line(row)?.id).toBe(String(row));
    expect(pages.line(2300)).toBeNull();
  });

  it('are let go of when there are many, and asked for again by the same cursor', async () => {
    const { load, asked } = stored(20_000, 500);
    // Room for ten pages of 500 lines.
    const pages = new LinePages(1, 'newest', load, 10 * 500 * 1600);
    while (!pages.complete) {
      pages.show(pages.count - 40, pages.count);
      await settle();
    }
    expect(pages.count).toBe(20_000);
    expect(pages.held).toBeLessThanOrEqual(11);
    expect(pages.line(0)).toBeNull();
    expect(pages.line(19_999)?.id).toBe('19999');
    const before = asked.length;
    pages.show(0, 40);
    pages.show(0, 40);
    await settle();
    expect(pages.line(7)?.id).toBe('7');
    expect(asked.slice(before)).toEqual([null]);
    expect(pages.held).toBeLessThanOrEqual(11);
  });

  it('come from a search that pauses on its way', async () => {
    const { load } = stored(60, 10);
    let calls = 0;
    // Every other answer is a pause without a line; cursors of pauses differ from those of pages.
    const pausing: LoadPage = (after, signal) => {
      calls += 1;
      if (after?.endsWith('!') !== true) return Promise.resolve({ lines: [], next: `${after ?? '0'}!` });
      return load(after.slice(0, -1), signal);
    };
    const pages = new LinePages(1, 'newest', pausing, 1);
    await pages.begin();
    expect([pages.count, calls]).toEqual([10, 2]);
    while (!pages.complete) await pages.more();
    expect(pages.count).toBe(60);
    expect(pages.line(0)).toBeNull();
    pages.show(0, 5);
    await settle();
    expect(pages.line(3)?.id).toBe('3');
  });

  it('say what was refused, and go on when asked to', async () => {
    let refuse = true;
    const { load } = stored(10, 500);
    const pages = new LinePages(1, 'newest', (after, signal) =>
      refuse ? Promise.reject(new Problem('no', 'No', 400, 'x')) : load(after, signal),
    );
    await pages.more();
    expect(pages.problem?.detail).toBe('no');
    refuse = false;
    pages.retry();
    await settle();
    expect([pages.problem, pages.count]).toEqual([null, 10]);
  });

  it('have what was lost between the lines where it falls', async () => {
    const { load } = stored(700, 500);
    const pages = new LinePages(1, 'newest', load);
    await pages.more();
    const band = (after: number, before: number): LossBand => ({
      log_source: `${after}`,
      start: new Date(BEGIN - after * 1000 + 1).toISOString(),
      end: new Date(BEGIN - before * 1000 - 1).toISOString(),
      kind: 'lost',
    });
    pages.setBands([band(11, 10), band(600, 590), band(999, 900)]);
    expect(pages.bandsBefore(11).map((one) => one.log_source)).toEqual(['11']);
    // Further down than is loaded: nothing is known of it yet.
    expect(pages.bandsBefore(500)).toEqual([]);
    await pages.more();
    expect(pages.bandsBefore(591).map((one) => one.log_source)).toEqual(['600']);
    // Before the first line of the range: after the last row.
    expect(pages.bandsBefore(700).map((one) => one.log_source)).toEqual(['999']);
  });
});

describe('the place of a loss', () => {
  const newest = [50, 40, 30, 20, 10];
  const oldest = [10, 20, 30, 40, 50];
  it.each([
    [60, 70, 0, 5],
    [32, 38, 2, 3],
    [1, 5, 5, 0],
  ])('from %d to %d', (start, end, inNewest, inOldest) => {
    expect(bandPlace(newest, 'newest', start, end)).toBe(inNewest);
    expect(bandPlace(oldest, 'oldest', start, end)).toBe(inOldest);
  });
});
