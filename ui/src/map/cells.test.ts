import { describe, expect, it } from 'vitest';
import type { Entity, Value } from '../api/row';
import type { Verdict } from '../api/verdicts';
import { cellsOf } from './cell';
import type { Cell } from './cell';
import { grouped } from './group';
import { SHADES, stepOf, stepTexts } from './shade';
import { weightsOf } from './size';

const entity = (names: Record<string, unknown>, latest: Record<string, Value> = {}): Entity => ({
  id: 'x',
  cluster: 'c',
  time: '2026-11-23T08:00:00Z',
  attributes: {},
  latest,
  health: { state: 'live', reason: null },
  ...names,
});

const pod = (namespace: string, name: string, node: string, latest: Record<string, Value> = {}) =>
  entity({ namespace, pod: name, pod_uid: `uid-${name}`, node }, latest);

const verdict = (name: string, severity: Verdict['severity']): Verdict => ({
  kind: 'Pod',
  cluster: 'c',
  namespace: 'shop',
  node: null,
  name,
  uid: `uid-${name}`,
  workload_kind: null,
  workload: null,
  container: null,
  word: 'crash-looping',
  severity,
  since: null,
  reason: 'It ends again and again.',
  evidence: [],
  also: [],
});

describe('cells', () => {
  it('are pods of nodes and of the API, once each, in the order of their names', () => {
    const cells = cellsOf({
      pods: [pod('shop', 'web', 'n1'), pod('data', 'db', 'n2')],
      others: [
        entity({ namespace: 'shop', object_name: 'web', object_uid: 'uid-web', attributes: { phase: 'Pending' } }),
        entity({ namespace: 'shop', object_name: 'late', object_uid: 'uid-late', attributes: { phase: 'Pending' } }),
      ],
      verdicts: [verdict('late', 'warning')],
    });
    expect(cells.map((cell) => cell.name)).toEqual(['db', 'late', 'web']);
    expect(cells.map((cell) => cell.severity)).toEqual(['ok', 'warning', 'ok']);
    expect(cells.map((cell) => cell.phase)).toEqual([null, 'Pending', 'Pending']);
    expect(cells.map((cell) => cell.row === null)).toEqual([false, true, false]);
  });
  it('have no severity where nothing is judged', () => {
    expect(cellsOf({ pods: [pod('a', 'b', 'n')], others: [], verdicts: null })[0]?.severity).toBeNull();
  });
});

describe('groups', () => {
  const cells = cellsOf({
    pods: [pod('shop', 'a', 'n10'), pod('shop', 'b', 'n2'), pod('data', 'c', 'n2')],
    others: [entity({ namespace: 'shop', object_name: 'late', object_uid: 'late' })],
    verdicts: null,
  });
  it('are in the order of their names, as people read them, those of nothing last', () => {
    expect(grouped(cells, 'node').map((group) => [group.label, group.cells.length])).toEqual([
      ['n2', 2],
      ['n10', 1],
      ['not on a node', 1],
    ]);
    expect(grouped(cells, 'namespace').map((group) => group.label)).toEqual(['data', 'shop']);
    expect(grouped(cells, 'workload').map((group) => group.label)).toEqual(['workload not known']);
  });
  it('keep every cell', () => {
    for (const by of ['node', 'namespace', 'workload'] as const)
      expect(grouped(cells, by).flatMap((group) => group.cells)).toHaveLength(4);
  });
});

describe('shades', () => {
  const shade = (id: string) => SHADES.find((it) => it.id === id) ?? SHADES[0];
  const cell = (latest: Record<string, Value>, more: Partial<Cell> = {}): Cell => ({
    ...cellsOf({ pods: [pod('a', 'b', 'n', latest)], others: [], verdicts: null })[0]!,
    ...more,
  });
  const none = { restarts: null, errors: null };
  it('take a value by its limit or its node, and none from nothing', () => {
    const row = {
      interval_usec: 1e7,
      cpu_usage_usec: 2.5e6,
      node_cpu_cores: 4,
      cpu_quota_usec: 50_000,
      cpu_period_usec: 100_000,
    };
    expect(shade('cpu')?.value(cell(row), none)).toBeCloseTo(0.0625);
    expect(shade('cpu-limit')?.value(cell(row), none)).toBeCloseTo(0.5);
    expect(shade('memory-limit')?.value(cell(row), none)).toBeNull();
    expect(shade('cpu')?.value(cell({}, { row: null }), none)).toBeNull();
  });
  it('count no restart where the API tells of the pod, and nothing where it does not', () => {
    const counts = { restarts: new Map([['uid-b', 3]]), errors: new Map<string, number>() };
    expect(shade('restarts')?.value(cell({}), counts)).toBe(3);
    expect(shade('restarts')?.value(cell({}, { uid: 'other' }), counts)).toBeNull();
    expect(shade('restarts')?.value(cell({}, { uid: 'other', phase: 'Running' }), counts)).toBe(0);
    expect(shade('errors')?.value(cell({}), counts)).toBe(0);
    expect(shade('errors')?.value(cell({}), none)).toBeNull();
  });
  it('fall into steps that the scale names', () => {
    expect([0, 0.99, 1, 4, 5, 99].map((value) => stepOf([1, 5, 20], value))).toEqual([0, 0, 1, 1, 2, 3]);
    expect(stepTexts({ steps: [1, 2, 5] })).toEqual(['none', '1', '2 to 4', '5 or more']);
    expect(stepTexts({ steps: [0.01, 0.25] })).toEqual(['below 1\u00a0%', 'from 1\u00a0%', '25\u00a0% or more']);
    for (const it of SHADES) expect(new Set(stepTexts(it)).size).toBe(6);
  });
});

describe('sizes', () => {
  const cells = cellsOf({
    pods: [pod('s', 'a', 'n'), pod('s', 'b', 'n'), pod('s', 'c', 'n')],
    others: [],
    verdicts: null,
  });
  it('are requests, of none the least that can be seen', () => {
    const requests = new Map([
      ['uid-a', { cpu: 2, memory: null }],
      ['uid-b', { cpu: 0.001, memory: null }],
    ]);
    const [a = 0, b = 0, c = 0] = weightsOf(cells, 'cpu', requests);
    expect(a).toBe(2);
    expect(b).toBeGreaterThan(0.05);
    expect(c).toBe(b);
    const equal = weightsOf(cells, 'memory', requests);
    expect(new Set(equal).size).toBe(1);
  });
  it('are bounded, so that one that asks for everything leaves room for the others', () => {
    expect(
      weightsOf(cells, 'cpu', new Map(cells.map(({ uid }, at) => [uid, { cpu: at === 0 ? 1e6 : 1, memory: null }]))),
    ).toEqual([40, 1, 1]);
  });
});
