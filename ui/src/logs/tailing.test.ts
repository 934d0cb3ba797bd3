// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogLine } from '../api/logs';
import { Problem } from '../api/problem';
import { messageOf } from '../api/tail';
import { Tail } from './tailing';
import type { Follow } from './tailing';

const line = (id: number): LogLine => ({ id: String(id), time: '2026-11-25T12:00:00Z', message: `line ${id}` });
const lines = (from: number, to: number) => ({
  kind: 'lines' as const,
  lines: Array.from({ length: to - from }, (_, at) => line(from + at)),
});
const never: Follow = (_signal, _heard, opened) => {
  opened();
  return new Promise(() => undefined);
};
const ids = (tail: Tail) => Array.from({ length: tail.count }, (_, row) => tail.line(row)?.id);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a live tail', () => {
  it('shows what comes, in either order', () => {
    for (const [order, expected] of [
      ['newest', ['2', '1', '0']],
      ['oldest', ['0', '1', '2']],
    ] as const) {
      const tail = new Tail(order, never);
      tail.start();
      tail.heard(lines(0, 2), 0);
      vi.advanceTimersByTime(300);
      tail.heard(lines(2, 3), 0);
      vi.advanceTimersByTime(300);
      expect(ids(tail)).toEqual(expected);
      expect(tail.state).toBe('following');
      tail.stop();
    }
  });
  it('lets lines wait while it is paused, counts them, and shows them afterwards', () => {
    const tail = new Tail('newest', never);
    tail.start();
    tail.heard(lines(0, 2), 0);
    vi.advanceTimersByTime(300);
    tail.pause(true);
    tail.heard(lines(2, 7), 0);
    vi.advanceTimersByTime(300);
    expect([tail.count, tail.waiting]).toEqual([2, 5]);
    tail.pause(false);
    expect([tail.count, tail.waiting]).toEqual([7, 0]);
    tail.stop();
  });
  it('keeps so many and no more, shown and waiting, and says how many went', () => {
    const tail = new Tail('oldest', never, 10);
    tail.start();
    tail.heard(lines(0, 25), 0);
    vi.advanceTimersByTime(300);
    expect([tail.count, tail.let_go, tail.line(0)?.id]).toEqual([10, 15, '15']);
    tail.pause(true);
    tail.heard(lines(25, 60), 0);
    expect([tail.waiting, tail.let_go]).toEqual([10, 40]);
    tail.stop();
  });
  it('does not show a line twice after a cut, and counts what was not sent', () => {
    const tail = new Tail('oldest', never);
    tail.start();
    tail.heard(lines(0, 3), 0);
    tail.heard(lines(2, 4), 0);
    tail.heard({ kind: 'dropped', lines: 30, why: 'rate' }, 0);
    tail.heard({ kind: 'dropped', lines: 2, why: 'slow' }, 0);
    vi.advanceTimersByTime(300);
    expect(ids(tail)).toEqual(['0', '1', '2', '3']);
    expect(tail.dropped).toEqual({ rate: 30, slow: 2 });
    tail.stop();
  });
  it('says how fast lines come', () => {
    const tail = new Tail('newest', never);
    tail.heard(lines(0, 10), 1000);
    tail.heard(lines(10, 20), 4000);
    expect([tail.rate(5000), tail.rate(7000), tail.rate(20_000)]).toEqual([4, 2, 0]);
  });
  it('connects again after a cut, and not after a refusal', async () => {
    let connections = 0;
    const cut = new Tail('newest', () => {
      connections += 1;
      return Promise.resolve();
    });
    cut.start();
    await vi.advanceTimersByTimeAsync(2100);
    expect(connections).toBe(2);
    cut.stop();
    await vi.advanceTimersByTimeAsync(9000);
    expect(connections).toBe(2);

    const refused = new Tail('newest', () => Promise.reject(new Problem('bad query', 'No', 400, 'x')));
    refused.start();
    await vi.advanceTimersByTimeAsync(9000);
    expect([refused.state, refused.problem?.detail]).toEqual(['ended', 'bad query']);
    refused.stop();
  });
});

describe('a message of the tail', () => {
  it('is read by its kind', () => {
    expect(messageOf('lines', '{"lines":[{"id":"1","time":"","message":"m"}]}')).toEqual({
      kind: 'lines',
      lines: [{ id: '1', time: '', message: 'm' }],
    });
    expect(messageOf('dropped', '{"lines":5,"why":"slow"}')).toEqual({ kind: 'dropped', lines: 5, why: 'slow' });
    expect(messageOf('news', '{}')).toBeNull();
    expect(() => messageOf('lines', 'no')).toThrow(Problem);
    expect(() => messageOf('problem', '{"detail":"stopping","status":503}')).toThrow('stopping');
  });
});
