import { describe, expect, it } from 'vitest';
import {
  alignedSpan,
  brushed,
  chartPeriod,
  grainFor,
  lengthText,
  lengthWords,
  longerPeriod,
  parseLength,
  rangeFromQuery,
  rangeToQuery,
  shifted,
  sparkPeriod,
  widened,
} from './range';

const now = Date.UTC(2026, 10, 23, 12, 0, 7);
const query = (text: string) => new URLSearchParams(text);

describe('lengths', () => {
  it.each([
    ['15m', 900],
    ['-1h', 3600],
    ['1h30m', 5400],
    ['2 d', 172800],
    ['10 min', 600],
    ['1.5h', 5400],
  ])('%s is %d s', (text, seconds) => {
    expect(parseLength(text)).toBe(seconds);
  });
  it.each(['', 'soon', '5', '3s', '99999d', '1h-2m', '5x'])('refuses %j', (text) => {
    expect(parseLength(text)).toBeNull();
  });
  it('writes the shortest form', () => {
    expect(lengthText(5400)).toBe('90m');
    expect(lengthText(86400)).toBe('1d');
    expect(lengthText(45)).toBe('45s');
    expect(lengthWords(3600)).toBe('Last hour');
    expect(lengthWords(10800)).toBe('Last 3 hours');
  });
});

describe('range in the address', () => {
  it('goes there and back', () => {
    for (const text of ['range=15m', 'from=2026-11-23T08:00:00Z&to=2026-11-23T09:30:00Z']) {
      const out = new URLSearchParams();
      for (const [key, value] of Object.entries(rangeToQuery(rangeFromQuery(query(text)))))
        if (value !== null) out.set(key, value);
      expect(out.toString().replaceAll('%3A', ':')).toBe(text);
    }
  });
  it('falls back on nonsense', () => {
    const hour = { kind: 'relative', seconds: 3600 };
    for (const text of ['', 'range=x', 'from=2026-11-23T09:00:00Z&to=2026-11-23T08:00:00Z', 'from=x&to=y']) {
      expect(rangeFromQuery(query(text))).toEqual(hour);
    }
  });
});

describe('moves', () => {
  it('shifts back to a fixed range and forward to the present again', () => {
    const back = shifted({ kind: 'relative', seconds: 3600 }, -0.5, now);
    expect(back).toEqual({ kind: 'absolute', start: now - 5400_000, end: now - 1800_000 });
    expect(shifted(back, 0.5, now)).toEqual({ kind: 'relative', seconds: 3600 });
  });
  it('takes a brush of whole seconds, in either direction, and ignores a click', () => {
    expect(brushed(now + 60_400, now - 10)).toEqual({ kind: 'absolute', start: now - 1000, end: now + 61_000 });
    expect(brushed(now, now + 500)).toBeNull();
  });
  it('widens without leaving the present', () => {
    expect(widened({ kind: 'relative', seconds: 900 }, now)).toEqual({ kind: 'relative', seconds: 1800 });
    const wide = widened({ kind: 'absolute', start: now - 60_000, end: now }, now);
    expect(wide).toEqual({ kind: 'absolute', start: now - 120_000, end: now });
  });
});

describe('grains and periods', () => {
  it.each([
    [900, 10, 10],
    [3600, 1, 60],
    [3600, 10, 60],
    [6 * 3600, 10, 300],
    [86400, 10, 900],
    [3600, 60, 60],
  ])('sparkline of %d s of rows every %d s: a point each %d s', (seconds, interval, period) => {
    expect(sparkPeriod(seconds, interval)).toBe(period);
  });
  it.each([
    [300, 1, 1],
    [300, 10, 10],
    [3600, 10, 10],
    [3 * 3600, 10, 30],
    [6 * 3600, 10, 60],
    [86400, 10, 300],
    [7 * 86400, 10, 3600],
    [3600, 60, 60],
  ])('chart of %d s of rows every %d s: a point each %d s', (seconds, interval, period) => {
    expect(chartPeriod(seconds, interval)).toBe(period);
  });
  it('falls back to periods that are kept longer', () => {
    expect([10, 30, 60, 900, 3600].map(longerPeriod)).toEqual([60, 60, 300, 3600, null]);
  });
  it('moves with the rows, or by minutes when a row is less than a point', () => {
    expect(grainFor(900, 10)).toBe(10);
    expect(grainFor(86400, 10)).toBe(60);
    expect(grainFor(86400, 120)).toBe(120);
  });
  it('ends a relative range with the last tick that has arrived', () => {
    const { start, end } = alignedSpan({ kind: 'relative', seconds: 3600 }, now, 10);
    expect(end).toBe(Date.UTC(2026, 10, 23, 12, 0, 0));
    expect(end - start).toBe(3600_000);
    expect(alignedSpan({ kind: 'relative', seconds: 3600 }, now - 6000, 10).end).toBe(
      Date.UTC(2026, 10, 23, 11, 59, 50),
    );
  });
  it('covers a fixed range whole', () => {
    expect(alignedSpan({ kind: 'absolute', start: 1_500, end: 60_001 }, now, 60)).toEqual({ start: 1000, end: 61_000 });
  });
});
