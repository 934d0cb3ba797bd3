import { ask } from './http';
import { Problem } from './problem';

/** Alarms as the server tells of them: their states, their history, who is told. Keys of definitions are CloudWatch's. */

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** Which series of an alarm: label and value. */
export type Labels = Readonly<Record<string, string>>;

export type StateCounts = Readonly<Record<AlarmState, number>>;

export type AlarmKind = 'metric' | 'rows' | 'logs' | 'sql' | 'health' | 'loss' | 'composite';

/** Where a definition came from. */
export type Origin = 'starter' | 'file' | 'api';

/** A series that is in ALARM. */
export interface Contributor {
  labels: Labels;
  /** RFC 3339. */
  since: string;
  reason: string;
  value: number | null;
}

/** An alarm as a list shows it. */
export interface AlarmSummary {
  name: string;
  arn: string;
  kind: AlarmKind;
  description: string | null;
  state: AlarmState;
  /** When the state became what it is. */
  since: string;
  updated: string;
  reason: string;
  origin: Origin;
  actions_enabled: boolean;
  tags: Readonly<Record<string, string>>;
  /** How many series are in which state; null where there is one series only. */
  contributors: StateCounts | null;
  /** At most 20. */
  in_alarm: readonly Contributor[];
  /** Ids of the silences that hold its notifications. */
  silenced_by: readonly string[];
  suppressed_by: 'WaitPeriod' | 'ExtensionPeriod' | 'Alarm' | null;
  receivers: readonly string[];
  /** Why it cannot be evaluated. */
  problem: string | null;
}

export interface AlarmsAnswer {
  time: string;
  counts: StateCounts;
  alarms: readonly AlarmSummary[];
}

/** What a data point was counted as. */
export type Counted = 'Breaching' | 'NotBreaching' | 'LeftOut' | 'Missing' | 'FilledBreaching' | 'FilledNotBreaching';

/** A data point as it was evaluated. */
export interface EvaluatedPoint {
  time: string;
  value: number | null;
  counted: Counted;
  /** Of a band. */
  lower: number | null;
  upper: number | null;
}

export interface AlarmSeries extends Contributor {
  state: AlarmState;
  points: readonly EvaluatedPoint[];
}

/** A definition as it is written: CloudWatch's keys, and `Source` for Kansoku's own kinds. */
export type Definition = Readonly<Record<string, unknown>>;

export interface AlarmDetail extends AlarmSummary {
  definition: Definition;
  configured: string;
  threshold: number | null;
  period_seconds: number | null;
  evaluation_periods: number | null;
  datapoints_to_alarm: number | null;
  treat_missing_data: string | null;
  series: readonly AlarmSeries[];
  /** How many series it has: of many the answer has the worst. */
  series_total: number;
  /** Of a composite alarm. One without a state was deleted. */
  children: readonly { name: string; state: AlarmState | null }[];
  parents: readonly string[];
}

export type HistoryType = 'StateUpdate' | 'ConfigurationUpdate' | 'Action';

export interface HistoryItem {
  number: number;
  time: string;
  alarm: string;
  labels: Labels;
  type: HistoryType;
  summary: string;
  from: AlarmState | null;
  to: AlarmState | null;
  reason: string | null;
  data: unknown;
}

/** A stretch in one state. */
export interface StateSpan {
  state: AlarmState;
  start: string;
  end: string;
}

export interface ReplayTransition {
  time: string;
  from: AlarmState;
  to: AlarmState;
  reason: string;
  points: readonly EvaluatedPoint[];
}

export interface ReplaySeries {
  labels: Labels;
  values: readonly (number | null)[];
  lower: readonly (number | null)[] | null;
  upper: readonly (number | null)[] | null;
  spans: readonly StateSpan[];
  transitions: readonly ReplayTransition[];
}

/** What a definition would have done. */
export interface Replay {
  period_seconds: number;
  threshold: number | null;
  /** Start of each period, milliseconds. */
  times: readonly number[];
  series: readonly ReplaySeries[];
  transitions: number;
  in_alarm_seconds: number;
  notes: readonly string[];
}

/** When a silence holds within a week. */
export interface Weekly {
  days: readonly string[];
  /** `22:00` */
  from: string;
  to: string;
  time_zone: string;
}

/** What a silence is made of. */
export interface SilenceDraft {
  /** With `*`; null is every alarm. */
  alarm: string | null;
  labels: Labels;
  tags: Readonly<Record<string, string>>;
  starts: string | null;
  ends: string | null;
  weekly: Weekly | null;
  comment: string;
}

export interface Silence extends SilenceDraft {
  id: string;
  author: string | null;
  active: boolean;
  origin: 'file' | 'api';
}

