import { describe, expect, it } from 'vitest';
import { ago, dateTime, duration, momentIn, parseMoment } from './time';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const noon = Date.UTC(2026, 10, 23, 12, 0, 5);

describe('moments', () => {
  it('writes dates so that they sort', () => {
    expect(dateTime(noon, 'utc')).toBe('2026-11-23 12:00:05');
  });
  it('leaves out the date within a day and the seconds beyond it', () => {
    expect(momentIn(noon, 3600_000, 'utc')).toBe('12:00:05');
    expect(momentIn(noon, 7 * 86400_000, 'utc')).toBe('11-23 12:00');
  });
  it('writes midnight as 00, not 24', () => {
    expect(dateTime(Date.UTC(2026, 0, 1), 'utc')).toBe('2026-01-01 00:00:00');
  });
  it('reads nanoseconds', () => {
    expect(parseMoment('2026-11-23T12:00:05.123456789Z')).toBe(noon + 123);
    expect(parseMoment('yesterday')).toBeNull();
  });
});

describe('duration', () => {
  it.each([
    [0, '0 s'],
    [0.25, '250 ms'],
    [12, '12 s'],
    [200, '3 min 20 s'],
    [3600, '1 h'],
    [3605, '1 h'],
    [187200, '2 d 4 h'],
    [-90, '-1 min 30 s'],
  ])('%d s → %s', (seconds, text) => {
    expect(plain(duration(seconds))).toBe(text);
  });
});

describe('ago', () => {
  it('names the distance and a clock that is ahead', () => {
    expect(plain(ago(noon - 12_000, noon))).toBe('12 s ago');
    expect(ago(noon, noon)).toBe('just now');
    expect(plain(ago(noon + 60_000, noon))).toBe('1 min ahead');
  });
});
