// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { Entity } from '../api/row';
import { joined, phaseWords } from './podObject';

function entity(
  own: Record<string, unknown>,
  attributes: Entity['attributes'] = {},
  latest: Entity['latest'] = {},
): Entity {
  return {
    id: 'x',
    cluster: 'c',
    namespace: 'shop',
    time: '',
    attributes,
    latest,
    health: { state: 'live', reason: null },
    ...own,
  };
}

describe('measured pods and objects', () => {
  const measured = entity(
    { pod_uid: 'u1', pod: 'web-1', node: 'n1' },
    { qos_class: 'Burstable' },
    { interval_usec: 10 },
  );
  const object = entity(
    { object_uid: 'u1', object_name: 'web-1' },
    { phase: 'Running' },
    { interval_usec: 99, restarts: 3 },
  );
  const pending = entity({ object_uid: 'u2', object_name: 'web-2' }, { phase: 'Pending' });
  const done = entity({ object_uid: 'u3', object_name: 'job-1' }, { phase: 'Succeeded' });

  it('are one row, in which what is measured goes before', () => {
    const [row] = joined([measured], [object]);
    expect(row?.attributes).toEqual({ phase: 'Running', qos_class: 'Burstable' });
    expect(row?.latest).toEqual({ interval_usec: 10, restarts: 3 });
  });
  it('have pods that wait, and not those that are done', () => {
    const rows = joined([measured], [object, pending, done]);
    expect(rows.map((row) => row.pod)).toEqual(['web-1', 'web-2']);
    expect(rows[1]?.pod_uid).toBe('u2');
  });
});

describe('the state in words', () => {
  it('is that it goes, why it failed, its phase, or whether it is ready', () => {
    expect(phaseWords(entity({}, { phase: 'Running', deleted_time: '2026-11-26T07:00:00Z' }))).toBe('Terminating');
    expect(phaseWords(entity({}, { phase: 'Failed', status_reason: 'Evicted' }))).toBe('Evicted');
    expect(phaseWords(entity({}, { phase: 'Pending' }))).toBe('Pending');
    expect(phaseWords(entity({}, { phase: 'Running', conditions: { Ready: 'True' } }))).toBe('Ready');
    expect(phaseWords(entity({}, { phase: 'Running', conditions: { Ready: 'False' } }))).toBe('Not ready');
    expect(phaseWords(entity({}))).toBeNull();
  });
});
