// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { during, near, placed, sparse, within } from './happening';
import type { Happening } from './happening';

const at = (time: number, kind: Happening['kind'] = 'restart'): Happening => ({ time, kind, label: `${kind} ${time}` });

describe('placed', () => {
  it('keeps apart what is far apart', () => {
    expect(placed([at(0), at(100)], 50)).toEqual([
      { time: 0, kind: 'restart', count: 1 },
      { time: 100, kind: 'restart', count: 1 },
    ]);
  });
  it('puts near ones together under the kind that says most', () => {
    expect(placed([at(0), at(10, 'oom'), at(20, 'deploy'), at(60)], 50)).toEqual([
      { time: 0, kind: 'oom', count: 3 },
      { time: 60, kind: 'restart', count: 1 },
    ]);
  });
  it('starts anew from the first of a group, so that a long row does not become one', () => {
    expect(placed([at(0), at(40), at(80), at(120)], 50).map((place) => place.count)).toEqual([2, 2]);
  });
});

describe('sparse', () => {
  const many = Array.from({ length: 360 }, (_, index) => at(index * 10));
  it('has no more places than a chart bears, and loses none', () => {
    const places = sparse(many, 5, 14);
    expect(places.length).toBeLessThanOrEqual(14);
    expect(places.reduce((sum, place) => sum + place.count, 0)).toBe(360);
  });
  it('leaves few as they are', () => {
    expect(sparse(many.slice(0, 3), 5, 14)).toHaveLength(3);
  });
});

describe('what belongs to a moment', () => {
  const all = [at(100), at(140, 'oom'), at(300)];
  it('is what is near, nearest first', () => {
    expect(near(all, 135, 50).map((one) => one.time)).toEqual([140, 100]);
  });
  it('is what falls into the period', () => {
    expect(during(all, 100, 40).map((one) => one.time)).toEqual([100]);
  });
  it('is left out when it is beyond the chart', () => {
    const model = { unit: 'count' as const, span: { start: 120, end: 200 }, period: 10, times: [], series: [] };
    expect(within(model, all).map((one) => one.time)).toEqual([140]);
  });
});
