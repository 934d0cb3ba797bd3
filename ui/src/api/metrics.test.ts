import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MetricQuestion } from './metrics';

interface Sent {
  metrics: { metric: string; statistic: string }[];
}

const sent: Sent[] = [];
let refuse: ((body: Sent) => string | null) | null = null;

function answer(body: Sent): Response {
  const fault = refuse?.(body);
  if (typeof fault === 'string') {
    return new Response(
      JSON.stringify({ title: 'No such metric', status: 400, detail: fault, code: 'unknown_metric' }),
      { status: 400 },
    );
  }
  const series = body.metrics.map((one) => ({ ...one, unit: '', labels: {}, values: [1] }));
  return new Response(JSON.stringify({ period_seconds: 10, times: [0], series }), { status: 200 });
}

const question = (...names: string[]): MetricQuestion => ({
  entity: 'node',
  metrics: names.map((metric) => ({ metric, statistic: 'Average' })),
  filters: { node: ['a'] },
  group_by: [],
  start: '2026-11-23T08:00:00Z',
  end: '2026-11-23T09:00:00Z',
  period_seconds: 10,
});

const open = () => new AbortController().signal;

describe('askMetrics', () => {
  beforeEach(() => {
    sent.length = 0;
    refuse = null;
    vi.stubGlobal('window', { location: { pathname: '/', search: '' } });
    vi.stubGlobal('fetch', (_: string, init: { body: string; signal: AbortSignal }) => {
      if (init.signal.aborted) return Promise.reject(init.signal.reason as Error);
      const body = JSON.parse(init.body) as Sent;
      sent.push(body);
      return Promise.resolve(answer(body));
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('sends questions of one moment about the same rows together, and gives each its part', async () => {
    const { askMetrics } = await import('./metrics');
    const [a, b] = await Promise.all([askMetrics(question('x', 'y'), open()), askMetrics(question('y', 'z'), open())]);
    expect(sent.map((one) => one.metrics.map((metric) => metric.metric))).toEqual([['x', 'y', 'z']]);
    expect(a.series.map((series) => series.metric)).toEqual(['x', 'y']);
    expect(b.series.map((series) => series.metric)).toEqual(['y', 'z']);
  });

  it('keeps apart what asks about other rows', async () => {
    const { askMetrics } = await import('./metrics');
    await Promise.all([
      askMetrics(question('x'), open()),
      askMetrics({ ...question('x'), filters: { node: ['b'] } }, open()),
    ]);
    expect(sent.length).toBe(2);
  });

  it('keeps apart what is limited by another metric', async () => {
    const { askMetrics } = await import('./metrics');
    const limited = (...names: string[]) => askMetrics({ ...question(...names), limit: 5 }, open());
    await Promise.all([limited('cpu'), limited('memory'), limited('cpu', 'tasks')]);
    expect(sent.map((one) => one.metrics.map((metric) => metric.metric))).toEqual([['cpu', 'tasks'], ['memory']]);
  });

  it('shows a refusal only where it belongs', async () => {
    const { askMetrics } = await import('./metrics');
    refuse = (body) => (body.metrics.some((one) => one.metric === 'bad') ? "node has no metric 'bad'" : null);
    const [good, bad] = await Promise.allSettled([
      askMetrics(question('x'), open()),
      askMetrics(question('bad'), open()),
    ]);
    expect(good.status).toBe('fulfilled');
    expect(bad).toMatchObject({
      status: 'rejected',
      reason: { detail: "node has no metric 'bad'", code: 'unknown_metric', status: 400 },
    });
  });

  it('does not send for those who left', async () => {
    const { askMetrics } = await import('./metrics');
    const gone = new AbortController();
    const both = Promise.allSettled([askMetrics(question('x'), open()), askMetrics(question('y'), gone.signal)]);
    gone.abort();
    const [stayed, left] = await both;
    expect(sent.map((one) => one.metrics.map((metric) => metric.metric))).toEqual([['x']]);
    expect(stayed.status).toBe('fulfilled');
    expect(left.status).toBe('rejected');
  });

  it('never asks for more metrics at once than the server takes', async () => {
    const { askMetrics } = await import('./metrics');
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        askMetrics(question(...Array.from({ length: 8 }, (__, at) => `m${index}_${at}`)), open()),
      ),
    );
    expect(sent.reduce((count, one) => count + one.metrics.length, 0)).toBe(96);
    for (const one of sent) expect(one.metrics.length).toBeLessThanOrEqual(40);
  });
});
