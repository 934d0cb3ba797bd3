import { describe, expect, it } from 'vitest';
import { emptyStretches, extremes, nearest, newest, stacked, usualStep, withGaps } from './model';
import type { ChartModel } from './model';

const _ = null;

describe('gaps', () => {
  it('breaks at a single missing row when rows come with every point', () => {
    expect(withGaps([1, 2, _, 4, 5, 6])).toEqual([1, 2, null, 4, 5, 6]);
  });
  it('steps over the empty points between rare rows, and still breaks where a row is missing', () => {
    const values = [1, _, _, 2, _, _, 3, _, _, 4, _, _, _, _, _, 5, _, _, 6];
    expect(usualStep(values)).toBe(3);
    const out = withGaps(values);
    expect(out.slice(0, 4)).toEqual([1, undefined, undefined, 2]);
    expect(out.slice(9, 16)).toEqual([4, null, null, null, null, null, 5]);
  });
  it('takes an uneven rhythm (rows every 15 s, points every 10 s) for no gap', () => {
    const values = [1, 1, _, 1, 1, _, 1, _, 1, 1, _, 1, 1, _];
    expect(withGaps(values).slice(0, -1)).not.toContain(null);
  });
  it('leaves both ends empty', () => {
    expect(withGaps([_, _, 1, 1, 1, 1, _])).toEqual([_, _, 1, 1, 1, 1, _]);
  });
});

describe('stack', () => {
  it('adds up, takes a missing part as nothing and a missing whole as a gap', () => {
    expect(
      stacked([
        [1, 2, _, _],
        [10, _, 30, _],
      ]),
    ).toEqual([
      [1, 2, 0, _],
      [11, 2, 30, _],
    ]);
  });
});

describe('empty stretches', () => {
  const model = (values: (number | null)[]): ChartModel => ({
    unit: 'count',
    span: { start: 0, end: values.length * 10_000 },
    period: 10_000,
    times: values.map((__, index) => index * 10_000),
    series: [{ key: 'a', label: 'a', values, shape: 'line', tone: 0 }],
  });
  it('finds the start before the first row and holes', () => {
    expect(emptyStretches(model([_, _, _, 1, 1, 1, _, _, _, _, 1, 1]))).toEqual([
      [0, 30_000],
      [60_000, 100_000],
    ]);
  });
  it('does not call rows that are on their way missing', () => {
    expect(emptyStretches(model([1, 1, 1, 1, _, _]))).toEqual([]);
    expect(emptyStretches(model([1, 1, 1, 1, _, _, _, _, _]))).toEqual([[40_000, 90_000]]);
  });
});

describe('readings', () => {
  it('finds newest and extremes', () => {
    expect(newest([1, 2, _])).toBe(2);
    expect(newest([_])).toBeNull();
    expect(extremes([_, 3, 1, 9, 9])).toEqual({ min: 1, max: 9, at: 3 });
    expect(extremes([_])).toBeNull();
  });
  it('finds the nearest point, not one far away', () => {
    expect(nearest([0, 10, 20], 14, 10)).toBe(1);
    expect(nearest([0, 10, 20], 16, 10)).toBe(2);
    expect(nearest([0, 10, 20], 60, 10)).toBeNull();
    expect(nearest([], 0, 10)).toBeNull();
  });
});
