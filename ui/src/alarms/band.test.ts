import { describe, expect, it } from 'vitest';
import {
  bandExpression,
  bandParts,
  detectorKey,
  detectorOf,
  excluded,
  excludedSpans,
  millisOf,
  rangeFault,
  widthFault,
} from './band';
import { fieldMoment, momentOfField } from './fieldMoment';

describe('the expression of a band', () => {
  it('is an id or an expression, and a width', () => {
    expect(bandParts('ANOMALY_DETECTION_BAND(m1, 2)')).toEqual({ of: 'm1', width: '2' });
    expect(bandParts(' ANOMALY_DETECTION_BAND ( m1 )')).toEqual({ of: 'm1', width: '' });
    expect(bandParts('ANOMALY_DETECTION_BAND(IF(m1 > 1, m1, 0), 1.5)')).toEqual({
      of: 'IF(m1 > 1, m1, 0)',
      width: '1.5',
    });
    expect(bandParts('ANOMALY_DETECTION_BAND(, 3)')).toEqual({ of: '', width: '3' });
    for (const other of [
      'm1',
      'ANOMALY_DETECTION_BAND(m1, 2) * 2',
      'ANOMALY_DETECTION_BAND(m1) + (2)',
      'ANOMALY_DETECTION_BAND(m1, 2, 3)',
      'ANOMALY_DETECTION_BAND(m1',
      'ANOMALY_DETECTION_BAND((m1)',
    ])
      expect(bandParts(other), other).toBeNull();
  });

  it('is written again', () => {
    expect(bandExpression('m1', ' 2.5 ')).toBe('ANOMALY_DETECTION_BAND(m1, 2.5)');
    expect(bandExpression('m1', '')).toBe('ANOMALY_DETECTION_BAND(m1)');
  });

  it('has a width above 0', () => {
    for (const width of ['0', '-1', 'Infinity']) expect(widthFault(width), width).not.toBeNull();
    for (const width of ['', '2', '0.5', 'm2']) expect(widthFault(width), width).toBeNull();
  });
});

describe('what a band is not learned from', () => {
  it('comes back as it was', () => {
    for (const written of [
      { MetricTimezone: '+01:00' },
      { ExcludedTimeRanges: [{ StartTime: 1, EndTime: '2026-01-01T00:00:00Z' }, {}], MetricTimezone: 'UTC', X: 1 },
    ])
      expect(detectorKey(detectorOf(written)!)).toEqual({ AnomalyDetector: written });
    for (const nothing of [undefined, {}, { ExcludedTimeRanges: [] }])
      expect(detectorKey(detectorOf(nothing)!)).toEqual({});
    for (const other of [7, null, { ExcludedTimeRanges: 7 }, { ExcludedTimeRanges: [7] }, { MetricTimezone: 1 }])
      expect(detectorOf(other)).toBeNull();
  });

  it('goes with its last range', () => {
    const one = detectorOf({ ExcludedTimeRanges: [{ StartTime: 1, EndTime: 2 }] })!;
    expect(detectorKey({ ...one, ranges: [] })).toEqual({});
    const zoned = detectorOf({ ExcludedTimeRanges: [{ StartTime: 1, EndTime: 2 }], MetricTimezone: '+01:00' })!;
    expect(detectorKey({ ...zoned, ranges: [] })).toMatchObject({ AnomalyDetector: { MetricTimezone: '+01:00' } });
  });

  it('is of whole minutes when it is dragged', () => {
    const start = Date.parse('2026-11-20T10:00:31Z');
    expect(excluded(start, start + 100_000)).toMatchObject({
      start: '2026-11-20T10:00:00Z',
      end: '2026-11-20T10:03:00Z',
    });
    expect(excluded(60_000, 60_000)).toMatchObject({ start: '1970-01-01T00:01:00Z', end: '1970-01-01T00:02:00Z' });
  });

  it('has times in RFC 3339 or in seconds', () => {
    expect(millisOf('2026-11-20T10:00:00+01:00')).toBe(Date.parse('2026-11-20T09:00:00Z'));
    expect([millisOf(1.5), millisOf('1795424400'), millisOf(''), millisOf('soon'), millisOf(null)]).toEqual([
      1500,
      1795424400000,
      null,
      null,
      null,
    ]);
  });

  it('is told when it ends before it begins, and not drawn then', () => {
    const range = (start: unknown, end: unknown) => ({ start, end, given: {} });
    expect(rangeFault(range(5, 5))).not.toBeNull();
    expect(rangeFault(range(5, 6))).toBeNull();
    expect(rangeFault(range('', 6))).toBeNull();
    const ranges = [range(9, 10), range(1, 2), range(4, 3), range('x', 9)];
    expect(excludedSpans({ ranges, timezone: '', given: {} })).toEqual([
      { start: 1000, end: 2000 },
      { start: 9000, end: 10000 },
    ]);
  });

  it('is edited in the zone of the page', () => {
    const ms = Date.parse('2026-11-20T10:00:00Z');
    for (const zone of ['utc', 'local'] as const) expect(momentOfField(fieldMoment(ms, zone), zone)).toBe(ms);
    expect(fieldMoment(ms, 'utc')).toBe('2026-11-20T10:00');
    expect(fieldMoment(ms + 5000, 'utc')).toBe('2026-11-20T10:00:05');
    expect([fieldMoment(null, 'utc'), momentOfField('', 'utc')]).toEqual(['', null]);
  });
});
