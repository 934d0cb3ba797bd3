// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { column, literal, moment, rowNumber, rowText, whereOf } from './sql';

describe('literals', () => {
  it('keep what is in a text from ending it', () => {
    expect(literal("o'brien' or 1=1 --")).toBe("'o''brien'' or 1=1 --'");
    expect(column('a"b')).toBe('"a""b"');
  });
  it('write a moment as a time', () => {
    expect(moment(0)).toBe("'1970-01-01T00:00:00.000Z'");
  });
});

describe('whereOf', () => {
  it('joins values, lists and absences, and leaves out what is not said', () => {
    expect(whereOf({ cluster: 'c', node: undefined, pod: ['a', 'b'], container: null })).toBe(
      `"cluster" = 'c' and "pod" in ('a', 'b') and "container" is null`,
    );
  });
  it('is true of nothing, and false of an empty list', () => {
    expect(whereOf({})).toBe('true');
    expect(whereOf({ pod: [] })).toBe('false');
  });
});

describe('values of rows', () => {
  it('are absent when they are of another type', () => {
    expect(rowText({ a: '' }, 'a')).toBeNull();
    expect(rowText({ a: 1 }, 'a')).toBeNull();
    expect(rowNumber({ a: '1' }, 'a')).toBeNull();
    expect(rowNumber({ a: 0 }, 'a')).toBe(0);
  });
});
