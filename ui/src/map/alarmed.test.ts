import { describe, expect, it } from 'vitest';
import type { AlarmSummary, Labels } from '../api/alarms';
import { firingOf } from '../alarms/concern';
import { alarmedOf, alarmNames, levelOf } from './alarmed';
import type { Cell } from './cell';
import { grouped } from './group';

const cell = (name: string, namespace: string, node: string | null, cluster = 'c'): Cell => ({
  key: `${cluster}\tuid-${name}`,
  uid: `uid-${name}`,
  name,
  cluster,
  namespace,
  node,
  workload: `Deployment ${name.split('-')[0] ?? ''}`,
  row: null,
  phase: null,
  verdict: null,
  severity: null,
});

const CELLS = [cell('web-1', 'shop', 'n1'), cell('web-2', 'shop', 'n2'), cell('db-1', 'data', 'n1')];

function firing(...alarms: [name: string, severity: string | null, ...series: Labels[]][]) {
  return firingOf(
    alarms.map(
      ([name, severity, ...series]) =>
        ({
          name,
          tags: severity === null ? {} : { severity },
          in_alarm: series.map((labels) => ({ labels, since: '', reason: '', value: null })),
        }) as unknown as AlarmSummary,
    ),
  );
}

const keys = (of: ReadonlyMap<string, readonly { alarm: AlarmSummary }[]>) =>
  [...of].map(([key, found]) => [key.split('\t')[1], found.map(({ alarm }) => alarm.name)]);

describe('alarms on the map', () => {
  it('are at the pod that they name, else at the block, else elsewhere: each once', () => {
    const all = firing(
      ['pod', 'critical', { cluster: 'c', namespace: 'shop', kind: 'Pod', name: 'web-1', node: 'n1' }],
      ['container', 'warning', { namespace: 'shop', pod: 'web-1', container: 'app' }, { pod_uid: 'uid-db-1' }],
      ['node', 'warning', { cluster: 'c', node: 'n1' }],
      ['workload', 'info', { namespace: 'shop', workload: 'web' }],
      ['gone', null, { namespace: 'shop', pod: 'web-9' }],
    );
    const byNode = alarmedOf(all, CELLS, grouped(CELLS, 'node'), 'node');
    expect(keys(byNode.cells)).toEqual([
      ['uid-web-1', ['pod', 'container']],
      ['uid-db-1', ['container']],
    ]);
    expect(keys(byNode.blocks)).toEqual([['n1', ['node']]]);
    expect(alarmNames(byNode.elsewhere)).toEqual(['workload', 'gone']);

    const byWorkload = alarmedOf(all, CELLS, grouped(CELLS, 'workload'), 'workload');
    expect([...byWorkload.blocks.values()].map(alarmNames)).toEqual([['workload']]);
    expect(alarmNames(byWorkload.elsewhere)).toEqual(['node', 'gone']);

    const byNamespace = alarmedOf(all, CELLS, grouped(CELLS, 'namespace'), 'namespace');
    expect(keys(byNamespace.blocks)).toEqual([['shop', ['workload']]]);
  });

  it('are not those of another cluster or namespace of the same names', () => {
    const cells = [cell('web-1', 'shop', 'n1'), cell('web-1', 'shop', 'n1', 'd')];
    const all = firing(
      ['a', null, { cluster: 'd', namespace: 'shop', pod: 'web-1' }],
      ['b', null, { cluster: 'd', node: 'n1' }],
      ['c', null, { namespace: 'other', pod: 'web-1' }],
    );
    const found = alarmedOf(all, cells, grouped(cells, 'node'), 'node');
    expect([...found.cells.keys()]).toEqual(['d\tuid-web-1']);
    expect([...found.blocks.keys()]).toEqual(['d\tn1']);
    expect(alarmNames(found.elsewhere)).toEqual(['c']);
  });

  it('are as bad as the worst of them', () => {
    const level = (...severities: (string | null)[]) =>
      levelOf(
        firing(...severities.map((one): [string, string | null, Labels] => ['x', one, {}])).map((it) => it.concern),
      );
    expect(level()).toBe('none');
    expect(level('info', 'warning')).toBe('warning');
    expect(level('error', 'warning')).toBe('critical');
    expect(level(null)).toBe('info');
  });

  it('take little time for 5,000 pods and 5,000 series', () => {
    const cells = Array.from({ length: 5000 }, (_, at) => cell(`web-${at}`, `ns-${at % 50}`, `n${at % 200}`));
    const all = firing([
      'x',
      'critical',
      ...cells.map(({ name, namespace, node }) => ({
        cluster: 'c',
        namespace: namespace ?? '',
        kind: 'Pod',
        name,
        node: node ?? '',
      })),
    ]);
    const groups = grouped(cells, 'node');
    const begin = performance.now();
    expect(alarmedOf(all, cells, groups, 'node').cells.size).toBe(5000);
    expect(performance.now() - begin).toBeLessThan(500);
  });
});
