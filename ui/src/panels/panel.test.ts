import { describe, expect, it } from 'vitest';
import type { MetricAnswer, MetricSeries } from '../api/metrics';
import { metricsOf, modelOf, onTimes } from './panel';
import type { PanelSpec } from './panel';

const span = { start: 0, end: 30_000 };
const series = (
  metric: string,
  values: (number | null)[],
  labels: Record<string, string | null> = {},
): MetricSeries => ({ metric, statistic: 'Average', unit: '', labels, values });
const answer = (...all: MetricSeries[]): MetricAnswer => ({
  period_seconds: 10,
  times: [0, 10_000, 20_000],
  series: all,
});
const panel = (change: Partial<PanelSpec>): PanelSpec => ({
  id: 'p',
  title: 'P',
  help: '',
  unit: 'bytes',
  entity: 'node',
  lines: [],
  absent: '',
  ...change,
});

describe('panel', () => {
  it('asks for each metric once', () => {
    const lines = [
      { label: 'a', of: ['x', 'y'] },
      { label: 'b', of: ['x'], optional: ['z'] },
      { label: 'c', of: ['x'], statistic: 'Maximum' as const },
    ];
    expect(metricsOf(panel({ lines }), 'Average')).toEqual([
      { metric: 'x', statistic: 'Average' },
      { metric: 'y', statistic: 'Average' },
      { metric: 'z', statistic: 'Average' },
      { metric: 'x', statistic: 'Maximum' },
    ]);
  });

  it('computes where all inputs are known and leaves the rest absent', () => {
    const lines = [{ label: 'used', of: ['total', 'free'], value: (total: number, free: number) => total - free }];
    const model = modelOf(
      panel({ lines }),
      answer(series('total', [10, 10, null]), series('free', [4, null, 4])),
      span,
      'Average',
    );
    expect(model.series.map((one) => one.values)).toEqual([[6, null, null]]);
  });

  it('takes an optional input that the kernel lacks as nothing, and drops a line whose metric is missing', () => {
    const lines = [
      { label: 'cache', of: ['file'], optional: ['shmem'], value: (file: number, shmem: number) => file - shmem },
      { label: 'kernel', of: ['kernel'] },
      { label: 'silent', of: ['silent'] },
    ];
    const model = modelOf(
      panel({ lines }),
      answer(series('file', [5, 6, 7]), series('silent', [null, null, null])),
      span,
      'Average',
    );
    expect(model.series.map((one) => one.label)).toEqual(['cache']);
    expect(model.series[0]!.values).toEqual([5, 6, 7]);
  });

  it('splits by a column and names the parts as the panel says', () => {
    const lines = [
      { label: 'read', of: ['r'] },
      { label: 'write', of: ['w'] },
    ];
    const model = modelOf(
      panel({ lines, by: ['device'] }),
      answer(series('w', [1, 1, 1], { device: 'sdb' }), series('r', [2, 2, 2], { device: 'sda' })),
      span,
      'Average',
    );
    expect(model.series.map((one) => one.label)).toEqual(['sda read', 'sdb write']);
    const named = modelOf(
      panel({ lines: [lines[0]!], by: ['id'], name: ({ id, name }) => name ?? id ?? '' }),
      answer(series('r', [1, 1, 1], { id: 'x1', name: null }), series('r', [1, 1, 1], { id: 'x2', name: 'web' })),
      span,
      'Average',
    );
    expect(named.series.map((one) => one.label)).toEqual(['web', 'x1']);
  });

  it('keeps the order of a limited answer and shows what is left of the whole', () => {
    const lines = [{ label: 'cpu', of: ['c'], shape: 'stack' as const }];
    const split = panel({ lines, by: ['id'], most: 2, rest: true });
    const shown = answer(series('c', [9, 9, null], { id: 'z' }), series('c', [5, 6, null], { id: 'a' }));
    const whole = answer({ ...series('c', [17, 14, 3]), statistic: 'Total' });
    const model = modelOf(split, shown, span, 'Average', { whole });
    expect(model.series.map((one) => [one.label, ...one.values])).toEqual([
      ['z', 9, 9, null],
      ['a', 5, 6, null],
      ['all others', 3, 0, 3],
    ]);
    const few = modelOf(split, answer(series('c', [1, 1, 1], { id: 'a' })), span, 'Average', { whole });
    expect(few.series.map((one) => one.label)).toEqual(['a']);
  });

  it('draws lines of other entities on its own points, in the unit and the order of the panel', () => {
    const given = panel({
      lines: [{ label: 'used', of: ['u'], shape: 'stack' }],
      beside: [
        { entity: 'pod', lines: [{ label: 'requested', of: ['m'], value: (m) => m / 1000, shape: 'limit' }] },
        { entity: 'object', lines: [{ label: 'allocatable', of: ['a'], shape: 'limit', framed: true }] },
      ],
    });
    const pods = answer(series('m', [500, null, 700]));
    const objects = { ...answer(series('a', [4])), period_seconds: 20, times: [0] };
    const model = modelOf(given, answer(series('u', [1, 2, 3])), span, 'Average', { beside: [pods, objects] });
    expect(model.series.map((one) => [one.label, one.shape, ...one.values])).toEqual([
      ['used', 'stack', 1, 2, 3],
      ['requested', 'limit', 0.5, null, 0.7],
      // A longer period holds for all points within it, and for none after it.
      ['allocatable', 'limit', 4, 4, null],
    ]);
    expect(model.series[2]?.framed).toBe(true);
    const without = modelOf(given, answer(series('u', [1, 2, 3])), span, 'Average', { beside: [pods] });
    expect(without.series.map((one) => one.label)).toEqual(['used', 'requested']);
  });

  it('knows no value before the first period and after the last', () => {
    const from = { times: [10_000, 20_000], period_seconds: 10 };
    expect(onTimes([1, null], from, [0, 10_000, 19_999, 20_000, 30_000])).toEqual([null, 1, 1, null, null]);
    expect(onTimes([], { times: [], period_seconds: 10 }, [0])).toEqual([null]);
  });
});
