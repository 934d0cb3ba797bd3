import type { EntityType } from '../api/row';
import type { MetricAnswer, MetricChoice, MetricSeries, Statistic } from '../api/metrics';
import type { Unit } from '../format/number';
import type { ChartModel, ChartSeries, Shape } from '../charts/model';
import type { Span } from '../state/range';

/** A chart described by what it asks and how it draws the answer. Pure data, apart from small formulas. */
export interface PanelSpec {
  /** Stable: it stands in addresses. */
  id: string;
  title: string;
  help: string;
  unit: Unit;
  entity: EntityType;
  lines: readonly Line[];
  /** Split each line by these columns: one series for each disk, interface, container. */
  by?: readonly string[];
  /** Names a part by its labels, where the last column of `by` alone does not. `several` when nodes are mixed. */
  name?: (labels: Labels, several: boolean) => string;
  /** At most so many parts, the largest. */
  most?: number;
  /** Show besides them what is left of the whole, so that a stack keeps its height. For panels of one line. */
  rest?: boolean;
  /** Fixed upper end of the axis. */
  top?: number;
  /** Over very many rows: beyond half an hour answered from minutes, which are held ready. */
  heavy?: boolean;
  /** Further filters, besides those of the page. */
  only?: Readonly<Record<string, readonly string[]>>;
  /** Lines about other entities in the same picture: what nodes have, beside what pods ask for. */
  beside?: readonly Beside[];
  /** Why it may be empty and what to do about it. */
  absent: string;
}

/** Lines that another table answers. They are never split. */
export interface Beside {
  entity: EntityType;
  /** Further filters, besides those of the page. */
  only?: Readonly<Record<string, readonly string[]>>;
  lines: readonly Line[];
}

/** The values of the columns that a series is split by. */
export type Labels = Readonly<Record<string, string | null | undefined>>;

/** One line of a panel (or one for each part that it is split into). */
export interface Line {
  label: string;
  /** Metrics that go into the value, by their names in the API. */
  of: readonly string[];
  /** The value from them, in the panel's unit; the first of them when left out. Not called when one is absent. */
  value?: (...values: number[]) => number | null;
  statistic?: Statistic;
  shape?: Shape;
  tone?: number;
  quiet?: boolean;
  hatched?: boolean;
  framed?: boolean;
  headline?: boolean;
  /** Inputs of this line that count as 0 when the kernel does not have them. */
  optional?: readonly string[];
}

/** The metrics that a panel asks for, or lines beside it. */
export function metricsOf({ lines }: Pick<PanelSpec, 'lines'>, statistic: Statistic): MetricChoice[] {
  const choices = new Map<string, MetricChoice>();
  for (const line of lines) {
    for (const metric of [...line.of, ...(line.optional ?? [])]) {
      const choice = { metric, statistic: line.statistic ?? statistic };
      choices.set(`${choice.metric} ${choice.statistic}`, choice);
    }
  }
  return [...choices.values()];
}

/** What is drawn with a panel's own answer. */
export interface Further {
  /** The answer to the same question unsplit, for panels with a rest. */
  whole?: MetricAnswer | null;
  /** The answers to {@link PanelSpec.beside}, in its order. */
  beside?: readonly MetricAnswer[];
}

/** Draws an answer as the panel says. */
export function modelOf(
  panel: PanelSpec,
  answer: MetricAnswer,
  span: Span,
  statistic: Statistic,
  { whole = null, beside = [] }: Further = {},
): ChartModel {
  const groups =
    panel.by === undefined
      ? [{ name: '', key: '', series: answer.series }]
      : grouped(panel, answer, statistic === 'Total');
  const length = answer.times.length;
  const made: ChartSeries[] = [];
  for (const group of groups) {
    for (const [place, line] of panel.lines.entries()) {
      const values = lineValues(line, group.series, length, line.statistic ?? statistic);
      if (!values) continue;
      const name =
        panel.by === undefined ? line.label : panel.lines.length === 1 ? group.name : `${group.name} ${line.label}`;
      made.push({
        key: `${group.key}/${line.label}`,
        label: name,
        values,
        shape: line.shape ?? 'line',
        tone: panel.by === undefined ? (line.tone ?? place) : made.length,
        ...marksOf(line),
      });
    }
  }
  const rest = whole && panel.rest === true ? restOf(panel, made, whole, length) : null;
  const series = [...made, ...(rest ? [rest] : []), ...besideOf(panel, beside, answer.times, statistic)];
  return {
    unit: panel.unit,
    span,
    period: answer.period_seconds * 1000,
    times: answer.times,
    series,
    ...(panel.top === undefined ? {} : { top: panel.top }),
  };
}

