import { chance, level } from '../noise.ts';

/** Invented values, judged by M of N with the four treatments of missing data. For work on the page only. */

export type State = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
type Definition = Record<string, unknown>;

/** A key's text; empty where it is none. */
export function textAt(definition: Definition, key: string): string {
  const value = definition[key];
  return typeof value === 'string' ? value : '';
}

export interface Point {
  time: string;
  value: number | null;
  counted: string;
  lower: number | null;
  upper: number | null;
}

export interface Judged {
  state: State;
  reason: string;
  points: Point[];
}

/** What is wrong with a definition, roughly as the server would say it. */
export function faultsOf(definition: Definition): { key: string; message: string }[] {
  const faults: { key: string; message: string }[] = [];
  const need = (key: string) => {
    if (definition[key] === undefined || definition[key] === '') faults.push({ key, message: 'is missing' });
  };
  need('AlarmName');
  if ('AlarmRule' in definition) {
    need('AlarmRule');
    return faults;
  }
  if ('Metrics' in definition) faults.push(...faultsOfMetrics(definition));
  else if ('AnomalyDetector' in definition)
    faults.push({ key: 'AnomalyDetector', message: 'is only for alarms with ThresholdMetricId' });
  const rows = (definition.Source as { Rows?: Record<string, unknown> } | undefined)?.Rows;
  if (rows && (rows.Metric === undefined || rows.Metric === ''))
    faults.push({ key: 'Source.Rows.Metric', message: 'is missing' });
  need('ComparisonOperator');
  if (!('ThresholdMetricId' in definition)) need('Threshold');
  need('EvaluationPeriods');
  if (definition.Threshold !== undefined && typeof definition.Threshold !== 'number')
    faults.push({ key: 'Threshold', message: 'is no number' });
  const n = Number(definition.EvaluationPeriods);
  const m = Number(definition.DatapointsToAlarm ?? n);
  if (m > n) faults.push({ key: 'DatapointsToAlarm', message: `${m} is more than EvaluationPeriods, ${n}` });
  if (m < 1) faults.push({ key: 'DatapointsToAlarm', message: 'is at least 1' });
  return faults;
}

interface Fault {
  key: string;
  message: string;
}
interface Query {
  Id?: string;
  Expression?: string;
  ReturnData?: boolean;
  MetricStat?: Definition;
}

function metricsOf(definition: Definition): Query[] {
  return Array.isArray(definition.Metrics) ? (definition.Metrics as Query[]) : [];
}

function faultsOfMetrics(definition: Definition): Fault[] {
  const metrics = metricsOf(definition);
  const band = definition.ThresholdMetricId;
  const faults: Fault[] = [];
  for (const [at, { Id: id = '', Expression: expression, MetricStat: stat }] of metrics.entries()) {
    const key = `Metrics[${at + 1}]`;
    if (!/^[a-z]\w*$/.test(id)) faults.push({ key: `${key}.Id`, message: 'begins with a lower-case letter' });
    if (expression === '')
      faults.push({ key: `${key}.Expression`, message: 'has 0 characters, 1 to 2048 are allowed' });
    const opened = (expression ?? '').split('(').length - (expression ?? '').split(')').length;
    if (opened !== 0)
      faults.push({
        key: 'Metrics',
        message: `expression '${id}': character ${(expression ?? '').length + 1}: expected ')', found the end`,
      });
    if (stat && (stat.Metric as Definition).MetricName === '')
      faults.push({ key: `${key}.MetricStat.Metric.MetricName`, message: 'has 0 characters, 1 to 255 are allowed' });
  }
  const returned = metrics.filter(({ Id, ReturnData }) => ReturnData !== false && Id !== band);
  if (returned.length !== 1)
    faults.push({ key: 'Metrics', message: 'exactly one of them has ReturnData true: the one that is looked at' });
  if (band !== undefined) faults.push(...faultsOfDetector(definition.AnomalyDetector));
  return faults;
}

function faultsOfDetector(detector: unknown): Fault[] {
  const { ExcludedTimeRanges: ranges = [] } = (detector ?? {}) as { ExcludedTimeRanges?: Definition[] };
  return ranges.flatMap((range, at) => {
    const key = `AnomalyDetector.ExcludedTimeRanges[${at + 1}]`;
    const [start, end] = [momentAt(range.StartTime), momentAt(range.EndTime)];
    if (Number.isNaN(start)) return [{ key: `${key}.StartTime`, message: 'is no time' }];
    if (Number.isNaN(end)) return [{ key: `${key}.EndTime`, message: 'is no time' }];
    return start < end ? [] : [{ key: `${key}.EndTime`, message: 'is not after StartTime' }];
  });
}

