import { describe, expect, it } from 'vitest';
import { compare, parseSort, sorted } from './column';
import type { Column } from './column';
import { fits, parseFilter, parseSize } from './filter';

interface Row {
  name: string;
  cpu: number | null;
}
const cpu: Column<Row> = { id: 'cpu', header: 'CPU', value: (row) => row.cpu, cell: (row) => row.cpu };

describe('sort', () => {
  it('reads the address, and falls back on unknown columns', () => {
    const fallback = { id: 'cpu', descending: true };
    expect(parseSort('-name', ['name', 'cpu'], fallback)).toEqual({ id: 'name', descending: true });
    expect(parseSort('name', ['name', 'cpu'], fallback)).toEqual({ id: 'name', descending: false });
    expect(parseSort('x', ['name'], fallback)).toBe(fallback);
    expect(parseSort(null, ['name'], fallback)).toBe(fallback);
  });
  it('keeps absent values last in both directions and equal ones in place', () => {
    const rows = [
      { name: 'c', cpu: null },
      { name: 'b', cpu: 1 },
      { name: 'a', cpu: 1 },
      { name: 'd', cpu: 2 },
    ];
    expect(sorted(rows, cpu, true, (row) => row.name).map((row) => row.name)).toEqual(['d', 'a', 'b', 'c']);
    expect(sorted(rows, cpu, false, (row) => row.name).map((row) => row.name)).toEqual(['a', 'b', 'd', 'c']);
  });
  it('counts inside names', () => {
    expect(compare('web-2', 'web-10', false)).toBeLessThan(0);
    expect(compare('web-2', 'web-10', true)).toBeGreaterThan(0);
  });
});

describe('filter', () => {
  const fields = {
    texts: { name: 'ssh.service', kind: 'unit', node: 'web-1', namespace: null },
    numbers: { cpu: 0.5, memory: 300 * 1024 ** 2 },
  };
  it.each([
    ['', true],
    ['ssh', true],
    ['SSH web', true],
    ['ssh nginx', false],
    ['kind:unit', true],
    ['-kind:unit', false],
    ['-nginx', true],
    ['namespace:kube', false],
    ['"ssh.service"', true],
    ['cpu>0.4', true],
    ['cpu>0.5', false],
    ['memory>200Mi', true],
    ['memory<200Mi', false],
    ['memory>much', false],
    ['io>1', false],
    ['image:tag', false],
  ])('%j → %s', (text, expected) => {
    expect(fits(parseFilter(text), fields)).toBe(expected);
  });
  it('reads sizes', () => {
    expect(parseSize('1.5Gi')).toBe(1.5 * 1024 ** 3);
    expect(parseSize('2k')).toBe(2000);
    expect(parseSize('x')).toBeNull();
  });
});
