import { createContext } from 'preact';
import type { Statistic } from '../api/metrics';
import type { StaticThreshold } from '../alarms/defined';
import type { ChartModel, ChartSeries } from '../charts/model';
import type { Line, PanelSpec } from './panel';

/** Thresholds of alarms on the charts of what they are about. */

/** The threshold of an alarm that was in ALARM on the subject of a page. */
export interface AlarmThreshold extends StaticThreshold {
  alarm: string;
}

/** The thresholds of the alarms of a page's subject. */
export const ThresholdsOf = createContext<readonly AlarmThreshold[]>([]);

/** So many on one chart. */
const MOST = 3;

/** The model with a limit for each threshold on the same metric and statistic as one of the panel's lines. */
export function withThresholds(
  model: ChartModel,
  panel: PanelSpec,
  statistic: Statistic,
  thresholds: readonly AlarmThreshold[],
): ChartModel {
  // Lines that are stacked have their height from others; parts have thresholds of their own.
  const lines = panel.by === undefined ? panel.lines.filter((line) => isPlain(line)) : [];
  const limits = thresholds
    .flatMap((threshold): ChartSeries[] => {
      const line = lines.find(
        (one) =>
          threshold.entity === panel.entity &&
          one.of[0] === threshold.metric &&
          (one.statistic ?? statistic) === threshold.statistic,
      );
      const height = line && (line.value ? line.value(threshold.value) : threshold.value);
      if (height === undefined || height === null || !Number.isFinite(height)) return [];
      const label = `threshold of ${threshold.alarm}`;
      return [{ key: label, label, values: model.times.map(() => height), shape: 'limit', tone: 7 }];
    })
    .slice(0, MOST);
  return limits.length === 0 ? model : { ...model, series: [...model.series, ...limits] };
}

function isPlain({ of, optional = [], shape = 'line' }: Line): boolean {
  return of.length === 1 && optional.length === 0 && shape === 'line';
}
