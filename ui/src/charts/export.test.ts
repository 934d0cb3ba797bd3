// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { csv, curl } from './export';
import type { ChartModel } from './model';
import { description, summarize } from './summary';

const model: ChartModel = {
  unit: 'bytes',
  span: { start: 0, end: 30_000 },
  period: 10_000,
  times: [0, 10_000, 20_000],
  series: [
    { key: 'a', label: 'used', values: [1024, null, 3072], shape: 'stack', tone: 0 },
    { key: 'b', label: 'say "cache", apart', values: [1, 2, null], shape: 'stack', tone: 1, quiet: true },
    { key: 'l', label: 'total', values: [8192, 8192, 8192], shape: 'limit', tone: 7 },
  ],
};

describe('what is taken away', () => {
  it('is CSV with exact values, absent ones empty', () => {
    expect(csv(model).split('\r\n')).toEqual([
      'time,used (bytes),"say ""cache"", apart (bytes)",total (bytes)',
      '1970-01-01T00:00:00.000Z,1024,1,8192',
      '1970-01-01T00:00:10.000Z,,2,8192',
      '1970-01-01T00:00:20.000Z,3072,,8192',
      '',
    ]);
  });
  it('is a request that a shell takes', () => {
    const text = curl(
      {
        entity: 'container',
        metrics: [],
        filters: { container_id: ["/it's"] },
        group_by: [],
        start: 'a',
        end: 'b',
        period_seconds: 10,
      },
      'http://127.0.0.1:4780',
    );
    expect(text).toContain("curl -sS 'http://127.0.0.1:4780/api/metrics' -H");
    expect(text).toContain("/it'\\''s");
  });
});

describe('caption', () => {
  it('tells the height of what is in use; cache apart, limits no values', () => {
    expect(summarize(model)).toEqual({ now: 3072, min: 1024, max: 3072, maxAt: 20_000 });
    expect(summarize({ ...model, series: [] })).toBeNull();
  });
  it('tells every series to those who do not see it', () => {
    const text = description(model, 'utc').replaceAll('\u00a0', ' ');
    expect(text).toBe(
      'From 1970-01-01 00:00:00 to 1970-01-01 00:00:30. Newest values: used 3.00 KiB (minimum 1.00 KiB, maximum 3.00 KiB); say "cache", apart 2 B (minimum 1 B, maximum 2 B); total 8.00 KiB.',
    );
    expect(description({ ...model, series: [] }, 'utc')).toContain('No data from');
  });
});
