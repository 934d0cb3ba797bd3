// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { parseExposition, routesOf, sampleSum } from './exposition';

const TEXT = `# HELP kansoku_queries_total Questions.
# TYPE kansoku_queries_total counter
kansoku_queries_total 487
kansoku_http_requests_total{route="/api/sql",method="POST",status="200"} 18
kansoku_http_requests_total{route="/api/sql",method="POST",status="400"} 2
kansoku_http_request_duration_seconds_bucket{route="/api/sql",le="0.01"} 12
kansoku_http_request_duration_seconds_bucket{route="/api/sql",le="0.5"} 19
kansoku_http_request_duration_seconds_bucket{route="/api/sql",le="+Inf"} 20
kansoku_http_request_duration_seconds_sum{route="/api/sql"} 0.5
kansoku_http_request_duration_seconds_count{route="/api/sql"} 20
odd{path="a\\"b\\\\c\\nd",x="1,2"} 1.5e-3 1795680216980
up +Inf
<!doctype html>
nothing{`;

describe('the text of figures', () => {
  const samples = parseExposition(TEXT);
  it('is read by name, labels and value', () => {
    expect(sampleSum(samples, 'kansoku_queries_total')).toBe(487);
    expect(sampleSum(samples, 'kansoku_http_requests_total')).toBe(20);
    expect(sampleSum(samples, 'missing')).toBeNull();
    expect(samples.find((it) => it.name === 'odd')).toEqual({
      name: 'odd',
      labels: { path: 'a"b\\c\nd', x: '1,2' },
      value: 0.0015,
    });
    expect(sampleSum(samples, 'up')).toBe(Infinity);
    expect(samples).toHaveLength(10);
  });
  it('tells how routes are used', () => {
    expect(routesOf(samples)).toEqual([
      { route: '/api/sql', count: 20, meanSeconds: 0.025, p95Seconds: 0.5, failed: 2 },
    ]);
    expect(routesOf([])).toEqual([]);
  });
});
