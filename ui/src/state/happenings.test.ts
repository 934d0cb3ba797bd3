// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { happeningOf, statement } from './happenings';

const HOUR = 3600_000;
const AT = '2026-11-26T07:00:00.000000000Z';

describe('what happened, in words', () => {
  const label = (row: Record<string, unknown>) => happeningOf({ at: AT, ...row })[0]?.label;
  it('tells how an instance ended before it was started again', () => {
    expect(label({ what: 'restart', name: 'web-1', part: 'app', was: 'Error', before: 1, after: 1 })).toBe(
      'web-1 / app restarted (Error, exit 1)',
    );
    expect(label({ what: 'restart', name: 'web-1', part: 'app', was: null, before: null, after: 3 })).toBe(
      'web-1 / app restarted 3 times',
    );
  });
  it('counts killed processes', () => {
    expect(label({ what: 'oom', name: 'web-1', part: 'app', after: 1 })).toBe(
      'web-1 / app: a process was killed for want of memory',
    );
    expect(label({ what: 'oom', name: 'web-1', part: 'app', after: 4 })).toContain('4 processes were');
  });
  it('tells versions and sizes', () => {
    expect(label({ what: 'deploy', name: 'web', part: 'Deployment', was: 'web-7f4' })).toBe(
      'Deployment web: new version web-7f4',
    );
    expect(label({ what: 'scale', name: 'web', part: 'Deployment', before: 2, after: 0 })).toBe(
      'Deployment web: 2 → 0 replicas',
    );
  });
  it('names only the conditions of a node that changed', () => {
    expect(
      label({
        what: 'node',
        name: 'n1',
        part: 'Ready True, MemoryPressure False, cordoned False',
        was: 'Ready Unknown, MemoryPressure False, cordoned True',
      }),
    ).toBe('Node n1: Ready is now Unknown, cordoned is now True');
  });
  it('is nothing without a moment or of a kind that is not known', () => {
    expect(happeningOf({ what: 'restart', name: 'x' })).toEqual([]);
    expect(happeningOf({ at: AT, what: 'other' })).toEqual([]);
  });
});

describe('the statement', () => {
  const asked = { start: 0, end: HOUR };
  it('asks for the containers of a workload alone', () => {
    const text = statement(
      { namespace: 'shop', workloads: [{ kind: 'Deployment', name: 'web' }], theirContainers: true },
      asked,
      10,
    );
    expect(text).toContain(`"workload_kind" in ('Deployment') and "workload" in ('web')`);
    expect(text).toContain(`pod_uid in (select pod_uid from identity where "namespace" = 'shop'`);
    expect(text).toContain(`"owner_name" in ('web')`);
    expect(text).not.toContain("'node'");
  });
  it('asks nothing of workloads and nodes where there are none', () => {
    const text = statement({ node: 'n1', workloads: [] }, asked, 10);
    expect(text).not.toContain('ReplicaSet');
    expect(text).not.toContain('lag(');
  });
  it('reads minutes of long ranges, whose replicas have a name of their own', () => {
    const text = statement({ workloads: 'all', nodes: ['n1'] }, { start: 0, end: 24 * HOUR }, 300);
    expect(text).toContain('from object_1m');
    expect(text).toContain('replicas_desired_max');
    expect(text).toContain('from container_1m');
    expect(text).toContain(`"object_name" in ('n1')`);
  });
});
