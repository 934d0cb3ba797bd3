import type { EntityType } from './row';
import { ask } from './http';
import { Problem } from './problem';

/** Statistics over the rows of a period. `Total` adds up the entities' averages. */
export type Statistic = 'Average' | 'Sum' | 'Minimum' | 'Maximum' | 'SampleCount' | 'Total' | `p${number}`;

export interface MetricChoice {
  metric: string;
  statistic: Statistic;
}

export type Filters = Readonly<Record<string, readonly string[]>>;

/** One question about metrics. All of its parts are data, so that equal questions compare equal. */
export interface MetricQuestion {
  entity: EntityType;
  metrics: readonly MetricChoice[];
  filters: Filters;
  group_by: readonly string[];
  start: string;
  end: string;
  period_seconds: number;
  /** At most so many groups, the largest by the mean of the first metric. */
  limit?: number;
}

export interface MetricSeries {
  metric: string;
  statistic: string;
  unit: string;
  labels: Readonly<Record<string, string | null>>;
  values: (number | null)[];
}

export interface MetricAnswer {
  period_seconds: number;
  /** Start of each period, milliseconds. */
  times: number[];
  series: MetricSeries[];
  stats?: { tier?: string; rows?: number; elapsed_ms?: number; notes?: string[] };
}

/** Whether any series has a value. */
export function hasValues(answer: MetricAnswer): boolean {
  return answer.series.some((series) => series.values.some((value) => value !== null));
}

/** The body as it is sent; also what "copy as curl" gives. */
export function bodyOf(question: MetricQuestion): Record<string, unknown> {
  return { ...question };
}

interface Waiting {
  question: MetricQuestion;
  signal: AbortSignal;
  resolve: (answer: MetricAnswer) => void;
  reject: (reason: unknown) => void;
}

const waiting = new Map<string, Waiting[]>();

/**
 * Asks for metrics. Questions of one moment that differ in their metrics only are sent as one, so that a page of
 * twenty charts about a node reads the node's rows once. When the joint question is refused because of one of them,
 * each is asked alone, so that only the chart at fault shows the error.
 */
export function askMetrics(question: MetricQuestion, signal: AbortSignal): Promise<MetricAnswer> {
  // A limit keeps the largest by the first metric, so only questions with the same first metric may share it.
  const first = question.limit === undefined ? [] : question.metrics.slice(0, 1);
  const key = JSON.stringify({ ...question, metrics: first });
  return new Promise((resolve, reject) => {
    const group = waiting.get(key);
    if (group) {
      group.push({ question, signal, resolve, reject });
      return;
    }
    const fresh: Waiting[] = [{ question, signal, resolve, reject }];
    waiting.set(key, fresh);
    // A task, not a microtask: every chart of the page has run its effects by then.
    setTimeout(() => {
      waiting.delete(key);
      void send(fresh);
    }, 0);
  });
}

const MOST_METRICS = 40;

async function send(group: Waiting[]): Promise<void> {
  const alive = group.filter((one) => !one.signal.aborted);
  for (const one of group) if (one.signal.aborted) one.reject(one.signal.reason);
  for (const part of chunks(alive)) await sendTogether(part);
}

/** Splits so that no request has more metrics than the server takes. */
function chunks(group: Waiting[]): Waiting[][] {
  const parts: Waiting[][] = [];
  let size = 0;
  for (const one of group) {
    const last = parts.at(-1);
    if (last && size + one.question.metrics.length <= MOST_METRICS) {
      last.push(one);
      size += one.question.metrics.length;
    } else {
      parts.push([one]);
      size = one.question.metrics.length;
    }
  }
  return parts;
}

async function sendTogether(group: Waiting[]): Promise<void> {
  const first = group[0];
  if (!first) return;
  const metrics = unique(group.flatMap((one) => one.question.metrics));
  try {
    const answer = await sendOne({ ...first.question, metrics }, allAborted(group));
    for (const one of group) one.resolve(part(answer, one.question));
  } catch (thrown) {
    if (group.length > 1 && thrown instanceof Problem && thrown.status >= 400 && thrown.status < 500) {
      await Promise.all(group.map((one) => sendTogether([one])));
      return;
    }
    for (const one of group) one.reject(one.signal.aborted ? one.signal.reason : thrown);
  }
}

async function sendOne(question: MetricQuestion, signal: AbortSignal): Promise<MetricAnswer> {
  return (await ask('/api/metrics', { method: 'POST', body: bodyOf(question), signal })) as MetricAnswer;
}

/** Aborts when nobody of the group is left. */
function allAborted(group: Waiting[]): AbortSignal {
  const all = new AbortController();
  let left = group.length;
  for (const { signal } of group) {
    signal.addEventListener(
      'abort',
      () => {
        left -= 1;
        if (left === 0) all.abort(signal.reason);
      },
      { once: true },
    );
  }
  return all.signal;
}

function unique(choices: readonly MetricChoice[]): MetricChoice[] {
  return [...new Map(choices.map((choice) => [`${choice.metric} ${choice.statistic}`, choice])).values()];
}

/** The part of a joint answer that one question asked for. */
function part(answer: MetricAnswer, question: MetricQuestion): MetricAnswer {
  const wanted = new Set(question.metrics.map((choice) => `${choice.metric} ${choice.statistic}`));
  return { ...answer, series: answer.series.filter((series) => wanted.has(`${series.metric} ${series.statistic}`)) };
}
