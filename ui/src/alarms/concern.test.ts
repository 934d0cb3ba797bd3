import { describe, expect, it } from 'vitest';
import type { AlarmSummary, Labels } from '../api/alarms';
import { concerns, isAbout } from './concern';

function alarm(name: string, series: readonly Labels[], severity?: string): AlarmSummary {
  return {
    name,
    arn: '',
    kind: 'rows',
    description: null,
    state: 'ALARM',
    since: '',
    updated: '',
    reason: '',
    origin: 'api',
    actions_enabled: true,
    tags: severity === undefined ? {} : { severity },
    contributors: null,
    in_alarm: series.map((labels) => ({ labels, since: '', reason: '', value: null })),
    silenced_by: [],
    suppressed_by: null,
    receivers: [],
    problem: null,
  };
}

const health = { cluster: 'c', namespace: 'shop', kind: 'Pod', name: 'web-1', node: 'n1', workload: 'web' };
const container = { ...health, kind: 'Container', container: 'app' };

const names = (...given: Parameters<typeof concerns>) => concerns(...given).map((one) => one.alarm.name);

describe('the firing alarms of an entity', () => {
  it('are those about it and about what is within it, however the labels name it', () => {
    const all = [
      alarm('health', [health]),
      alarm('container', [container]),
      alarm('dimensions', [{ ClusterName: 'c', Namespace: 'shop', FullPodName: 'web-1' }]),
      alarm('object', [{ namespace: 'shop', object_kind: 'Pod', object_name: 'web-1' }]),
      alarm('other', [{ ...health, name: 'web-2' }]),
    ];
    const four = ['health', 'container', 'dimensions', 'object'];
    expect(names(all, { cluster: 'c', namespace: 'shop', pod: 'web-1' })).toEqual(four);
    expect(names(all, { cluster: 'c', namespace: 'shop', pod: 'web-1', pod_uid: 'u' })).toEqual(four);
    expect(names(all, { namespace: 'shop', pod: 'web-1', container: 'app' })).toEqual(['container']);
    expect(names(all, { node: 'n1' })).toEqual(['health', 'container', 'other']);
    expect(names(all, { namespace: 'shop', workload_kind: 'Deployment', workload: 'web' })).toEqual([
      'health',
      'container',
      'other',
    ]);
    expect(names(all, { cluster: 'another', namespace: 'shop' })).toEqual(['object']);
    expect(names(all, { namespace: 'data' })).toEqual([]);
  });

  it('are found by the uid of a pod where that is all they name', () => {
    const all = [alarm('uid', [{ pod_uid: 'u' }]), alarm('another', [{ pod_uid: 'v' }])];
    expect(names(all, { pod: 'web-1', pod_uid: 'u' })).toEqual(['uid']);
    expect(names(all, { pod: null, pod_uid: 'u' })).toEqual(['uid']);
  });

  it('of a whole cluster are those that name it, and all that have names where it is the only one', () => {
    const all = [
      alarm('named', [{ cluster: 'c', namespace: 'shop' }]),
      alarm('unnamed', [{ namespace: 'shop' }]),
      alarm('none', [{}]),
    ];
    expect(names(all, { cluster: 'c' })).toEqual(['named']);
    expect(names(all, { cluster: 'c' }, false)).toEqual(['named', 'unnamed']);
    expect(names(all, { cluster: 'd' }, false)).toEqual(['unnamed']);
    expect(names(all, {}, false)).toEqual([]);
    expect(names(all, { cluster: null })).toEqual([]);
  });

  it('come worst first', () => {
    const all = [
      alarm('info', [health], 'info'),
      alarm('none', [health]),
      alarm('warning', [health], 'warning'),
      alarm('critical', [health], 'critical'),
      alarm('error', [health], 'error'),
    ];
    expect(names(all, { namespace: 'shop' })).toEqual(['critical', 'error', 'warning', 'info', 'none']);
  });
});

describe('a series', () => {
  it('is about a place itself or about something in it', () => {
    expect(isAbout({ namespace: 'shop' }, { cluster: 'c', namespace: 'shop' })).toBe(true);
    expect(isAbout({ namespace: 'shop' }, health)).toBe(false);
    expect(isAbout({ namespace: 'shop', pod: 'web-1' }, health)).toBe(true);
    expect(isAbout({ namespace: 'shop', pod: 'web-1' }, container)).toBe(false);
    expect(isAbout({ namespace: 'shop', pod: 'web-1', container: 'app' }, container)).toBe(true);
    expect(isAbout({ node: 'n1' }, { cluster: 'c', kind: 'Node', name: 'n1' })).toBe(true);
    expect(isAbout({ node: 'n1' }, health)).toBe(false);
  });
});
