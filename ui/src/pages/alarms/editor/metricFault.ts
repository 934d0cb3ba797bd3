import type { Judgement } from './useJudgement';
import type { MetricPart } from './MetricChooser';

/** What is wrong with a part of the metric that is so many in `Metrics`, counted from 0. */
export function metricFault(judged: Judgement, at: number, part: MetricPart): string | null {
  const stat = `Metrics[${at + 1}].MetricStat`;
  switch (part) {
    case 'Statistic':
      return judged.at(`${stat}.Stat`);
    case 'Unit':
      return judged.at(`${stat}.Unit`);
    default:
      return judged.at(`${stat}.Metric.${part}`);
  }
}
