import { describe, expect, it } from 'vitest';
import { condition, patternQuery, queryOf, rowsOf, withCondition } from './terms';

describe('a query as rows', () => {
  it.each([
    ['', []],
    ['timeout', [{ field: '', operator: 'contains', value: 'timeout' }]],
    [
      '-healthz "connection reset"',
      [
        { field: '', operator: 'is not', value: 'healthz' },
        { field: '', operator: 'contains', value: 'connection reset' },
      ],
    ],
    [
      'level:error -pod:web-1',
      [
        { field: 'level', operator: 'is', value: 'error' },
        { field: 'pod', operator: 'is not', value: 'web-1' },
      ],
    ],
    [
      'http.status:>=500 took:<3',
      [
        { field: 'http.status', operator: '>=', value: '500' },
        { field: 'took', operator: '<', value: '3' },
      ],
    ],
    [
      'user:* -trace_id:*',
      [
        { field: 'user', operator: 'exists', value: '' },
        { field: 'trace_id', operator: 'is absent', value: '' },
      ],
    ],
    [
      'path:/v[12]/ /a b/',
      [
        { field: 'path', operator: 'matches', value: 'v[12]' },
        { field: '', operator: 'matches', value: 'a b' },
      ],
    ],
    ['msg:"say \\"hi\\""', [{ field: 'msg', operator: 'is', value: 'say "hi"' }]],
  ])('%j', (text, rows) => {
    expect(rowsOf(text)).toEqual(rows);
    // And what is written from the rows means the same.
    expect(rowsOf(queryOf(rowsOf(text) ?? []))).toEqual(rows);
  });
  it.each(['a OR b', '(a)', 'NOT a', '"open', 'level:error,warn', 'web*', '/a/i', "'Exact'", '-/re/', 'a -'])(
    '%j has none',
    (text) => {
      expect(rowsOf(text)).toBeNull();
    },
  );
  it('quotes what would read as something else', () => {
    expect(condition('pod', 'web-1')).toBe('pod:web-1');
    for (const value of [
      'a b',
      'x:y',
      'OR',
      '-1',
      '/tmp/x',
      'a*b',
      '>5',
      'a"b',
      'C:\\new',
      'two\nlines\tand a tab',
      '',
    ])
      expect(rowsOf(condition('f', value)), value).toEqual([{ field: 'f', operator: 'is', value }]);
  });
  it('leaves rows out that are not filled in', () => {
    expect(
      queryOf([
        { field: '', operator: 'contains', value: '' },
        { field: 'a', operator: '>', value: '' },
      ]),
    ).toBe('');
  });
});

describe('one more condition', () => {
  it('is added once, and instead of its opposite', () => {
    expect(withCondition('', 'a:b')).toBe('a:b');
    expect(withCondition('x a:b', 'a:b')).toBe('x a:b');
    expect(withCondition('x -a:b', 'a:b')).toBe('x a:b');
    expect(withCondition('a:"c d" x', '-a:"c d"')).toBe('x -a:"c d"');
  });
  it('is about all that was asked before', () => {
    expect(withCondition('a OR b', 'c:d')).toBe('(a OR b) c:d');
  });
});

describe('a pattern as a query', () => {
  it('asks for its words, longest first', () => {
    expect(patternQuery('GET <*> took <*>ms')).toBe('"took" "GET" "ms"');
    expect(patternQuery('GET <*> took <*>ms', true)).toBe('NOT ("took" "GET" "ms")');
    expect(patternQuery('say "hi" <*>', true)).toBe('-"say \\"hi\\""');
  });
  it('is nothing where a pattern has no words', () => {
    expect(patternQuery('<*> - <*>')).toBe('');
  });
});
