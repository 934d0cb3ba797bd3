// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { Entity, Value } from '../../../api/row';
import type { Verdict } from '../../../api/verdicts';
import type { Agent } from '../../../api/sources';
import { changesOf } from './changes';
import { figuresOf } from './figures';
import { toShow } from './unwell';

const NOW = Date.UTC(2026, 10, 26, 8, 0, 0);
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const SINCE = NOW - 3600_000;

const row = (more: Record<string, unknown>) => ({
  time: at(-10),
  cluster: 'c',
  object_kind: 'Deployment',
  namespace: 'shop',
  object_name: 'web',
  created_time: at(-9000),
  before: at(-11),
  generation: 3,
  generation_before: 3,
  replicas: 2,
  replicas_before: 2,
  ...more,
});

const words = (objects: Record<string, unknown>[], events: Record<string, unknown>[] = []) =>
  changesOf(objects, events, SINCE).map((it) => `${it.what} ${it.kind} ${it.name}: ${it.words}`);

describe('changes', () => {
  it('tell a rollout once, not as a new replica set and a new configuration', () => {
    expect(
      words([
        row({ generation: 4 }),
        row({
          object_kind: 'ReplicaSet',
          object_name: 'web-2',
          owner_kind: 'Deployment',
          owner_name: 'web',
          created_time: at(-9.5),
          before: null,
        }),
      ]),
    ).toEqual(['deployed Deployment web: new version web-2']);
  });
  it('tell a new deployment once', () => {
    expect(
      words([
        row({ created_time: at(-5), before: null }),
        row({
          object_kind: 'ReplicaSet',
          object_name: 'web-1',
          owner_kind: 'Deployment',
          owner_name: 'web',
          created_time: at(-5),
          before: null,
        }),
      ]),
    ).toEqual(['created Deployment web: created']);
  });
  it('tell scaling by its numbers, and what is set otherwise', () => {
    expect(words([row({ replicas: 5, generation: 4 })])).toEqual(['scaled Deployment web: 2 → 5 replicas']);
    expect(words([row({ generation: 4 })])).toEqual([
      'configured Deployment web: configuration changed, version 3 → 4',
    ]);
    expect(words([row({ object_kind: 'StatefulSet', generation: 4 })])).toEqual([
      'deployed StatefulSet web: specification changed, version 3 → 4',
    ]);
  });
  it('tell of nodes that came, were closed, or are no longer ready', () => {
    const node = { object_kind: 'Node', object_name: 'n1', namespace: null, generation: null, replicas: null };
    expect(
      words(
        [
          row({ ...node, created_time: at(-3), before: null }),
          row({ ...node, time: at(-2), unschedulable: true, unschedulable_before: false }),
        ],
        [{ time: at(-1), cluster: 'c', object_name: 'n1', reason: 'NodeNotReady' }],
      ),
    ).toEqual([
      'node Node n1: is no longer ready',
      'node Node n1: takes no new pods (cordoned)',
      'node Node n1: joined the cluster',
    ]);
  });
  it('are silent about what was there before, a replica set that grows, and a daemon set with a node more', () => {
    expect(
      words([
        row({ before: null }),
        row({ object_kind: 'ReplicaSet', replicas: 5 }),
        row({ object_kind: 'DaemonSet', replicas: 5 }),
        row({ object_name: null, generation: 9 }),
      ]),
    ).toEqual([]);
  });
});

const entity = (more: Record<string, unknown>, latest: Record<string, Value> = {}): Entity => ({
  id: 'x',
  cluster: 'c',
  time: new Date(NOW - 4000).toISOString(),
  attributes: {},
  latest,
  health: { state: 'live', reason: null },
  ...more,
});

