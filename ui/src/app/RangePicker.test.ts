// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { parseInZone } from './RangePicker';

describe('a typed moment', () => {
  it('is read in the zone that is shown, unless it names its own', () => {
    const noon = Date.UTC(2026, 10, 23, 12);
    expect(parseInZone('2026-11-23 12:00:00', 'utc')).toBe(noon);
    expect(parseInZone(' 2026-11-23T12:00 ', 'utc')).toBe(noon);
    expect(parseInZone('2026-11-23T12:00:00Z', 'local')).toBe(noon);
    expect(parseInZone('2026-11-23 14:00:00+02:00', 'utc')).toBe(noon);
    expect(parseInZone('2026-11-23 12:00:00', 'local')).toBe(new Date(2026, 10, 23, 12).getTime());
  });
  it.each(['', 'noon', '2026-11-23', '12:00', '2026-13-40 12:00'])('refuses %j', (text) => {
    expect(parseInZone(text, 'utc')).toBeNull();
  });
});
