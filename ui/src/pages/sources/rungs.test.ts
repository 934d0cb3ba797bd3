import { describe, expect, it } from 'vitest';
import type { Rung } from '../../api/sources';
import { readersWords, rungGroups } from './rungs';

const next = { rung: 'kubelet', adds: ['volumes'], needs: 'get nodes/stats', how: 'kubectl apply -f x' };
const rung = (node: string | null, more: Partial<Rung> = {}): Rung => ({
  cluster: 'c',
  node,
  in_force: 'default',
  title: 'Reads files.',
  has: ['CPU'],
  next,
  ...more,
});

describe('rights', () => {
  it('that are equal are one group with its nodes in the order of their numbers', () => {
    const [group, ...others] = rungGroups([rung('n10'), rung('n2'), rung('n2'), rung(null)]);
    expect(others).toEqual([]);
    expect(group?.readers).toEqual([{ cluster: 'c', nodes: ['n2', 'n10'], server: true }]);
    expect(group?.next).toEqual(next);
  });

  it('that differ in what is measured or what would come next are told apart; the top comes last', () => {
    const groups = rungGroups([
      rung('a', { in_force: 'kubelet', next: null }),
      rung('b', { in_force: 'kubelet', next: null }),
      rung('c', { in_force: 'minimal', has: [] }),
      rung('d'),
      rung('e'),
      rung('f', { next: { ...next, how: 'kubectl apply -f y' } }),
    ]);
    expect(groups.map((one) => [one.in_force, ...one.readers.flatMap(({ nodes }) => nodes)])).toEqual([
      ['default', 'd', 'e'],
      ['default', 'f'],
      ['minimal', 'c'],
      ['kubelet', 'a', 'b'],
    ]);
  });

  it('are said of whom they are', () => {
    const one = (...rungs: Rung[]) => rungGroups(rungs)[0] ?? { readers: [] };
    expect(readersWords(one(rung('a')), false)).toBe('1 node');
    expect(readersWords(one(rung(null)), false)).toBe('the server');
    const both = one(rung('a'), rung('b', { cluster: 'west' }), rung('d', { cluster: 'west' }), rung(null));
    expect(readersWords(both, true)).toBe('the server and 1 node of c, 2 nodes of west');
  });

  it('are no group where nobody tells', () => {
    expect(rungGroups([])).toEqual([]);
  });
});
