import { describe, expect, it } from 'vitest';
import type { StoredNamespace, StoredTable } from '../../api/cost';
import { bytesPerRow, compression, fullIn, growth, roughly, sums } from './kept';
import { addressOf, questionOf, regionsToChoose, windowsToChoose } from './view';

const table = (change: Partial<StoredTable>): StoredTable => ({
  table: 'pod',
  rows: 1000,
  bytes_on_disk: 21_500,
  bytes_in_memory: 300,
  files: 2,
  oldest: null,
  newest: null,
  retention_seconds: null,
  growth_bytes_per_day: null,
  ...change,
});

describe('what is kept', () => {
  it('has bytes a row only where there are rows on disk', () => {
    expect(bytesPerRow(table({}))).toBe(21.5);
    expect(bytesPerRow(table({ rows: 0 }))).toBeNull();
    expect(bytesPerRow(table({ bytes_on_disk: 0 }))).toBeNull();
  });
  it('adds up', () => {
    expect(sums([table({}), table({ rows: 5, bytes_on_disk: 500 })])).toEqual({
      rows: 1005,
      bytes_on_disk: 22_000,
      bytes_in_memory: 600,
    });
    expect(sums([])).toEqual({ rows: 0, bytes_on_disk: 0, bytes_in_memory: 0 });
  });
  it('says how much smaller lines became', () => {
    const namespace = { log_bytes_in: 900, log_bytes_on_disk: 90 } as StoredNamespace;
    expect(compression(namespace)).toBe(10);
    expect(compression({ ...namespace, log_bytes_on_disk: 0 })).toBeNull();
    expect(compression({ ...namespace, log_bytes_in: 0 })).toBeNull();
  });
});

describe('growth', () => {
  it('is that of the tables that are known', () => {
    expect(growth([table({ growth_bytes_per_day: 100 }), table({}), table({ growth_bytes_per_day: -30 })])).toEqual({
      bytes_per_day: 70,
      unknown: 1,
    });
    expect(growth([table({})])).toEqual({ bytes_per_day: null, unknown: 1 });
    expect(growth([])).toEqual({ bytes_per_day: null, unknown: 0 });
  });
  it('fills the budget some day', () => {
    expect(fullIn(40, 100, 30)).toEqual({ kind: 'in', seconds: 2 * 86_400 });
    expect(fullIn(40, null, 30)).toEqual({ kind: 'no-budget' });
    expect(fullIn(100, 100, 30)).toEqual({ kind: 'now' });
    expect(fullIn(40, 100, 0)).toEqual({ kind: 'never' });
    expect(fullIn(40, 100, -1)).toEqual({ kind: 'never' });
    expect(fullIn(40, 100, null)).toEqual({ kind: 'unknown' });
  });
  it('foretells no finer than it can', () => {
    const day = 86_400;
    expect(roughly(2 * day + 3600)).toBe('2\u00a0d 1\u00a0h');
    expect(roughly(341.4 * day)).toBe('341\u00a0d');
    expect(roughly(4.2 * 365 * day)).toBe('4 years');
    expect(roughly(400 * 365 * day)).toBe('more than 10 years');
  });
});

describe('the address', () => {
  it('says what is asked', () => {
    expect(questionOf(new URLSearchParams())).toEqual({ hours: 24, region: 'us-east-1', mode: 'enhanced' });
    expect(questionOf(new URLSearchParams('hours=168&region=ap-northeast-1&mode=standard'))).toEqual({
      hours: 168,
      region: 'ap-northeast-1',
      mode: 'standard',
    });
    for (const hours of ['0', '-3', 'day', '', 'Infinity'])
      expect(questionOf(new URLSearchParams({ hours })).hours, hours).toBe(24);
    expect(questionOf(new URLSearchParams('mode=cheap')).mode).toBe('enhanced');
  });
  it('is short for what is usual, and leads back', () => {
    expect(addressOf({ hours: 24, region: 'us-east-1', mode: 'enhanced' })).toEqual({
      hours: null,
      region: null,
      mode: null,
    });
    const question = { hours: 1, region: 'eu-west-9', mode: 'standard' } as const;
    expect(questionOf(new URLSearchParams(addressOf(question) as Record<string, string>))).toEqual(question);
    expect(addressOf({ mode: 'standard' })).toEqual({ mode: 'standard' });
  });
  it('is always among the choices', () => {
    expect(regionsToChoose(undefined, 'us-east-1').map((it) => it.id)).toEqual(['ap-northeast-1', 'us-east-1']);
    expect(regionsToChoose([{ id: 'a', name: 'A' }], 'b')).toEqual([
      { id: 'a', name: 'A' },
      { id: 'b', name: 'no prices' },
    ]);
    expect(windowsToChoose(24).map((it) => it.hours)).toEqual([1, 24, 168]);
    expect(windowsToChoose(48).map((it) => it.hours)).toEqual([1, 24, 48, 168]);
  });
});
