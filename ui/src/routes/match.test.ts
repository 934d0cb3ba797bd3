import { describe, expect, it } from 'vitest';
import { match } from './match';

describe('match', () => {
  it('captures parts', () => {
    expect(match('/nodes/:node', '/nodes/web-1')).toEqual({ node: 'web-1' });
    expect(match('/nodes/:node', '/nodes/a%2Fb%20c')).toEqual({ node: 'a/b c' });
    expect(match('/', '/')).toEqual({});
  });
  it('refuses other lengths, empty parts and broken escapes', () => {
    expect(match('/nodes/:node', '/nodes')).toBeNull();
    expect(match('/nodes/:node', '/nodes/')).toBeNull();
    expect(match('/nodes/:node', '/nodes/a/b')).toBeNull();
    expect(match('/nodes/:node', '/nodes/%')).toBeNull();
  });
});
