// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { Problem } from '../../api/problem';
import type { LossBand } from '../../api/logs';
import { bandWords } from './bands';
import { histogramModel, totalOf } from './Histogram';
import { faultPlace } from './QueryBox';
import { written } from './share';

const at = (seconds: number) => new Date(seconds * 1000).toISOString();

describe('the histogram', () => {
  const histogram = {
    start: at(0),
    period_seconds: 10,
    buckets: [
      { time: at(0), total: 12, levels: { error: 2, info: 9, '': 1 } },
      { time: at(20), total: 5, levels: { info: 1, verbose: 2 } },
    ],
  };
  const model = histogramModel(histogram, { start: 0, end: 40_000 }, []);
  it('counts every line once, and none where there were none', () => {
    expect(model.times).toEqual([0, 10_000, 20_000, 30_000]);
    expect(Object.fromEntries(model.series.map((series) => [series.key, series.values]))).toEqual({
      error: [2, 0, 0, 0],
      info: [9, 0, 1, 0],
      none: [1, 0, 4, 0],
    });
    const sum = model.series.flatMap((series) => series.values).reduce<number>((a, b) => a + (b ?? 0), 0);
    expect(sum).toBe(totalOf(histogram));
  });
  it('has the worst level lowest', () => {
    expect(model.series.map((series) => series.key)).toEqual(['error', 'info', 'none']);
  });
});

describe('a fault in the query', () => {
  const of = (position: Problem['position']) => new Problem('bad', 'Bad', 400, 'x', position);
  it.each([
    [{ line: 1, column: 5, path: 'query' }, 'foo (bar', 4],
    [{ column: 3 }, '日本)', 2],
    [{ column: 3 }, '😀a)', 3],
    [{ line: 2, column: 1 }, 'a\nb', 2],
    [{ offset: 99 }, 'abc', 3],
    [{ path: 'filters.pod' }, 'abc', null],
    [null, 'abc', null],
  ])('%j of %j is at %j', (position, query, place) => {
    expect(faultPlace(of(position), query)).toBe(place);
  });
});

describe('a loss in words', () => {
  const band: LossBand = {
    log_source: 'shop/web-1/uid/app',
    namespace: 'shop',
    pod: 'web-1',
    container: 'app',
    start: at(0),
    end: at(10),
    kind: 'limited',
    entries: 1200,
    bytes: 9000,
  };
  it('says how much, why, when and whose', () => {
    expect(bandWords(band, 'utc')).toBe(
      '1,200 lines left out by the rate limit, 1970-01-01 00:00:00 to 00:00:10: shop / web-1 / app',
    );
    expect(
      bandWords(
        { ...band, kind: 'lost', entries: null, bytes: 2048, namespace: null, pod: null, container: null },
        'utc',
      ),
    ).toBe('2.00\u00a0KiB lost before they were read, 1970-01-01 00:00:00 to 00:00:10: shop/web-1/uid/app');
  });
});

describe('a saved line', () => {
  const line = {
    id: '1',
    time: '2026-11-25T12:00:00.123456789Z',
    node: 'n',
    stream: 'kern',
    message: '\u001b[31mred\u001b[0m',
  };
  it('is its object, or time, place and message', () => {
    expect(JSON.parse(written(line, 'ndjson'))).toEqual(line);
    expect(written(line, 'text')).toBe('2026-11-25T12:00:00.123456789Z n/kern red\n');
    expect(written({ ...line, namespace: 'shop', pod: 'web', container: 'app' }, 'text')).toBe(
      '2026-11-25T12:00:00.123456789Z shop/web/app red\n',
    );
  });
});
