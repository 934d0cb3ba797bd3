import { describe, expect, it } from 'vitest';
import { EventReader } from './events';
import type { ServerEvent } from './events';

const bytes = (text: string) => new TextEncoder().encode(text);

const STREAM = `: still here\r\n\r\nevent: lines\r\ndata: {"a":"日本"}\r\n\r\nevent: dropped\ndata: 1\ndata:2\n\ndata: plain\r\rid: 7\nretry: 5\n\nevent: lines\ndata: unfinished\n`;

const EVENTS: ServerEvent[] = [
  { event: 'lines', data: '{"a":"日本"}' },
  { event: 'dropped', data: '1\n2' },
  { event: 'message', data: 'plain' },
];

describe('a stream of events', () => {
  it('is read as a whole', () => {
    expect(new EventReader().push(bytes(STREAM))).toEqual(EVENTS);
  });
  it('is the same wherever it is cut', () => {
    const all = bytes(STREAM);
    for (let size = 1; size < all.length; size += 1) {
      const reader = new EventReader();
      const found: ServerEvent[] = [];
      for (let at = 0; at < all.length; at += size) found.push(...reader.push(all.slice(at, at + size)));
      expect(found, `pieces of ${size}`).toEqual(EVENTS);
    }
  });
  it('gives an event only when it has ended', () => {
    const reader = new EventReader();
    expect(reader.push(bytes('data: a\n'))).toEqual([]);
    expect(reader.push(bytes('\n'))).toEqual([{ event: 'message', data: 'a' }]);
    // A name without data is nothing, and is not carried over to the next event.
    expect(reader.push(bytes('event: lines\n\ndata: b\n\n'))).toEqual([{ event: 'message', data: 'b' }]);
  });
});
