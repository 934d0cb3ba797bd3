import { describe, expect, it } from 'vitest';
import { splits, stepFor, tickText, timeTexts, upperEnd } from './axis';
import type { ChartSeries } from './model';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const limit = (value: number, framed = false): ChartSeries => ({
  key: 'l',
  label: 'limit',
  values: [value],
  shape: 'limit',
  tone: 7,
  framed,
});

describe('ticks', () => {
  it('are round in the unit', () => {
    expect(stepFor('bytes', 24 * 1024 ** 3)).toBe(8 * 1024 ** 3);
    expect(stepFor('bytes', 700 * 1024 ** 2)).toBe(256 * 1024 ** 2);
    expect(stepFor('cores', 2)).toBe(0.5);
    expect(stepFor('cores', 8)).toBe(2);
    expect(splits('percent', 100)).toEqual([0, 20, 40, 60, 80, 100]);
  });
  it('drop empty digits', () => {
    expect(plain(tickText('bytes', 5 * 1024 ** 3))).toBe('5 GiB');
    expect(plain(tickText('percent', 2.5))).toBe('2.5 %');
    expect(tickText('cores', 0.2)).toBe('200m');
    expect(tickText('cores', 1.5)).toBe('1.5');
    expect(plain(tickText('count', 200))).toBe('200');
    expect(tickText('bytes', 0)).toBe('0');
  });
});

describe('upper end', () => {
  it('leaves headroom and is never nothing', () => {
    expect(upperEnd('cores', 1.9, [])).toBeGreaterThan(1.9);
    expect(upperEnd('cores', 2, [])).toBeGreaterThan(2);
    expect(upperEnd('cores', 0, [])).toBe(1);
    expect(upperEnd('percent', 3, [], 100)).toBe(100);
  });
  it('takes a limit in when it is near, or when it frames the picture', () => {
    expect(upperEnd('cores', 1, [limit(2)])).toBeGreaterThan(2);
    expect(upperEnd('cores', 0.1, [limit(2)])).toBeLessThan(1);
    expect(upperEnd('cores', 0.1, [limit(2, true)])).toBeGreaterThan(2);
  });
});

describe('time texts', () => {
  it('name the day once, where it changes', () => {
    const hour = 3600_000;
    const start = Date.UTC(2026, 10, 22, 22);
    expect(
      timeTexts(
        [0, 1, 2, 3].map((i) => start + i * hour),
        hour,
        'utc',
      ),
    ).toEqual(['22:00', '23:00', '11-23', '01:00']);
    expect(timeTexts([start, start + 10_000], 10_000, 'utc')).toEqual(['22:00:00', '22:00:10']);
  });
});
