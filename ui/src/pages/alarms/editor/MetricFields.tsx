import { isBanded } from '../../../alarms/form';
import { metricOf } from '../../../alarms/single';
import { MetricChooser } from './MetricChooser';
import type { MetricPart } from './MetricChooser';
import { metricFault } from './metricFault';
import type { Part } from './part';

/** An alarm over one metric. With a band it is one of `Metrics`, where its faults are then. */
export function MetricFields({ form, set, judged }: Part) {
  const at = isBanded(form) ? form.queries.findIndex((row) => !row.band) : -1;
  const fault = (part: MetricPart) => {
    if (at >= 0) return metricFault(judged, at, part);
    return part === 'Statistic' ? judged.at('Statistic', 'ExtendedStatistic') : judged.at(part);
  };
  return <MetricChooser metric={metricOf(form)} set={set} fault={fault} />;
}
