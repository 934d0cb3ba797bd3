import { DEFINITIONS } from './definitions.ts';
import { judge, labelsOf, replay, textAt } from './replay.ts';
import type { Point, State } from './replay.ts';

/** The alarms that are held, and what is told of them. For work on the page only. */

export interface Alarm {
  name: string;
  origin: 'starter' | 'file' | 'api';
  definition: Record<string, unknown>;
  configured: number;
  /** A state that was set by hand, until the next evaluation. */
  set?: { state: string; reason: string; at: number; until: number };
}

export interface Held {
  alarms: Alarm[];
  silences: Record<string, unknown>[];
  put: (name: string, definition: Record<string, unknown>, now: number) => void;
}

const DAY_MS = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString();

export function beginning(now: number): Held {
  const held: Held = {
    alarms: DEFINITIONS.map(({ origin, definition }) => ({
      name: String(definition.AlarmName),
      origin,
      definition: { ...definition },
      configured: now - 3 * DAY_MS,
    })),
    silences: [
      {
        id: 'maintenance',
        alarm: null,
        labels: { namespace: 'batch' },
        tags: {},
        starts: null,
        ends: null,
        weekly: { days: ['Sat', 'Sun'], from: '22:00', to: '06:00', time_zone: 'UTC' },
        comment: 'Batch jobs are rebuilt at weekends',
        author: null,
        origin: 'file',
      },
      {
        id: 's1',
        alarm: 'shop-*',
        labels: {},
        tags: {},
        starts: iso(now - 600_000),
        ends: iso(now + 7_200_000),
        weekly: null,
        comment: 'New checkout is being rolled out, ask Mika',
        author: 'mika',
        origin: 'api',
      },
    ],
    put: (name, definition, at) => {
      const alarm = held.alarms.find((other) => other.name === name);
      if (alarm) {
        alarm.definition = definition;
        alarm.configured = at;
      } else {
        held.alarms.push({ name, origin: 'api', definition, configured: at });
      }
    },
  };
  return held;
}

interface Series {
  labels: Record<string, string>;
  state: State;
  since: string;
  reason: string;
  value: number | null;
  points: Point[];
}

const LOOK_BACK_MS = 3_600_000;

/** Judged once in ten seconds: the page asks more often than anything changes. */
const judgedOnce = new WeakMap<object, { at: number; series: Series[] }>();

function seriesOf(alarm: Alarm, now: number): Series[] {
  const at = Math.floor(now / 10_000);
  const known = judgedOnce.get(alarm.definition);
  if (known?.at === at) return known.series;
  const series = judgedNow(alarm, now);
  judgedOnce.set(alarm.definition, { at, series });
  return series;
}

function judgedNow(alarm: Alarm, now: number): Series[] {
  const { definition } = alarm;
  if ('AlarmRule' in definition) return [];
  const past = replay(definition, now - LOOK_BACK_MS, now);
  return labelsOf(definition).map((labels, index) => {
    const last = past.series[index]?.spans.at(-1);
    const judged = judge(definition, labels, now, last?.state ?? 'OK');
    return {
      labels,
      state: judged.state,
      since: last?.state === judged.state ? last.start : iso(now),
      reason: judged.reason,
      value: [...judged.points].reverse().find(({ value }) => value !== null)?.value ?? null,
      points: judged.points,
    };
  });
}

function childrenOf(held: Held, alarm: Alarm, now: number): { name: string; state: State }[] {
  const rule = textAt(alarm.definition, 'AlarmRule');
  return [...rule.matchAll(/\("([^"]+)"\)/g)].flatMap(([, name = '']) => {
    const child = held.alarms.find((other) => other.name === name);
    return child ? [{ name, state: stateOf(held, child, now) }] : [];
  });
}

function stateOf(held: Held, alarm: Alarm, now: number): State {
  if (alarm.set && alarm.set.until > now) return alarm.set.state as State;
  if ('AlarmRule' in alarm.definition) {
    return childrenOf(held, alarm, now).some(({ state }) => state === 'ALARM') ? 'ALARM' : 'OK';
  }
  return joint(seriesOf(alarm, now));
}

