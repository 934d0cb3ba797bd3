// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { usageOf } from './usage';

describe('usageOf', () => {
  it('takes the newest value that there is, in cores and bytes', () => {
    const labels = { cluster: 'c', namespace: 'shop' };
    const series = (metric: string, values: (number | null)[]) => ({
      metric,
      statistic: 'Total',
      unit: '',
      labels,
      values,
    });
    const found = usageOf(
      {
        period_seconds: 10,
        times: [0, 1, 2],
        series: [
          series('cpu_usage_usec_per_second', [1e6, 2e6, null]),
          series('pod_cpu_request', [null, 250, 250]),
          series('pod_cpu_limit', [null, null, null]),
          series('memory_working_set_bytes', [1, 2, 3]),
        ],
      },
      ['cluster', 'namespace'],
    );
    expect(found.get('c\tshop')).toEqual({
      cpuCores: 2,
      cpuRequestCores: 0.25,
      cpuLimitCores: null,
      memoryBytes: 3,
      memoryRequestBytes: null,
      memoryLimitBytes: null,
    });
  });
});