function marksOf({ quiet, hatched, framed, headline }: Line): Partial<ChartSeries> {
  return {
    ...(quiet === true ? { quiet } : {}),
    ...(hatched === true ? { hatched } : {}),
    ...(framed === true ? { framed } : {}),
    ...(headline === true ? { headline } : {}),
  };
}

/** The lines of other entities, on the points of the panel's own. */
function besideOf(
  { beside = [] }: PanelSpec,
  answers: readonly MetricAnswer[],
  times: readonly number[],
  statistic: Statistic,
): ChartSeries[] {
  return beside.flatMap((one, place) => {
    const answer = answers[place];
    if (!answer) return [];
    return one.lines.flatMap((line, tone) => {
      const values = lineValues(line, answer.series, answer.times.length, line.statistic ?? statistic);
      if (!values) return [];
      return {
        key: `${one.entity}/${line.label}`,
        label: line.label,
        values: onTimes(values, answer, times),
        shape: line.shape ?? 'line',
        tone: line.tone ?? tone,
        ...marksOf(line),
      };
    });
  });
}

/** Values at other times than they were asked for at: each is that of the period that the time lies in. Pure. */
export function onTimes(
  values: readonly (number | null)[],
  { times: from, period_seconds: period }: Pick<MetricAnswer, 'times' | 'period_seconds'>,
  times: readonly number[],
): (number | null)[] {
  let at = 0;
  return times.map((time) => {
    while (at + 1 < from.length && (from[at + 1] ?? Infinity) <= time) at += 1;
    const start = from[at];
    return start === undefined || time < start || time >= start + period * 1000 ? null : (values[at] ?? null);
  });
}

interface Group {
  key: string;
  name: string;
  series: MetricSeries[];
}

function grouped(panel: PanelSpec, answer: MetricAnswer, several: boolean): Group[] {
  const last = panel.by?.at(-1) ?? '';
  const groups = new Map<string, Group>();
  for (const series of answer.series) {
    const key = JSON.stringify(series.labels);
    const name = panel.name ? panel.name(series.labels, several) : (series.labels[last] ?? 'unnamed');
    const group = groups.get(key) ?? { key, name, series: [] };
    group.series.push(series);
    groups.set(key, group);
  }
  // A limited answer comes largest first, and keeps that order.
  return panel.most === undefined
    ? [...groups.values()].sort((a, b) => a.name.localeCompare(b.name))
    : [...groups.values()];
}

function lineValues(
  line: Line,
  series: readonly MetricSeries[],
  length: number,
  statistic: Statistic,
): (number | null)[] | null {
  const find = (metric: string) => series.find((one) => one.metric === metric && one.statistic === statistic);
  const needed = line.of.map(find);
  if (needed.some((one) => !one)) return null;
  const optional = (line.optional ?? []).map(find);
  const out = new Array<number | null>(length).fill(null);
  for (let at = 0; at < length; at += 1) {
    const inputs: number[] = [];
    for (const one of needed) {
      const value = one?.values[at];
      if (typeof value === 'number') inputs.push(value);
    }
    if (inputs.length < needed.length) continue;
    for (const one of optional) inputs.push(one?.values[at] ?? 0);
    out[at] = line.value ? line.value(...inputs) : (inputs[0] ?? null);
  }
  return out.some((value) => value !== null) ? out : null;
}

/** The whole less what is shown. Absent where the whole is; never below nothing, as both are means of their own. */
function restOf(
  panel: PanelSpec,
  shown: readonly ChartSeries[],
  whole: MetricAnswer,
  length: number,
): ChartSeries | null {
  const line = panel.lines[0];
  if (!line || shown.length < (panel.most ?? 0)) return null;
  const all = lineValues(line, whole.series, length, 'Total');
  if (!all) return null;
  const values = all.map((value, at) => {
    if (value === null) return null;
    const known = shown.reduce((sum, one) => sum + (one.values[at] ?? 0), 0);
    return Math.max(0, value - known);
  });
  return { key: 'rest', label: 'all others', values, shape: line.shape ?? 'line', tone: 7, quiet: true };
}
