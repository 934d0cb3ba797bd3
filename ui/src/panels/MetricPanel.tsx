import { askMetrics, hasValues } from '../api/metrics';
import type { Filters, MetricAnswer, MetricQuestion, Statistic } from '../api/metrics';
import { Figure } from '../charts/Figure';
import { interval, length, span } from '../state/clock';
import { chartPeriod, longerPeriod } from '../state/range';
import type { Span } from '../state/range';
import { useResource } from '../state/resource';
import { metricsOf, modelOf } from './panel';
import type { PanelSpec } from './panel';

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
  const usual = chartPeriod(length.value, interval.value);
  const period = panel.heavy === true && length.value > LIGHT_SECONDS ? Math.max(usual, 60) : usual;
  const question = questionOf(panel, filters, statistic, asked, period);
  // The length belongs to the subject: another range is another question, a later one of the same length is not.
  const subject = JSON.stringify([panel.id, question.filters, statistic, asked.end - asked.start, period]);
  const { data, problem, loading, outdated, retry } = useResource(subject, asked.start, async (signal) => {
    const [answer, whole] = await Promise.all([
      askHeld(question, signal),
      panel.rest === true ? askHeld(wholeOf(panel, question), signal) : null,
    ]);
    return { answer, whole, asked };
  });
  return (
    <Figure
      id={panel.id}
      title={panel.title}
      help={panel.help}
      model={data && modelOf(panel, data.answer, data.asked, statistic, data.whole)}
      dimmed={loading && (outdated || data?.asked.start !== asked.start)}
      problem={problem}
      empty={reasonsFor(panel)}
      question={question}
      onRetry={retry}
      {...(height === undefined ? {} : { height })}
    />
  );
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