function momentAt(written: unknown): number {
  return typeof written === 'number' ? written * 1000 : Date.parse(String(written));
}

/** The band of a moment: what there is without its noise, wider while less was learned. */
function bandAt(definition: Definition, ms: number): { lower: number; upper: number } | null {
  const id = definition.ThresholdMetricId;
  const band = metricsOf(definition).find(({ Id }) => Id === id)?.Expression;
  if (band === undefined) return null;
  const width = Number(/,\s*([\d.]+)\s*\)$/.exec(band)?.[1] ?? 2);
  const middle = 0.75 + 0.1 * Math.sin(ms / 3_000_000);
  return { lower: middle - 0.09 * width, upper: middle + 0.09 * width };
}

/** Seconds of a period. */
function periodOf(definition: Definition): number {
  const stat = metricsOf(definition).find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat;
  return Number(definition.Period ?? stat?.Period ?? 60);
}

/** The series of a definition by their labels: those of the simulated cluster. */
export function labelsOf(definition: Definition): Record<string, string>[] {
  const source = Object.values((definition.Source as Record<string, Definition> | undefined) ?? {})[0];
  const groups = (source?.GroupBy as string[] | undefined) ?? [];
  if (groups.length === 0) return [{}];
  const all = groups.includes('node') ? NODES : WORKLOADS;
  const seen = new Map<string, Record<string, string>>();
  for (const one of all) {
    const labels = Object.fromEntries(groups.flatMap((name) => (one[name] === undefined ? [] : [[name, one[name]]])));
    seen.set(JSON.stringify(labels), labels);
  }
  return [...seen.values()];
}

const NODES: Record<string, string>[] = [1, 2, 3].map((n) => ({ cluster: 'demo', node: `demo-node-${n}` }));
const WORKLOADS: Record<string, string>[] = [
  ['shop', 'checkout'],
  ['shop', 'cart'],
  ['shop', 'web'],
  ['shop', 'search'],
  ['payments', 'ledger'],
  ['payments', 'fraud-check'],
  ['monitoring', 'log-search'],
  ['batch', 'video-encode'],
].map(([namespace = '', workload = '']) => ({
  cluster: 'demo',
  namespace,
  workload_kind: 'Deployment',
  workload,
  pod: `${workload}-7c9d-x1`,
  container: workload,
}));

/** A value of a series; about its threshold, so that it goes over now and then. Missing now and then. */
export function valueAt(definition: Definition, labels: Record<string, string>, ms: number): number | null {
  const threshold = Number(definition.Threshold ?? 1);
  const name = textAt(definition, 'AlarmName');
  const seed = `${JSON.stringify(definition.Source ?? definition.MetricName ?? definition.Metrics ?? name)} ${JSON.stringify(labels)}`;
  if (chance(`${seed} gap ${Math.floor(ms / 420_000)}`) > 0.93) return null;
  const hot = chance(`${seed} hot`);
  const around = threshold === 0 ? 1 : Math.abs(threshold);
  const swing = level(seed, ms / 1000, around * (0.55 + hot * 0.45), 0.55);
  return threshold === 0 ? (swing > 1.05 ? 1 : 0) : Number(swing.toPrecision(6));
}

function breaching(definition: Definition, value: number, ms: number): boolean {
  const threshold = Number(definition.Threshold);
  const { lower, upper } = bandAt(definition, ms) ?? { lower: -Infinity, upper: Infinity };
  switch (definition.ComparisonOperator) {
    case 'LessThanLowerOrGreaterThanUpperThreshold':
      return value < lower || value > upper;
    case 'LessThanLowerThreshold':
      return value < lower;
    case 'GreaterThanUpperThreshold':
      return value > upper;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
    default:
      return value > threshold;
  }
}

