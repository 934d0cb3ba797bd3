import { describe, expect, it } from 'vitest';
import { selectionKey, toggled, viewOf } from './state';

const of = (text: string) => viewOf(new URLSearchParams(text));

describe('the address of the logs', () => {
  it('without anything is every line, newest first', () => {
    expect(of('')).toEqual({
      filters: {},
      query: '',
      mode: 'text',
      order: 'newest',
      levels: [],
      columns: ['level', 'pod', 'container'],
      facets: [],
      wrap: false,
      colours: true,
      tail: false,
      around: null,
    });
  });
  it('narrows by names and levels; no level is a level of its own', () => {
    expect(of('namespace=shop&pod=web-*&node=&level=error,none,loud').filters).toEqual({
      namespace: ['shop'],
      pod: ['web-*'],
      level: ['error', null],
    });
  });
  it('leaves columns out that say the same in every line, unless they were chosen', () => {
    expect(of('pod=web-1').columns).toEqual(['level', 'container']);
    expect(of('pod=web-*').columns).toEqual(['level', 'pod', 'container']);
    expect(of('pod_uid=u&container=app').columns).toEqual(['level']);
    expect(of('pod=web-1&cols=pod,stream,nothing').columns).toEqual(['pod', 'stream']);
    expect(of('cols=none').columns).toEqual([]);
  });
  it('tells questions apart and nothing else', () => {
    expect(selectionKey(of('q=a&wrap=on'))).toBe(selectionKey(of('q=a&cols=none')));
    expect(selectionKey(of('q=a'))).not.toBe(selectionKey(of('q=a&stream=stderr')));
  });
  it('has lists of which one is added or taken out', () => {
    expect(toggled(['a'], 'b')).toBe('a,b');
    expect(toggled(['a', 'b'], 'a')).toBe('b');
    expect(toggled(['a'], 'a')).toBeNull();
  });
});
