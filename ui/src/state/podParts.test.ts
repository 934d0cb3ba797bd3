// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { Entity } from '../api/row';
import { stepsOf } from './podParts';
import type { PodContainer } from './podParts';

const NONE: PodContainer = {
  name: 'app',
  role: 'container',
  id: null,
  image: null,
  cpuRequestCores: null,
  cpuLimitCores: null,
  memoryRequestBytes: null,
  memoryLimitBytes: null,
  state: null,
  reason: null,
  restarts: 0,
  started: null,
  lastReason: null,
  lastExitCode: null,
  lastEnded: null,
};

function pod(attributes: Entity['attributes']): Entity {
  return { id: 'p', time: '', attributes, latest: {}, health: { state: 'live', reason: null } };
}

describe('the life of a pod', () => {
  it('is told in the order of time', () => {
    const steps = stepsOf(
      pod({
        created_time: '2026-11-26T07:00:00Z',
        scheduled_time: '2026-11-26T07:00:01Z',
        started_time: '2026-11-26T07:00:02Z',
        ready_time: '2026-11-26T07:00:09Z',
        node: 'n1',
        conditions: { Ready: 'True' },
      }),
      [
        {
          ...NONE,
          restarts: 2,
          lastEnded: Date.parse('2026-11-26T07:00:05Z'),
          lastReason: 'Error',
          lastExitCode: 1,
          started: Date.parse('2026-11-26T07:00:07Z'),
        },
      ],
    );
    expect(steps.map((step) => step.what)).toEqual([
      'Created',
      'Given the node n1',
      'Taken up by the kubelet',
      'Container app ended (Error, exit 1)',
      'Container app started, for the 3rd time',
      'Ready',
    ]);
    expect(steps[3]?.bad).toBe(true);
  });
  it('has no readiness that was lost, and nothing that has not come', () => {
    const steps = stepsOf(
      pod({ created_time: '2026-11-26T07:00:00Z', ready_time: '2026-11-26T07:00:09Z', conditions: { Ready: 'False' } }),
      [NONE],
    );
    expect(steps.map((step) => step.what)).toEqual(['Created']);
  });
});
