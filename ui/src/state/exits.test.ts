// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { endsOf, receiptsOf, withEnds } from './exits';
import type { Receipt } from './exits';

const receipt: Receipt = {
  key: 'k',
  what: 'container',
  cluster: 'c',
  node: 'n',
  namespace: 'shop',
  pod: 'web-1',
  podUid: 'u1',
  container: 'app',
  containerId: 'id1',
  workloadKind: null,
  workload: null,
  started: 100_000,
  ended: 200_000,
  lifetimeUsec: 1e8,
  cpuUsec: 1,
  throttledUsec: null,
  memoryPeakBytes: 2,
  oomKills: 0,
  readBytes: null,
  writtenBytes: null,
  reason: null,
  exitCode: null,
};

describe('joining ends', () => {
  const end = (change: object) => ({
    podUid: 'u1',
    container: 'app',
    time: 201_000,
    reason: 'Error',
    exitCode: 1,
    ...change,
  });
  it('takes the nearest end of the same container', () => {
    const [joined] = withEnds([receipt], [end({ time: 190_000, exitCode: 2 }), end({})]);
    expect([joined?.reason, joined?.exitCode]).toEqual(['Error', 1]);
  });
  it('takes one with an exit code before one without', () => {
    const [joined] = withEnds(
      [receipt],
      [end({ time: 200_000, exitCode: null, reason: 'Error' }), end({ exitCode: 137, reason: 'OOMKilled' })],
    );
    expect([joined?.reason, joined?.exitCode]).toEqual(['OOMKilled', 137]);
  });
  it('takes none that is far off, of another container or for a pod', () => {
    expect(withEnds([receipt], [end({ time: 300_000 }), end({ container: 'other' })])[0]?.reason).toBeNull();
    expect(withEnds([{ ...receipt, what: 'pod' }], [end({})])[0]?.reason).toBeNull();
  });
});

describe('the statements', () => {
  const asked = { start: 0, end: 3600_000 };
  it('look at pods too, but not on the page of a container', () => {
    expect(receiptsOf({ namespace: 'shop' }, asked)).toContain('from pod where exited');
    expect(receiptsOf({ pod_uid: 'u1', container: 'app' }, asked)).not.toContain('from pod where');
  });
  it('name pods as objects are named', () => {
    expect(endsOf({ pod_uid: 'u1', container: 'app', container_id: 'x' }, asked)).toContain(
      `"object_uid" = 'u1' and "container" = 'app'`,
    );
  });
  it('narrow to a workload', () => {
    expect(receiptsOf({ workload_kind: 'Job', workload: 'x' }, asked)).toContain(
      `where "workload_kind" = 'Job' and "workload" = 'x' order by`,
    );
  });
});