/** One evaluation at a moment. */
export function judge(definition: Definition, labels: Record<string, string>, at: number, before: State): Judged {
  const period = periodOf(definition) * 1000;
  const n = Number(definition.EvaluationPeriods);
  const m = Number(definition.DatapointsToAlarm ?? n);
  const treatment = textAt(definition, 'TreatMissingData');
  const end = Math.floor(at / period) * period;
  const times = Array.from({ length: n + 2 }, (_, index) => end - (n + 2 - index) * period);
  const values = times.map((time) => valueAt(definition, labels, time));
  const real = values.map((value, index) => ({ value, index })).filter(({ value }) => value !== null);
  const used = new Set((real.length >= n ? real.slice(-n) : real).map(({ index }) => index));
  const over = [...used].filter((index) => breaching(definition, values[index] ?? 0, times[index] ?? 0)).length;
  const fill = Math.max(0, n - real.length);
  const filled = fill > 0 && (treatment === 'breaching' || treatment === 'notBreaching');
  const points = times.map((time, index): Point => {
    const value = values[index] ?? null;
    const counted =
      value === null
        ? filled
          ? treatment === 'breaching'
            ? 'FilledBreaching'
            : 'FilledNotBreaching'
          : 'Missing'
        : used.has(index)
          ? breaching(definition, value, time)
            ? 'Breaching'
            : 'NotBreaching'
          : 'LeftOut';
    const { lower, upper } = bandAt(definition, time) ?? { lower: null, upper: null };
    return { time: new Date(time).toISOString(), value, counted, lower, upper };
  });
  let state: State = over + (treatment === 'breaching' ? fill : 0) >= m ? 'ALARM' : 'OK';
  if (real.length === 0 && !filled) state = treatment === 'ignore' ? before : 'INSUFFICIENT_DATA';
  return { state, reason: reasonOf(definition, state, over, used.size, m, before), points };
}

function reasonOf(definition: Definition, state: State, over: number, of: number, m: number, before: State): string {
  if (state === 'INSUFFICIENT_DATA') return `Insufficient Data: ${of === 0 ? 'no' : of} datapoints were known.`;
  if (definition.ThresholdMetricId !== undefined)
    return `Thresholds Crossed: ${over} out of the last ${of} datapoints were outside the band (${before} -> ${state}).`;
  const words = {
    GreaterThanThreshold: 'greater than',
    GreaterThanOrEqualToThreshold: 'greater than or equal to',
    LessThanThreshold: 'less than',
    LessThanOrEqualToThreshold: 'less than or equal to',
  }[String(definition.ComparisonOperator)];
  const k = state === 'ALARM' ? over : of - over;
  return (
    `Threshold Crossed: ${k} out of the last ${of} datapoints ${k === 1 ? 'was' : 'were'} ${state === 'ALARM' ? '' : 'not '}` +
    `${words ?? 'greater than'} the threshold (${Number(definition.Threshold).toFixed(1)}) ` +
    `(minimum ${m} datapoint${m === 1 ? '' : 's'} for ${before} -> ${state} transition).`
  );
}

const MOST_STEPS = 2000;

/** What a definition would have done. */
export function replay(definition: Definition, start: number, end: number) {
  const period = periodOf(definition) * 1000;
  const step = Math.max(period, Math.ceil((end - start) / MOST_STEPS / period) * period);
  const first = Math.ceil(start / step) * step;
  const times: number[] = [];
  for (let time = first; time < end; time += step) times.push(time);
  const banded = bandAt(definition, start) !== null;
  let count = 0;
  let inAlarm = 0;
  const series = labelsOf(definition).map((labels) => {
    const spans: { state: State; start: string; end: string }[] = [];
    const transitions: unknown[] = [];
    let state: State = judge(definition, labels, first, 'INSUFFICIENT_DATA').state;
    let since = start;
    const close = (until: number) => {
      spans.push({ state, start: new Date(since).toISOString(), end: new Date(until).toISOString() });
      if (state === 'ALARM') inAlarm += (until - since) / 1000;
    };
    for (const time of times) {
      const next = judge(definition, labels, time, state);
      if (next.state === state) continue;
      close(time);
      count += 1;
      transitions.push({
        time: new Date(time).toISOString(),
        from: state,
        to: next.state,
        reason: next.reason,
        points: next.points,
      });
      state = next.state;
      since = time;
    }
    close(end);
    return {
      labels,
      values: times.map((time) => valueAt(definition, labels, time)),
      lower: banded ? times.map((time) => bandAt(definition, time)?.lower ?? null) : null,
      upper: banded ? times.map((time) => bandAt(definition, time)?.upper ?? null) : null,
      spans,
      transitions,
    };
  });
  return {
    period_seconds: step / 1000,
    threshold: typeof definition.Threshold === 'number' ? definition.Threshold : null,
    times,
    series,
    transitions: count,
    in_alarm_seconds: Math.round(inAlarm),
    notes: [],
  };
}
