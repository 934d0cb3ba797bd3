// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { BY_NAMESPACE, BY_SERVICE, BY_WORKLOAD, countsBy, statement } from './counts';
import type { Counted } from './counts';

const HOUR = 3600_000;
const END = Date.UTC(2026, 10, 26, 8, 20);

function counted(change: Partial<Counted>): Counted {
  return {
    what: 'restarts',
    n: 1,
    cluster: 'c',
    namespace: 'shop',
    podUid: 'u1',
    node: 'n',
    workloadKind: 'Deployment',
    workload: 'web',
    services: ['web', 'web-nodeport'],
    ...change,
  };
}

describe('the statement', () => {
  it('reads minutes and log lines of a short range', () => {
    const text = statement({ start: END - HOUR, end: END }, { namespace: "o'shop" });
    expect(text).toContain('from object_1m');
    expect(text).not.toContain('_1h');
    expect(text).toContain('from log');
    expect(text).toContain(`namespace" = 'o''shop'`);
  });
  it('reads hours of a long range, minutes where hours still grow, and no log lines', () => {
    const text = statement({ start: END - 48 * HOUR, end: END }, {});
    expect(text).toContain(
      "from object_1h where object_kind = 'Container' and restarts_increase > 0 and time >= '2026-11-24T08:20:00.000Z' and time < '2026-11-26T06:00:00.000Z'",
    );
    expect(text).toContain(
      "from object_1m where object_kind = 'Container' and restarts_increase > 0 and time >= '2026-11-26T06:00:00.000Z'",
    );
    expect(text).not.toContain('from log');
  });
  it('narrows to a workload by the names of its pods', () => {
    const text = statement({ start: 0, end: HOUR }, { workload: 'web', workload_kind: 'Deployment' });
    expect(text).toMatch(/where "workload_kind" = 'Deployment' and "workload" = 'web'$/);
  });
});

describe('countsBy', () => {
  const answer = {
    counted: [
      counted({}),
      counted({ podUid: 'u2', n: 2 }),
      counted({ what: 'oom_kills', n: 5 }),
      counted({ what: 'errors', n: 7, workload: 'client', services: [] }),
    ],
    withErrors: true,
  };
  it('adds up pods of a workload', () => {
    const found = countsBy(answer, BY_WORKLOAD);
    expect(found.get('c\tshop\tDeployment\tweb')).toEqual({ restarts: 3, oomKills: 5, errors: 0 });
    expect(found.get('c\tshop\tDeployment\tclient')).toEqual({ restarts: 0, oomKills: 0, errors: 7 });
  });
  it('counts a pod for each of its services', () => {
    const found = countsBy(answer, BY_SERVICE);
    expect([...found.keys()]).toEqual(['c\tshop\tweb', 'c\tshop\tweb-nodeport']);
    expect(found.get('c\tshop\tweb-nodeport')?.restarts).toBe(3);
  });
  it('leaves errors absent where they were not counted', () => {
    const found = countsBy({ ...answer, withErrors: false, counted: [counted({})] }, BY_NAMESPACE);
    expect(found.get('c\tshop')).toEqual({ restarts: 1, oomKills: 0, errors: null });
  });
});