function joint(series: readonly { state: State }[]): State {
  if (series.some(({ state }) => state === 'ALARM')) return 'ALARM';
  return series.some(({ state }) => state === 'OK') ? 'OK' : 'INSUFFICIENT_DATA';
}

const KINDS: Record<string, string> = { Rows: 'rows', Logs: 'logs', Sql: 'sql', Health: 'health', Loss: 'loss' };

export function summary(held: Held, alarm: Alarm, now: number) {
  const { definition } = alarm;
  const series = seriesOf(alarm, now);
  const state = stateOf(held, alarm, now);
  const worst = series.filter((one) => one.state === state).sort((a, b) => a.since.localeCompare(b.since))[0];
  const children = childrenOf(held, alarm, now);
  const tags = Object.fromEntries(
    ((definition.Tags as { Key: string; Value: string }[] | undefined) ?? []).map(({ Key, Value }) => [Key, Value]),
  );
  const count = (of: State) => series.filter((one) => one.state === of).length;
  const firing = children.find((child) => child.state === 'ALARM');
  const broken = alarm.name === 'sql-orders';
  return {
    name: alarm.name,
    arn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${alarm.name}`,
    kind:
      'AlarmRule' in definition
        ? 'composite'
        : (KINDS[Object.keys((definition.Source as object | undefined) ?? {})[0] ?? ''] ?? 'metric'),
    description: (definition.AlarmDescription as string | undefined) ?? null,
    state: broken ? 'INSUFFICIENT_DATA' : state,
    since: alarm.set && alarm.set.until > now ? iso(alarm.set.at) : (worst?.since ?? iso(now - 5_400_000)),
    updated: iso(now - 20_000),
    reason:
      alarm.set && alarm.set.until > now
        ? alarm.set.reason
        : 'AlarmRule' in definition
          ? firing
            ? `${firing.name} transitioned to ALARM at ${iso(now - 900_000)}`
            : `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${alarm.name} was created and its alarm rule evaluates to OK`
          : (worst?.reason ?? 'Unchecked: Initial alarm creation'),
    origin: alarm.origin,
    actions_enabled: definition.ActionsEnabled !== false,
    tags,
    contributors:
      labelsOf(definition).length > 1 || Object.keys(labelsOf(definition)[0] ?? {}).length > 0
        ? { ALARM: count('ALARM'), OK: count('OK'), INSUFFICIENT_DATA: count('INSUFFICIENT_DATA') }
        : null,
    in_alarm: series
      .filter((one) => one.state === 'ALARM')
      .slice(0, 20)
      .map(({ labels, since, reason, value }) => ({ labels, since, reason, value })),
    silenced_by: alarm.name.startsWith('shop-') && held.silences.some((one) => one.alarm === 'shop-*') ? ['s1'] : [],
    suppressed_by: alarm.name === 'payments-all' && state === 'ALARM' ? 'WaitPeriod' : null,
    receivers: ((definition.AlarmActions as string[] | undefined) ?? []).map((arn) => arn.split(':').at(-1) ?? arn),
    problem: broken ? 'the table orders does not exist' : null,
  };
}

/** As many as the server tells of one alarm. */
const MOST_SERIES = 500;

export function detail(held: Held, alarm: Alarm, now: number) {
  const { definition } = alarm;
  const number = (key: string) => (typeof definition[key] === 'number' ? definition[key] : null);
  const series = seriesOf(alarm, now);
  return {
    ...summary(held, alarm, now),
    definition,
    configured: iso(alarm.configured),
    threshold: number('Threshold'),
    period_seconds: number('Period'),
    evaluation_periods: number('EvaluationPeriods'),
    datapoints_to_alarm: number('DatapointsToAlarm'),
    treat_missing_data: definition.TreatMissingData ?? null,
    series: series.slice(0, MOST_SERIES),
    series_total: series.length,
    children: childrenOf(held, alarm, now),
    parents: held.alarms
      .filter((other) => textAt(other.definition, 'AlarmRule').includes(`("${alarm.name}")`))
      .map(({ name }) => name),
  };
}

/** Changes of state, newest first. */
export function alarmHistory(held: Held, params: URLSearchParams, now: number) {
  const start = Date.parse(params.get('start') ?? iso(now - DAY_MS));
  const end = Date.parse(params.get('end') ?? iso(now));
  const only = params.get('alarm');
  const type = params.get('type');
  const items: Record<string, unknown>[] = [];
  for (const alarm of held.alarms) {
    if (only !== null && only !== '' && alarm.name !== only) continue;
    if (!('AlarmRule' in alarm.definition)) {
      for (const { labels, transitions } of replay(alarm.definition, start, end).series) {
        for (const one of transitions as { time: string; from: string; to: string; reason: string }[]) {
          items.push({
            time: one.time,
            alarm: alarm.name,
            labels,
            type: 'StateUpdate',
            summary: `Alarm updated from ${one.from} to ${one.to}`,
            from: one.from,
            to: one.to,
            reason: one.reason,
            data: {},
          });
        }
      }
    }
    if (alarm.configured >= start)
      items.push({
        time: iso(alarm.configured),
        alarm: alarm.name,
        labels: {},
        type: 'ConfigurationUpdate',
        summary: `Alarm "${alarm.name}" updated`,
        from: null,
        to: null,
        reason: null,
        data: {},
      });
  }
  return items
    .filter((item) => type === null || type === '' || item.type === type)
    .sort((a, b) => String(b.time).localeCompare(String(a.time)))
    .slice(0, Number(params.get('limit') ?? 200))
    .map((item, index, all) => ({ number: all.length - index, ...item }));
}

export function silences(held: Held, now: number) {
  return held.silences.map((silence) => ({
    ...silence,
    active: silence.weekly ? false : Date.parse(String(silence.ends)) > now,
  }));
}

const ARN = 'arn:aws:sns:us-east-1:000000000000:';

export function receivers(now: number) {
  return [
    {
      name: 'team-mail',
      type: 'email',
      arns: [`${ARN}team-mail`],
      target: 'mail.example.org',
      waiting: 0,
      delivered: 128,
      failed: 0,
      last_delivered: iso(now - 540_000),
      last_error: null,
    },
    {
      name: 'shop-slack',
      type: 'slack',
      arns: [`${ARN}shop-slack`],
      target: 'hooks.slack.com',
      waiting: 0,
      delivered: 61,
      failed: 0,
      last_delivered: iso(now - 1_900_000),
      last_error: null,
    },
    {
      name: 'pager',
      type: 'pagerduty',
      arns: [`${ARN}pager`],
      target: 'events.pagerduty.com',
      waiting: 1,
      delivered: 4,
      failed: 1,
      last_delivered: iso(now - DAY_MS),
      last_error: '503 Service Unavailable',
    },
  ];
}

export function deliveries(held: Held, params: URLSearchParams, now: number) {
  const wanted = params.get('state');
  const only = params.get('alarm');
  return held.alarms
    .flatMap((alarm, index) =>
      ((alarm.definition.AlarmActions as string[] | undefined) ?? []).map((arn, at) => {
        const receiver = arn.split(':').at(-1) ?? arn;
        const state = receiver !== 'pager' ? 'delivered' : index % 2 === 0 ? 'waiting' : 'failed';
        const time = now - (index * 7 + at + 3) * 180_000;
        return {
          id: index * 10 + at,
          number: 100 - index,
          alarm: alarm.name,
          labels: labelsOf(alarm.definition)[0] ?? {},
          to: index % 3 === 0 ? 'OK' : 'ALARM',
          receiver,
          state,
          attempts: state === 'delivered' ? 1 : state === 'waiting' ? 4 : 12,
          next: state === 'waiting' ? iso(now + 45_000) : null,
          at: iso(time),
          delivered: state === 'delivered' ? iso(time + 900) : null,
          error: state === 'delivered' ? null : '503 Service Unavailable',
        };
      }),
    )
    .filter((one) => (wanted === null || one.state === wanted) && (only === null || one.alarm === only));
}
