import { describe, expect, it } from 'vitest';
import { emptySilence, fitsPattern, pairsOf, silenceOf, weeklyWords } from './silence';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const form = { ...emptySilence('shop-*', 'namespace=shop', 'UTC'), comment: 'rollout' };

describe('a silence', () => {
  it('for some time ends so much later', () => {
    expect(silenceOf({ ...form, seconds: '3600' }, NOW).draft).toEqual({
      alarm: 'shop-*',
      labels: { namespace: 'shop' },
      tags: {},
      starts: '2026-11-26T12:00:00.000Z',
      ends: '2026-11-26T13:00:00.000Z',
      weekly: null,
      comment: 'rollout',
    });
  });

  it('of every week has days and times', () => {
    const made = silenceOf({ ...form, kind: 'weekly', days: ['Sat', 'Sun'] }, NOW).draft;
    expect(made).toMatchObject({ starts: null, ends: null, weekly: { days: ['Sat', 'Sun'], time_zone: 'UTC' } });
    expect(weeklyWords(made!.weekly!)).toBe('Sat, Sun from 22:00 to 06:00 of the next day, UTC');
  });

  it('is refused with the field at fault', () => {
    const fault = (change: object) => silenceOf({ ...form, ...change }, NOW).fault?.field;
    expect(fault({})).toBeUndefined();
    expect(fault({ labels: 'shop' })).toBe('labels');
    expect(fault({ alarm: '', labels: '' })).toBe('alarm');
    expect(fault({ comment: ' ' })).toBe('comment');
    expect(fault({ kind: 'until', until: '' })).toBe('until');
    expect(fault({ kind: 'until', until: '2020-01-01T00:00' })).toBe('until');
    expect(fault({ kind: 'weekly' })).toBe('days');
  });

  it('holds alarms whose names fit', () => {
    expect(fitsPattern('shop-*', 'shop-memory')).toBe(true);
    expect(fitsPattern('*-memory', 'shop-memory')).toBe(true);
    expect(fitsPattern('a*a', 'a')).toBe(false);
    expect(fitsPattern('s*m*y', 'shop-memory')).toBe(true);
    expect(fitsPattern('shop', 'shop-memory')).toBe(false);
    expect(fitsPattern('*', 'anything')).toBe(true);
  });

  it('reads pairs', () => {
    expect(pairsOf('a=b, c = d=e')).toEqual({ a: 'b', c: 'd=e' });
    expect(pairsOf('')).toEqual({});
    expect(pairsOf('=x')).toBeNull();
  });
});
