// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { Entity } from '../../api/row';
import type { Verdict } from '../../api/verdicts';
import { podWords } from './podWords';
import { versionsOf } from './versions';

const verdict = (word: string, severity: Verdict['severity'], kind: Verdict['kind'] = 'Pod'): Verdict => ({
  kind,
  cluster: 'c',
  namespace: 'shop',
  node: null,
  name: 'x',
  uid: null,
  workload_kind: null,
  workload: null,
  container: null,
  word,
  severity,
  since: null,
  reason: '',
  evidence: [],
  also: [],
});

describe('pods by verdict', () => {
  it('are counted by word, the worst first, then the most; of other kinds none', () => {
    const words = podWords(
      [
        verdict('pending', 'warning'),
        verdict('unknown', 'unknown'),
        verdict('restarting', 'warning'),
        verdict('restarting', 'warning'),
        verdict('crash-looping', 'critical'),
        verdict('degraded', 'critical', 'Workload'),
      ],
      { critical: 1, warning: 3, unknown: 1, ok: 40 },
    );
    expect(words.map(({ word, count }) => `${count} ${word}`)).toEqual([
      '1 crash-looping',
      '2 restarting',
      '1 pending',
      '1 unknown',
      '40 well',
    ]);
  });
  it('of one word are one entry as bad as the worst, for the word leads to all of them; none is no entry', () => {
    expect(podWords([verdict('full', 'warning'), verdict('full', 'critical')], undefined)).toEqual([
      { word: 'full', severity: 'critical', count: 2 },
    ]);
    expect(podWords([], { ok: 0 })).toEqual([]);
  });
});

const node = (versions: Record<string, string>): Entity => ({
  id: 'x',
  time: '',
  attributes: { versions },
  latest: {},
  health: { state: 'live', reason: null },
});

describe('versions', () => {
  it('are one word where all nodes agree', () => {
    expect(
      versionsOf([node({ kubeletVersion: 'v1.31.2' }), node({ kubeletVersion: 'v1.31.2' })], 'kubeletVersion'),
    ).toBe('v1.31.2');
  });
  it('are told apart where they do not, newest first by number', () => {
    const nodes = ['v1.9.3', 'v1.31.2', 'v1.9.3'].map((kubeletVersion) => node({ kubeletVersion }));
    expect(versionsOf(nodes, 'kubeletVersion')).toBe('v1.31.2 on 1, v1.9.3 on 2');
  });
  it('are absent where nobody tells', () => {
    expect(versionsOf([node({})], 'kubeletVersion')).toBeNull();
    expect(versionsOf([], 'kubeletVersion')).toBeNull();
  });
});
