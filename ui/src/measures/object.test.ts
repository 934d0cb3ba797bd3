// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { Entity } from '../api/row';
import { desired, isOwn, missing, ready, readyWords, workloadKey } from './object';

function object(kind: string, latest: Record<string, number>, attributes: Record<string, string> = {}): Entity {
  return {
    id: kind,
    cluster: 'c',
    namespace: 'shop',
    object_kind: kind,
    object_name: 'web',
    time: '',
    attributes,
    latest,
    health: { state: 'live', reason: null },
  };
}

describe('replicas', () => {
  it('count none ready where the API says nothing of it', () => {
    const it = object('Deployment', { replicas_desired: 3 });
    expect([desired(it), ready(it), missing(it), readyWords(it)]).toEqual([3, 0, 3, '0 / 3']);
  });
  it('are absent where nothing is wanted', () => {
    const it = object('Deployment', {});
    expect([desired(it), ready(it), missing(it), readyWords(it)]).toEqual([null, null, null, null]);
  });
  it('of a job are its completions', () => {
    const it = object('Job', { job_completions: 2, job_succeeded: 1 });
    expect([readyWords(it), missing(it)]).toEqual(['1 / 2', 1]);
  });
  it('of a cron job are the jobs that run', () => {
    expect(readyWords(object('CronJob', {}))).toBe('none active');
    expect(readyWords(object('CronJob', { job_active: 1 }))).toBe('1 active');
  });
});

describe('a workload', () => {
  it('belongs to nobody', () => {
    expect(isOwn(object('Job', {}))).toBe(true);
    expect(isOwn(object('Job', {}, { owner_kind: 'CronJob' }))).toBe(false);
  });
  it('is known by cluster, namespace, kind and name', () => {
    expect(workloadKey(object('Deployment', {}))).toBe('c\tshop\tDeployment\tweb');
  });
});
