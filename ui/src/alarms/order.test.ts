import { describe, expect, it } from 'vitest';
import type { AlarmSummary } from '../api/alarms';
import { concerns } from './concern';
import { fitsFilter, labelsText, tagsOf, worstFirst } from './order';

function alarm(name: string, change: Partial<AlarmSummary> = {}): AlarmSummary {
  return {
    name,
    arn: `arn:${name}`,
    kind: 'rows',
    description: null,
    state: 'OK',
    since: '2026-01-01T00:00:00Z',
    updated: '2026-01-01T00:00:00Z',
    reason: 'because',
    origin: 'api',
    actions_enabled: true,
    tags: {},
    contributors: null,
    in_alarm: [],
    silenced_by: [],
    suppressed_by: null,
    receivers: [],
    problem: null,
    ...change,
  };
}

const NONE = { state: null, severity: null, tag: null, origin: null, text: '' };

describe('alarms in order', () => {
  it('has ALARM by severity, then the newest, then insufficient data, then OK', () => {
    const sorted = worstFirst([
      alarm('ok critical', { tags: { severity: 'critical' } }),
      alarm('unknown', { state: 'INSUFFICIENT_DATA', tags: { severity: 'critical' } }),
      alarm('plain', { state: 'ALARM' }),
      alarm('own word', { state: 'ALARM', tags: { severity: 'page' } }),
      alarm('warning', { state: 'ALARM', tags: { severity: 'warning' }, since: '2026-03-01T00:00:00Z' }),
      alarm('critical old', { state: 'ALARM', tags: { severity: 'critical' }, since: '2026-01-01T00:00:00Z' }),
      alarm('critical new', { state: 'ALARM', tags: { severity: 'Critical' }, since: '2026-02-01T00:00:00Z' }),
      alarm('ok'),
    ]);
    expect(sorted.map(({ name }) => name)).toEqual([
      'critical new',
      'critical old',
      'warning',
      'own word',
      'plain',
      'unknown',
      'ok critical',
      'ok',
    ]);
  });

  it('is filtered by state, severity, tag, origin and words', () => {
    const one = alarm('shop-memory', {
      state: 'ALARM',
      tags: { severity: 'critical', team: 'shop' },
      in_alarm: [{ labels: { workload: 'web' }, since: '', reason: '', value: 1 }],
    });
    expect(fitsFilter(one, { ...NONE, state: 'ALARM', severity: 'critical', tag: 'team:shop', origin: 'api' })).toBe(
      true,
    );
    expect(fitsFilter(one, { ...NONE, state: 'OK' })).toBe(false);
    expect(fitsFilter(one, { ...NONE, severity: 'none' })).toBe(false);
    expect(fitsFilter(alarm('x'), { ...NONE, severity: 'none' })).toBe(true);
    expect(fitsFilter(one, { ...NONE, tag: 'team:pay' })).toBe(false);
    expect(fitsFilter(one, { ...NONE, tag: 'team' })).toBe(true);
    expect(fitsFilter(one, { ...NONE, origin: 'file' })).toBe(false);
    expect(fitsFilter(one, { ...NONE, text: 'MEMORY web' })).toBe(true);
    expect(fitsFilter(one, { ...NONE, text: 'memory cart' })).toBe(false);
  });

  it('offers tags that one chooses from, without texts for people', () => {
    expect(
      tagsOf([
        alarm('x', { tags: { team: 'b', severity: 'info', runbook: 'do this' } }),
        alarm('y', { tags: { team: 'a' } }),
      ]),
    ).toEqual(['team:a', 'team:b']);
  });

  it('writes labels from the large to the small', () => {
    expect(
      labelsText({ workload: 'web', zzz: '1', cluster: 'demo', workload_kind: 'Deployment', namespace: 'shop' }),
    ).toBe('demo / shop / web / 1');
  });
});

describe('alarms about an entity', () => {
  const firing = [
    alarm('info', {
      state: 'ALARM',
      in_alarm: [{ labels: { namespace: 'shop', pod: 'web-1' }, since: '', reason: '', value: 1 }],
    }),
    alarm('bad', {
      state: 'ALARM',
      tags: { severity: 'critical' },
      in_alarm: [
        { labels: { cluster: 'demo', namespace: 'shop', workload: 'web' }, since: '', reason: '', value: 1 },
        { labels: { cluster: 'other', namespace: 'shop', workload: 'web' }, since: '', reason: '', value: 1 },
        { labels: { ClusterName: 'demo', Namespace: 'pay' }, since: '', reason: '', value: 1 },
      ],
    }),
  ];
  const names = (place: Record<string, string | null>) => concerns(firing, place).map((one) => one.alarm.name);

  it('are those of it and of what is within it, worst first', () => {
    expect(names({ cluster: 'demo', namespace: 'shop' })).toEqual(['bad', 'info']);
    expect(names({ cluster: 'demo', namespace: 'shop', workload_kind: 'Deployment', workload: 'web' })).toEqual([
      'bad',
    ]);
    expect(names({ cluster: null, namespace: 'shop', pod: 'web-1' })).toEqual(['info']);
  });

  it('knows the names of dimensions, and keeps clusters apart', () => {
    expect(names({ cluster: 'demo', namespace: 'pay' })).toEqual(['bad']);
    expect(names({ cluster: 'third', namespace: 'pay' })).toEqual([]);
  });

  it('says nothing of a place without a name', () => {
    expect(names({ cluster: 'demo', namespace: null })).toEqual([]);
    expect(names({ cluster: 'demo', node: 'n1' })).toEqual([]);
  });
});
