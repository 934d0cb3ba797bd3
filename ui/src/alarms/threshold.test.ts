import { describe, expect, it } from 'vitest';
import type { Replay, ReplaySeries } from '../api/alarms';
import { bandKnown, chartOf, MOST_DRAWN } from './chart';
import { scaleFor, snapped, stepOf } from './threshold';

function series(values: readonly (number | null)[], change: Partial<ReplaySeries> = {}): ReplaySeries {
  return { labels: {}, values, lower: null, upper: null, spans: [], transitions: [], ...change };
}

describe('the scale of a preview', () => {
  it('has room for values, threshold and dragging higher', () => {
    expect(scaleFor({ series: [series([1, null, 5])] }, 10)).toEqual({ bottom: 0, top: 12 });
    expect(scaleFor({ series: [series([1, 5])] }, null)).toEqual({ bottom: 0, top: 6 });
    const below = scaleFor({ series: [series([-4, 6])] }, null);
    expect(below.bottom).toBe(-5);
    expect(below.top).toBe(8);
  });

  it('is one also without any value', () => {
    const { bottom, top } = scaleFor({ series: [] }, null);
    expect(top).toBeGreaterThan(bottom);
    const zero = scaleFor({ series: [series([0])] }, 0);
    expect(zero.top).toBeGreaterThan(zero.bottom);
  });

  it('moves in round steps', () => {
    expect(stepOf({ bottom: 0, top: 100 })).toBe(1);
    expect(stepOf({ bottom: 0, top: 0.3 })).toBeCloseTo(0.005);
    expect(snapped(33.4, { bottom: 0, top: 100 })).toBe(33);
    expect(snapped(0.1234, { bottom: 0, top: 0.3 })).toBe(0.125);
    expect(snapped(251_658_241, { bottom: 0, top: 400_000_000 })).toBe(250_000_000);
  });
});

describe('a replay as a chart', () => {
  const replay: Replay = {
    period_seconds: 60,
    threshold: 3,
    times: [0, 60_000],
    series: [
      series([1, 2], { labels: { pod: 'calm' } }),
      series([4, null], {
        labels: { pod: 'hot' },
        spans: [{ state: 'ALARM', start: '1970-01-01T00:00:00Z', end: '1970-01-01T00:01:00Z' }],
        transitions: [{ time: '', from: 'OK', to: 'ALARM', reason: '', points: [] }],
      }),
      ...Array.from({ length: 20 }, (_, index) => series([0, 0], { labels: { pod: `p${index}` } })),
    ],
    transitions: 1,
    in_alarm_seconds: 60,
    notes: [],
  };
  const common = { replay, span: { start: 0, end: 120_000 }, unit: 'count' as const, scale: { bottom: 0, top: 5 } };

  it('draws those that changed first, no more than can be told apart, and the threshold', () => {
    const model = chartOf({ ...common, threshold: 3 });
    expect(model.series[0]?.label).toBe('hot');
    expect(model.series).toHaveLength(MOST_DRAWN + 1);
    expect(model.series.at(-1)).toMatchObject({ label: 'threshold', shape: 'limit', values: [3, 3] });
    expect(model.bands).toMatchObject([{ start: 0, end: 60_000 }]);
  });

  it('keeps absent values absent, and marks what was evaluated', () => {
    const point = { time: '1970-01-01T00:01:00Z', value: null, lower: null, upper: null };
    const model = chartOf({
      ...common,
      threshold: null,
      evaluated: {
        labels: { pod: 'calm' },
        state: 'OK',
        since: '',
        reason: '',
        value: null,
        points: [{ ...point, counted: 'FilledBreaching' }],
      },
    });
    expect(model.series[0]).toMatchObject({ label: 'calm' });
    expect(model.series[1]?.values).toEqual([4, null]);
    expect(model.points).toEqual([{ time: 60_000, value: null, kind: 'filled-breaching' }]);
    // Of the evaluated series, which was never in alarm.
    expect(model.bands).toEqual([]);
  });

  it('shades a band, hatches what it was not learned from, and says where it is not known', () => {
    const lower = [null, 1];
    const upper = [null, 3];
    const banded: Replay = { ...replay, threshold: null, series: [series([1, 2], { lower, upper })] };
    const excluded = [
      { start: 0, end: 30_000 },
      { start: 500_000, end: 600_000 },
    ];
    const model = chartOf({ ...common, replay: banded, threshold: null, excluded });
    expect(model.series.map(({ key, shape }) => [key, shape])).toEqual([
      ['{}', 'line'],
      ['upper end of the band', 'limit'],
      ['lower end of the band', 'limit'],
    ]);
    expect(model.between).toEqual(['upper end of the band', 'lower end of the band']);
    // Only what is in the picture.
    expect(model.bands).toEqual([{ start: 0, end: 30_000, label: 'not learned from' }]);
    expect(chartOf({ ...common, threshold: 3 }).between).toBeUndefined();

    expect(bandKnown(banded)).toEqual({ all: false, since: 60_000 });
    const one = (change: Partial<ReplaySeries>) =>
      bandKnown({ times: [0, 60_000], series: [series([null, 2], change)] });
    expect(one({ lower, upper })).toEqual({ all: true, since: 60_000 });
    expect(one({ lower: null, upper: null })).toEqual({ all: false, since: null });
    expect(bandKnown({ times: [0], series: [series([null])] })).toBeNull();
    expect(bandKnown({ times: [], series: [] })).toBeNull();
  });
});
