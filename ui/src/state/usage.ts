import { askMetrics } from '../api/metrics';
import type { Filters, MetricAnswer } from '../api/metrics';
import { trendKey } from '../tables/trends';
import { interval, now } from './clock';
import { useResource } from './resource';
import type { Resource } from './resource';

/** What the pods of something use together at present, and what they asked for. */
export interface Usage {
  cpuCores: number | null;
  cpuRequestCores: number | null;
  cpuLimitCores: number | null;
  memoryBytes: number | null;
  memoryRequestBytes: number | null;
  memoryLimitBytes: number | null;
}

const METRICS = [
  'cpu_usage_usec_per_second',
  'memory_working_set_bytes',
  'pod_cpu_request',
  'pod_cpu_limit',
  'pod_memory_request',
  'pod_memory_limit',
] as const;

/** Rows of the newest intervals: one may still be on its way. */
const INTERVALS = 4;
const ARRIVAL_MS = 2000;

/** Use, requests and limits of pods, added up by columns such as `namespace`. Keys are the columns' values by tabs. */
export function useUsage(by: readonly string[] | null, filters: Filters = {}): Resource<ReadonlyMap<string, Usage>> {
  const edition = now.value;
  const period = Math.max(1, interval.value);
  const subject = by === null ? null : JSON.stringify(['usage', by, filters, period]);
  return useResource(subject, edition, async (signal) => {
    const grain = period * 1000;
    const end = Math.floor((edition - ARRIVAL_MS) / grain) * grain;
    const answer = await askMetrics(
      {
        entity: 'pod',
        metrics: METRICS.map((metric) => ({ metric, statistic: 'Total' as const })),
        filters,
        group_by: by ?? [],
        start: new Date(end - INTERVALS * grain).toISOString(),
        end: new Date(end).toISOString(),
        period_seconds: period,
      },
      signal,
    );
    return usageOf(answer, by ?? []);
  });
}

/** The newest complete values by key. Pure. */
export function usageOf(answer: MetricAnswer, by: readonly string[]): ReadonlyMap<string, Usage> {
  const found = new Map<string, Record<string, number | null>>();
  for (const series of answer.series) {
    const key = trendKey(by.map((column) => series.labels[column]));
    const held = found.get(key) ?? {};
    held[series.metric] = series.values.reduce<number | null>((last, value) => value ?? last, null);
    found.set(key, held);
  }
  return new Map([...found].map(([key, values]) => [key, usage(values)]));
}

function usage(values: Readonly<Record<string, number | null>>): Usage {
  const of = (metric: (typeof METRICS)[number], by = 1) => {
    const value = values[metric];
    return value === null || value === undefined ? null : value / by;
  };
  return {
    cpuCores: of('cpu_usage_usec_per_second', 1e6),
    cpuRequestCores: of('pod_cpu_request', 1000),
    cpuLimitCores: of('pod_cpu_limit', 1000),
    memoryBytes: of('memory_working_set_bytes'),
    memoryRequestBytes: of('pod_memory_request'),
    memoryLimitBytes: of('pod_memory_limit'),
  };
}
