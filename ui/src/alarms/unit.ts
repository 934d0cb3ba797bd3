import type { Unit } from '../format/number';
import type { AlarmForm } from './form';
import { returnedAt } from './queries';

/** The unit of a metric by its name, for axes. What is not known is a plain number. */
export function unitOf(metric: string): Unit {
  // Time used in a second of time: a number of its own, 1,000,000 is a whole core.
  if (metric.includes('_usec')) return 'count';
  if (/utilization|reserved_capacity|_percent/.test(metric)) return 'percent';
  if (/(?:bytes|_io_service_bytes_\w+)_per_second$|network_\w*bytes$|io_service_bytes/.test(metric))
    return 'bytes_per_second';
  if (
    /_bytes$|memory_(?:working_set|limit|cache|swap|request|rss|usage)$|filesystem_(?:usage|capacity|available)$/.test(
      metric,
    )
  )
    return 'bytes';
  if (metric.endsWith('_per_second')) return 'per_second';
  if (metric.endsWith('_seconds')) return 'seconds';
  return 'count';
}

/** The name of the metric whose values are compared; empty where they are of none. */
export function metricCompared(form: Pick<AlarmForm, 'kind' | 'metricName' | 'metric' | 'queries'>): string {
  switch (form.kind) {
    case 'metric':
      return form.metricName;
    case 'rows':
      return form.metric;
    case 'math': {
      const looked = form.queries[returnedAt(form.queries)];
      return looked?.expression === null ? looked.metric.metricName : '';
    }
    default:
      return '';
  }
}

/** What a value of such a metric means, where the number alone does not say. */
export function meaningOf(metric: string): string | null {
  if (metric.endsWith('_usec_per_second'))
    return 'Microseconds in a second: 1000000 is one whole core or all of the time.';
  if (metric.endsWith('_bytes')) return 'Bytes: 1073741824 is 1 GiB.';
  if (/_cpu_(?:usage_\w+|limit|request)$/.test(metric)) return 'Thousandths of a core: 1000 is one core.';
  if (/utilization|reserved_capacity/.test(metric)) return 'Percent: from 0 to 100.';
  return null;
}
