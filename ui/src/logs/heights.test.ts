import { describe, expect, it } from 'vitest';
import { Heights } from './heights';

/** Repeatable numbers from 0 to below `most`. */
function numbers(most: number): () => number {
  let state = 12345;
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state % most;
  };
}

describe('heights of rows', () => {
  it('agree with a plain sum, however they are added and changed', () => {
    const next = numbers(90);
    const heights = new Heights(2);
    const plain: number[] = [];
    for (let round = 0; round < 300; round += 1) {
      const fresh = Array.from({ length: next() % 7 }, () => 20 + next());
      heights.push(fresh);
      plain.push(...fresh);
      if (plain.length > 0) {
        const row = next() % plain.length;
        const height = 10 + next();
        expect(heights.set(row, height)).toBe(height - plain[row]!);
        plain[row] = height;
      }
      const row = next() % (plain.length + 2);
      expect(heights.before(row)).toBe(plain.slice(0, row).reduce((a, b) => a + b, 0));
    }
    expect(heights.count).toBe(plain.length);
    expect(heights.total).toBe(plain.reduce((a, b) => a + b, 0));
    let top = 0;
    for (const [row, height] of plain.entries()) {
      expect(heights.at(top)).toBe(row);
      expect(heights.at(top + height - 1)).toBe(row);
      top += height;
    }
    expect(heights.at(top + 1000)).toBe(plain.length - 1);
  });
  it('of no rows are nothing', () => {
    const none = new Heights();
    expect([none.total, none.at(50), none.before(3), none.of(0), none.set(0, 5)]).toEqual([0, 0, 0, 0, 0]);
  });
});
