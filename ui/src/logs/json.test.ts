import { describe, expect, it } from 'vitest';
import { fieldNames, jsonOf, leaves } from './json';

describe('JSON in messages', () => {
  it('is an object or nothing', () => {
    expect(jsonOf(' {"a":1}\n')).toEqual({ a: 1 });
    for (const text of ['[1]', '"a"', '12', '{"a":', 'x {"a":1}', '']) expect(jsonOf(text), text).toBeNull();
  });
  it('has single values under dotted names; lists have none', () => {
    expect(leaves({ a: 1, b: { c: null, d: { e: true } }, f: [1, { g: 2 }] })).toEqual([
      ['a', '1'],
      ['b.c', 'null'],
      ['b.d.e', 'true'],
    ]);
  });
  it('says which fields occur most', () => {
    expect(fieldNames(['{"b":1}', '{"a":1,"b":2}', 'text'], 10)).toEqual(['b', 'a']);
    expect(fieldNames(['{"b":1}', '{"a":1,"b":2}'], 1)).toEqual(['b']);
    // A column of the line goes before a field of the same name.
    expect(fieldNames(['{"level":1,"json":{"x":1}}'], 9)).toEqual(['json.json.x', 'json.level']);
  });
});
