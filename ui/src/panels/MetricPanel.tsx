import { useContext } from 'preact/hooks';
import { askMetrics, hasValues } from '../api/metrics';
import type { Filters, MetricAnswer, MetricQuestion, Statistic } from '../api/metrics';
import { alarmOn } from '../alarms/draft';
import { Figure } from '../charts/Figure';
import { newAlarmLink } from '../routes/alarmLinks';
import { hasAlarms } from '../state/alarms';
import { interval, length, span } from '../state/clock';
import { chartPeriod, longerPeriod } from '../state/range';
import type { Span } from '../state/range';
import { useResource } from '../state/resource';
import { metricsOf, modelOf } from './panel';
import type { PanelSpec } from './panel';
import { ThresholdsOf, withThresholds } from './threshold';

interface Properties {
  panel: PanelSpec;
  filters: Filters;
  /** How entities of one point are put together; `Total` where a page is about several. */
  statistic?: Statistic;
  height?: number;
}

/** Ranges up to which even heavy panels are drawn from single rows. */
const LIGHT_SECONDS = 1800;

/** Asks a panel's question for the page's time range, keeps it up to date and draws it. */
export function MetricPanel({ panel, filters, statistic = 'Average', height }: Properties) {
  const asked = span.value;
  const thresholds = useContext(ThresholdsOf);
  const usual = chartPeriod(length.value, interval.value);
  const period = panel.heavy === true && length.value > LIGHT_SECONDS ? Math.max(usual, 60) : usual;
  const question = questionOf(panel, filters, statistic, asked, period);
  // The length belongs to the subject: another range is another question, a later one of the same length is not.
  const subject = JSON.stringify([panel.id, question.filters, statistic, asked.end - asked.start, period]);
  const { data, problem, loading, outdated, retry } = useResource(subject, asked.start, async (signal) => {
    const [answer, whole, beside] = await Promise.all([
      askHeld(question, signal),
      panel.rest === true ? askHeld(wholeOf(panel, question), signal) : null,
      Promise.all(besideOf(panel, question, filters, statistic).map((one) => askHeld(one, signal))),
    ]);
    return { answer, whole, beside, asked };
  });
  return (
    <Figure
      id={panel.id}
      title={panel.title}
      help={panel.help}
      model={
        data && withThresholds(modelOf(panel, data.answer, data.asked, statistic, data), panel, statistic, thresholds)
      }
      dimmed={loading && (outdated || data?.asked.start !== asked.start)}
      problem={problem}
      empty={reasonsFor(panel)}
      question={question}
      onRetry={retry}
      alarm={alarmLinkOf(panel, question)}
      {...(height === undefined ? {} : { height })}
    />
  );
}

/** The way to an alarm on the line that a panel is about. */
function alarmLinkOf(panel: PanelSpec, question: MetricQuestion): string | null {
  if (!hasAlarms.value) return null;
  const drawn = panel.lines.filter((line) => line.shape !== 'limit');
  // One metric is what an alarm can be on; a line that is reckoned from several comes after those that are not.
  const line =
    drawn.find((one) => one.headline === true && one.of.length === 1) ??
    drawn.find((one) => one.of.length === 1) ??
    drawn[0];
  const choice = question.metrics.find(({ metric }) => metric === line?.of[0]);
  const draft = alarmOn(choice ? { ...question, metrics: [choice] } : question, panel.title);
  return draft && newAlarmLink(draft);
}

/** Why a panel may be empty. One of increases also is until an agent has read for the second time. */
function reasonsFor(panel: PanelSpec): string {
  const drawn = panel.lines.filter((line) => line.shape !== 'limit');
  const increases = drawn.every((line) => line.of.some((metric) => metric.endsWith('_per_second')));
  return increases ? `${panel.absent} Increases begin with the second row of an agent.` : panel.absent;
}

/** Single rows are kept for a shorter time than minutes, and those than hours: what is empty is asked for in these. */
async function askHeld(question: MetricQuestion, signal: AbortSignal): Promise<MetricAnswer> {
  const answer = await askMetrics(question, signal);
  const longer = longerPeriod(question.period_seconds);
  const notes = answer.stats?.notes ?? [];
  if (hasValues(answer) || notes.length === 0 || longer === null) return answer;
  return askHeld({ ...question, period_seconds: longer }, signal);
}

function questionOf(
  panel: PanelSpec,
  filters: Filters,
  statistic: Statistic,
  { start, end }: Span,
  period: number,
): MetricQuestion {
  return {
    entity: panel.entity,
    metrics: metricsOf(panel, statistic),
    filters: { ...filters, ...panel.only },
    group_by: panel.by ?? [],
    start: new Date(start).toISOString(),
    end: new Date(end).toISOString(),
    period_seconds: period,
    ...(panel.most === undefined ? {} : { limit: panel.most }),
  };
}

/** The same question unsplit. */
function wholeOf(panel: PanelSpec, question: MetricQuestion): MetricQuestion {
  const { entity, filters, start, end, period_seconds } = question;
  return { entity, filters, start, end, period_seconds, group_by: [], metrics: metricsOf(panel, 'Total') };
}

/** The questions of the lines about other entities. */
function besideOf(
  { beside = [] }: PanelSpec,
  { start, end, period_seconds }: MetricQuestion,
  filters: Filters,
  statistic: Statistic,
): MetricQuestion[] {
  return beside.map((one) => ({
    entity: one.entity,
    metrics: metricsOf(one, statistic),
    filters: { ...filters, ...one.only },
    group_by: [],
    start,
    end,
    period_seconds,
  }));
}
