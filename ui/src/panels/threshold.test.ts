import { describe, expect, it } from 'vitest';
import type { ChartModel } from '../charts/model';
import type { PanelSpec } from './panel';
import { withThresholds } from './threshold';

const panel: PanelSpec = {
  id: 'cpu',
  title: 'CPU',
  help: '',
  unit: 'cores',
  entity: 'pod',
  lines: [
    { label: 'all', of: ['cpu_usec'], value: (usec) => usec / 1e6 },
    { label: 'user', of: ['user_usec'], shape: 'stack' },
    { label: 'most', of: ['cpu_usec'], statistic: 'Maximum' },
  ],
  absent: '',
};
const model: ChartModel = { unit: 'cores', span: { start: 0, end: 2 }, period: 1, times: [0, 1], series: [] };
const threshold = { alarm: 'busy', entity: 'pod', metric: 'cpu_usec', statistic: 'Average', value: 2e6 };
const added = (change: object = {}, of: PanelSpec = panel) =>
  withThresholds(model, of, 'Average', [{ ...threshold, ...change }]).series;

describe('the threshold of an alarm on a chart', () => {
  it('is a limit in the unit of the chart, named by its alarm', () => {
    expect(added()).toEqual([
      { key: 'threshold of busy', label: 'threshold of busy', values: [2, 2], shape: 'limit', tone: 7 },
    ]);
    expect(added({ statistic: 'Maximum' })[0]?.values).toEqual([2e6, 2e6]);
  });

  it('is not on a chart of another metric, statistic or entity, of stacks or of parts', () => {
    expect(added({ metric: 'memory' })).toEqual([]);
    expect(added({ statistic: 'Minimum' })).toEqual([]);
    expect(added({ entity: 'node' })).toEqual([]);
    expect(added({ metric: 'user_usec' })).toEqual([]);
    expect(added({}, { ...panel, by: ['container'] })).toEqual([]);
  });

  it('leaves a chart without one as it is', () => {
    expect(withThresholds(model, panel, 'Average', [])).toBe(model);
  });
});
