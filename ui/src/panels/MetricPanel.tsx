import { askMetrics } from '../api/metrics';
import type { Filters, MetricQuestion, Statistic } from '../api/metrics';
import { Figure } from '../charts/Figure';
import { span } from '../state/clock';
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

/** Asks a panel's question for the page's time range, keeps it up to date and draws it. */
export function MetricPanel({ panel, filters, statistic = 'Average', height }: Properties) {
  const asked = span.value;
  const question = questionOf(panel, filters, statistic, asked);
  // The length belongs to the subject: another range is another question, a later one of the same length is not.
  const subject = JSON.stringify([panel.id, question.filters, statistic, asked.end - asked.start]);
  const { data, problem, loading, outdated, retry } = useResource(subject, asked.start, async (signal) => {
    const [answer, whole] = await Promise.all([
      askMetrics(question, signal),
      panel.rest === true ? askMetrics(wholeOf(panel, question), signal) : null,
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
      empty={panel.absent}
      question={question}
      onRetry={retry}
      {...(height === undefined ? {} : { height })}
    />
  );
}

function questionOf(panel: PanelSpec, filters: Filters, statistic: Statistic, { start, end }: Span): MetricQuestion {
  return {
    entity: panel.entity,
    metrics: metricsOf(panel, statistic),
    filters: { ...filters, ...panel.only },
    group_by: panel.by ?? [],
    start: new Date(start).toISOString(),
    end: new Date(end).toISOString(),
    ...(panel.by === undefined ? {} : { limit: panel.most ?? MOST_GROUPS }),
  };
}

/** The same question unsplit. */
function wholeOf(panel: PanelSpec, question: MetricQuestion): MetricQuestion {
  const { entity, filters, start, end } = question;
  return { entity, filters, start, end, group_by: [], metrics: metricsOf(panel, 'Total') };
}

/** Disks and the like without a limit of their own. */
const MOST_GROUPS = 16;
