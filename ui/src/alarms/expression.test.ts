import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accepted, characterOf, excerptAt, isId, references, suggestions, wordAt } from './expression';
import { FUNCTIONS } from './functions';

describe('an expression', () => {
  it('refers to ids, not to functions, texts or numbers', () => {
    expect(references('IF(m1 > 1e3, "m2 m3", SUM([err_5xx, m1])) * 2e')).toEqual([
      { id: 'm1', at: 3 },
      { id: 'err_5xx', at: 27 },
      { id: 'm1', at: 36 },
      { id: 'e', at: 45 },
    ]);
    expect(references("SEARCH('{a} b', 'Sum') + 'open m1")).toEqual([]);
  });

  it('has ids of a form', () => {
    for (const id of ['m1', 'a', 'cpu_Total_2']) expect(isId(id), id).toBe(true);
    for (const id of ['', 'M1', '1m', '_a', 'a-b', 'ä', 'a b', 'a'.repeat(256)]) expect(isId(id), id).toBe(false);
  });

  it('knows the word under the caret', () => {
    expect(wordAt('m1 + SU', 7)).toEqual({ word: 'SU', start: 5 });
    expect(wordAt('m1 + SUM(m2)', 6)).toEqual({ word: 'SUM', start: 5 });
    expect(wordAt('m1 + ', 5)).toBeNull();
    expect(wordAt('SEARCH("SU', 10)).toBeNull();
    expect(wordAt('1e', 2)).toBeNull();
  });

  it('is offered functions and ids that begin so', () => {
    const ids = [
      { id: 'm1', note: 'CPU' },
      { id: 'm10', note: '' },
    ];
    expect(suggestions('m', ids).map(({ name }) => name)).toEqual([
      'm1',
      'm10',
      'MAX',
      'METRIC_COUNT',
      'METRICS',
      'MIN',
      'MINUTE',
      'MONTH',
    ]);
    expect(suggestions('RU', ids)).toEqual([
      { name: 'RUNNING_SUM', note: 'Each point with all before it added up.', isFunction: true },
    ]);
    expect(suggestions('RATE', ids)).toEqual([]);
    expect(suggestions('zz', ids)).toEqual([]);
  });

  it('takes one in place of the word, with the caret between the parentheses', () => {
    expect(accepted('m1 + ru * 2', 7, { name: 'RUNNING_SUM', isFunction: true })).toEqual({
      text: 'm1 + RUNNING_SUM() * 2',
      caret: 17,
    });
    expect(accepted('SU(m1)', 2, { name: 'SUM', isFunction: true })).toEqual({ text: 'SUM(m1)', caret: 4 });
    expect(accepted('2 * m', 5, { name: 'm10', isFunction: false })).toEqual({ text: '2 * m10', caret: 7 });
  });

  it('shows the character that is at fault', () => {
    expect(characterOf('character 5: expected a number, found the end')).toBe(5);
    expect(characterOf('Character 12: nothing has the id m3.')).toBe(12);
    expect(characterOf('is missing')).toBeNull();
    expect(excerptAt('m1 +', 5)).toEqual({ before: 'm1 +', at: '', after: '' });
    expect(excerptAt('😀 + m1', 3)).toEqual({ before: '😀 ', at: '+', after: ' m1' });
    expect(excerptAt('x'.repeat(60), 30)).toMatchObject({ before: `…${'x'.repeat(16)}`, after: `${'x'.repeat(16)}…` });
    expect(excerptAt('m1', 9)).toBeNull();
  });
});

describe('the functions that are offered', () => {
  const source = readFileSync(new URL('../../../crates/metric_math/src/function.rs', import.meta.url), 'utf8');

  it('are those of the server, but for SEARCH, which no alarm can have', () => {
    const names = [...source.matchAll(/^ {4}\("([A-Z0-9_]+)", Function::/gm)].map((found) => found[1]);
    expect(names.length).toBeGreaterThan(30);
    expect(FUNCTIONS.map(({ name }) => name)).toEqual(names.filter((name) => name !== 'SEARCH'));
  });

  it('each say what they take and do', () => {
    for (const { name, takes, does } of FUNCTIONS) {
      expect(takes, name).not.toBe('');
      expect(does, name).toMatch(/^[A-Z].*[.]$/);
    }
  });
});
