import { describe, expect, it } from 'vitest';
import { aboutOf, aboutText, aboutWords } from './about';

describe('an entity in an address', () => {
  it('comes back as it was, whatever its names are', () => {
    const place = { cluster: 'a,b=c 100%', namespace: 'shop' };
    expect(aboutText({ ...place, pod: null })).toBe('cluster=a%2Cb=c 100%25,namespace=shop');
    expect(aboutOf(aboutText(place))).toEqual(place);
  });

  it('is none where the text is none', () => {
    for (const text of [null, '', 'shop', '=x', 'pod=', 'pod=%E0%A4%A']) expect(aboutOf(text)).toBeNull();
  });

  it('is called by its most particular name', () => {
    expect(aboutWords({ cluster: 'c', namespace: 'shop', pod: 'web-1' })).toBe('pod web-1');
    expect(aboutWords({ cluster: 'c' })).toBe('cluster c');
  });
});
