import { describe, expect, it } from 'vitest';
import { exact, format, significant } from './number';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('significant', () => {
  it.each([
    [0, '0'],
    [1, '1.00'],
    [9.994, '9.99'],
    [9.996, '10.0'],
    [12.34, '12.3'],
    [99.96, '100'],
    [1234.4, '1234'],
    [0.5, '0.500'],
    [0.1, '0.100'],
    [0.01234, '0.0123'],
    [0.99951, '1.00'],
    [-12.34, '-12.3'],
    [1e-9, '1.0e-9'],
  ])('%d → %s', (value, text) => {
    expect(significant(value)).toBe(text);
  });
});

describe('format', () => {
  it.each([
    ['bytes', 0, '0 B'],
    ['bytes', 999, '999 B'],
    ['bytes', 1023, '0.999 KiB'],
    ['bytes', 1536, '1.50 KiB'],
    ['bytes', 1023 * 1024, '0.999 MiB'],
    ['bytes', 24 * 1024 ** 3, '24.0 GiB'],
    ['bytes_per_second', 0.25, '0.250 B/s'],
    ['cores', 0.0853, '85.3m'],
    ['cores', 0.9996, '1.00'],
    ['cores', 12.345, '12.3'],
    ['cores', 0, '0'],
    ['percent', 3.14159, '3.14 %'],
    ['percent', 100, '100 %'],
    ['percent', 0.0000324, '<0.01 %'],
    ['percent', 0, '0 %'],
    ['count', 7, '7'],
    ['count', 12345, '12.3 k'],
    ['per_second', 1500000, '1.50 M/s'],
    ['seconds', 0.0000123, '12.3 µs'],
    ['seconds', 0.25, '250 ms'],
    ['seconds', 3, '3.00 s'],
  ] as const)('%s %d → %s', (unit, value, text) => {
    expect(plain(format(unit, value))).toBe(text);
  });

  it('shows what is absent as absent', () => {
    expect(format('bytes', null)).toBe('–');
    expect(format('bytes', undefined)).toBe('–');
    expect(format('bytes', Number.NaN)).toBe('–');
  });
});

describe('exact', () => {
  it('keeps every digit', () => {
    expect(exact('bytes', 1234567)).toBe('1,234,567 bytes');
    expect(exact('cores', 0.123456789)).toBe('0.123456789 cores');
    expect(exact('count', null)).toBe('no data');
  });
});
