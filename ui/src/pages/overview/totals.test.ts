// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { Entity } from '../../api/row';
import { mean, most, total } from './totals';

describe('totals', () => {
  it('add what is known, and are absent when nothing is', () => {
    expect(total([1, null, 2])).toBe(3);
    expect(total([null])).toBeNull();
    expect(mean([1, null, 3])).toBe(2);
    expect(mean([])).toBeNull();
  });
  it('find the largest, never one without a value', () => {
    const entity = (id: string) => ({ id }) as unknown as Entity;
    const values: Record<string, number | null> = { a: 1, b: null, c: 0 };
    expect(most([entity('a'), entity('b'), entity('c')], (it) => values[it.id] ?? null)).toMatchObject({
      entity: { id: 'a' },
      value: 1,
    });
    expect(most([entity('b')], () => null)).toBeNull();
  });
});