describe('figures', () => {
  const rows = [
    entity({ node: 'n1' }, { interval_usec: 1e7, cpu_usage_usec: 5e6, node_cpu_cores: 4 }),
    entity(
      { node: 'n2', time: new Date(NOW - 90_000).toISOString(), health: { state: 'stale', reason: 'late' } },
      {
        node_cpu_cores: 4,
      },
    ),
  ];
  const base = { rows, objects: [], pods: [], usage: new Map(), agents: [], now: NOW };

  it('go by rows where the API is not watched', () => {
    const [it] = figuresOf(base);
    expect(it?.nodes).toEqual({ total: 2, ready: 1, notReady: ['n2'] });
    expect(it?.cpu).toEqual({ used: 0.5, requested: null, allocatable: 8 });
    expect(it?.pods).toBeNull();
    expect(it?.oldest).toEqual({ node: 'n2', age: 90_000 });
    expect(it?.lag).toBeNull();
  });

  it('go by the API where it is', () => {
    const object = (name: string, ready: string) =>
      entity(
        { object_kind: 'Node', object_name: name, attributes: { conditions: { Ready: ready } } },
        { cpu_allocatable_cores: 3.5, memory_allocatable_bytes: 100 },
      );
    const [it] = figuresOf({
      ...base,
      objects: [object('n1', 'True'), object('n2', 'Unknown'), object('n3', 'True')],
      usage: new Map([
        [
          'c',
          {
            cpuCores: 1,
            cpuRequestCores: 2,
            cpuLimitCores: null,
            memoryBytes: null,
            memoryRequestBytes: 50,
            memoryLimitBytes: null,
          },
        ],
      ]),
      pods: [
        { cluster: 'c', phase: 'Running', ready: true, placed: true, reason: null, n: 20 },
        { cluster: 'c', phase: 'Running', ready: false, placed: true, reason: 'CrashLoopBackOff', n: 2 },
        { cluster: 'c', phase: 'Running', ready: false, placed: true, reason: null, n: 1 },
        { cluster: 'c', phase: 'Pending', ready: false, placed: false, reason: null, n: 1 },
        { cluster: 'c', phase: 'Succeeded', ready: false, placed: true, reason: null, n: 7 },
        { cluster: 'other', phase: 'Running', ready: true, placed: true, reason: null, n: 90 },
      ],
      agents: [
        { node: 'n1', cluster: 'c', lag_seconds: 1 },
        { node: 'n2', cluster: 'c', lag_seconds: 7 },
      ] as Agent[],
    });
    expect(it?.nodes).toEqual({ total: 3, ready: 2, notReady: ['n2'] });
    expect(it?.cpu).toEqual({ used: 0.5, requested: 2, allocatable: 10.5 });
    expect(it?.memory).toEqual({ used: null, requested: 50, allocatable: 300 });
    expect(it?.pods).toEqual({
      total: 24,
      ready: 20,
      reasons: [
        ['CrashLoopBackOff', 2],
        ['Not scheduled', 1],
        ['NotReady', 1],
      ],
    });
    expect(it?.lag).toEqual({ node: 'n2', seconds: 7 });
  });

  it('tell clusters apart', () => {
    expect(
      figuresOf({ ...base, rows: [...rows, entity({ cluster: 'a', node: 'x' })] }).map((it) => it.cluster),
    ).toEqual(['a', 'c']);
  });
});

describe('what is unwell', () => {
  const said = (
    kind: Verdict['kind'],
    name: string,
    word: string,
    severity: Verdict['severity'],
    workload = name,
  ): Verdict => ({
    kind,
    cluster: 'c',
    namespace: 'shop',
    node: null,
    name,
    uid: null,
    workload_kind: 'Deployment',
    workload,
    container: null,
    word,
    severity,
    since: null,
    reason: '',
    evidence: [],
    also: [],
  });
  const names = (all: Verdict[]) => toShow(all).map((it) => `${it.kind} ${it.name}`);

  it('is said once, by the pod where its workload says no more', () => {
    expect(
      names([
        said('Cluster', 'c', 'degraded', 'critical'),
        said('Workload', 'web', 'crash-looping', 'critical'),
        said('Pod', 'web-1', 'crash-looping', 'critical', 'web'),
        said('Container', 'web-1', 'crash-looping', 'critical', 'web'),
      ]),
    ).toEqual(['Pod web-1']);
    expect(
      names([said('Workload', 'web', 'degraded', 'warning'), said('Pod', 'web-1', 'throttled', 'warning', 'web')]),
    ).toEqual(['Pod web-1']);
  });
  it('is said by the workload where it is worse, and by both where they differ', () => {
    expect(
      names([said('Pod', 'job-1', 'failed', 'warning', 'job'), said('Workload', 'job', 'failed', 'critical')]),
    ).toEqual(['Workload job']);
    expect(
      names([
        said('Pod', 'web-1', 'throttled', 'warning', 'web'),
        said('Workload', 'web', 'rollout-stuck', 'critical'),
      ]),
    ).toEqual(['Workload web', 'Pod web-1']);
    expect(names([said('Workload', 'web', 'degraded', 'warning'), said('Node', 'n', 'ok', 'ok')])).toEqual([
      'Workload web',
    ]);
  });
});