export interface Receiver {
  name: string;
  type: 'webhook' | 'slack' | 'email' | 'alertmanager' | 'pagerduty';
  arns: readonly string[];
  target: string;
  waiting: number;
  delivered: number;
  failed: number;
  last_delivered: string | null;
  last_error: string | null;
}

export interface TestAnswer {
  delivered: boolean;
  answer: string;
  milliseconds: number;
}

export type DeliveryState = 'waiting' | 'delivered' | 'failed';

export interface Delivery {
  id: string | number;
  /** The transition's. */
  number: number;
  alarm: string;
  labels: Labels;
  to: AlarmState;
  receiver: string;
  state: DeliveryState;
  attempts: number;
  next: string | null;
  at: string;
  delivered: string | null;
  error: string | null;
}

/** Alarms of the server; `null` where it has none of this: an older one. */
export async function askAlarms(
  filter: { state?: AlarmState; prefix?: string } = {},
  signal?: AbortSignal,
): Promise<AlarmsAnswer | null> {
  const params = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
  const text = params.toString();
  try {
    return (await ask(`/api/alarms${text === '' ? '' : `?${text}`}`, { signal })) as AlarmsAnswer;
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.status === 404) return null;
    throw thrown;
  }
}

const at = (name: string) => `/api/alarms/${encodeURIComponent(name)}`;

export async function askAlarm(name: string, signal?: AbortSignal): Promise<AlarmDetail> {
  return (await ask(at(name), { signal })) as AlarmDetail;
}

export async function putAlarm(name: string, definition: Definition): Promise<void> {
  await ask(at(name), { method: 'PUT', body: definition });
}

export async function deleteAlarm(name: string): Promise<void> {
  await ask(at(name), { method: 'DELETE' });
}

/** Switches the actions of an alarm on or off; its state goes on being evaluated. */
export async function enableActions(name: string, on: boolean): Promise<void> {
  await ask(`${at(name)}/${on ? 'enable' : 'disable'}`, { method: 'POST' });
}

export async function setAlarmState(name: string, state: AlarmState, reason: string): Promise<void> {
  await ask(`${at(name)}/state`, { method: 'POST', body: { StateValue: state, StateReason: reason } });
}

export interface HistoryQuestion {
  alarm?: string;
  /** RFC 3339. */
  start: string;
  end: string;
  limit: number;
  type?: HistoryType | undefined;
}

/** Newest first. */
export async function askHistory(question: HistoryQuestion, signal?: AbortSignal): Promise<readonly HistoryItem[]> {
  const params = new URLSearchParams({ start: question.start, end: question.end, limit: String(question.limit) });
  if (question.alarm !== undefined) params.set('alarm', question.alarm);
  if (question.type !== undefined) params.set('type', question.type);
  return ((await ask(`/api/alarm-history?${params.toString()}`, { signal })) as { items: HistoryItem[] }).items;
}

export async function replayAlarm(
  body: { definition: Definition; start: string; end: string },
  signal?: AbortSignal,
): Promise<Replay> {
  return (await ask('/api/alarms/replay', { method: 'POST', body, signal })) as Replay;
}

export async function checkAlarm(
  definition: Definition,
  signal?: AbortSignal,
): Promise<{ definition: Definition; faults: readonly { key: string; message: string }[] }> {
  return (await ask('/api/alarms/check', { method: 'POST', body: { definition }, signal })) as {
    definition: Definition;
    faults: { key: string; message: string }[];
  };
}

export async function askSilences(signal?: AbortSignal): Promise<readonly Silence[]> {
  return ((await ask('/api/silences', { signal })) as { silences: Silence[] }).silences;
}

export async function makeSilence(draft: SilenceDraft): Promise<void> {
  await ask('/api/silences', { method: 'POST', body: draft });
}

export async function endSilence(id: string): Promise<void> {
  await ask(`/api/silences/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

export async function askReceivers(signal?: AbortSignal): Promise<readonly Receiver[]> {
  return ((await ask('/api/receivers', { signal })) as { receivers: Receiver[] }).receivers;
}

export async function testReceiver(name: string): Promise<TestAnswer> {
  return (await ask(`/api/receivers/${encodeURIComponent(name)}/test`, { method: 'POST' })) as TestAnswer;
}

export async function askDeliveries(
  filter: { alarm?: string; state?: DeliveryState | undefined; limit: number },
  signal?: AbortSignal,
): Promise<readonly Delivery[]> {
  const params = new URLSearchParams({ limit: String(filter.limit) });
  if (filter.alarm !== undefined) params.set('alarm', filter.alarm);
  if (filter.state !== undefined) params.set('state', filter.state);
  return ((await ask(`/api/deliveries?${params.toString()}`, { signal })) as { deliveries: Delivery[] }).deliveries;
}
