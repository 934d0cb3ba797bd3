import { createContext } from 'preact';
import { together } from '../alarms/spans';
import type { Span } from '../state/range';
import type { ChartModel } from './model';

/** An alarm that was in ALARM within what a chart shows. */
export interface ChartAlarm {
  name: string;
  /** The way to its page. */
  href: string;
  /** Of which series, where that is not what the page is about. */
  of: string | null;
  /** On what the page is about; else on something within it. */
  own: boolean;
  severity: string | null;
  /** When, in the order of time. */
  spans: readonly Span[];
}

/** The alarms of the subject of a page, those that matter most first. One question for the page, not for each chart. */
export const AlarmsOf = createContext<readonly ChartAlarm[]>([]);

/** So many alarms have a bar of their own on a chart; all others share the last. */
export const MOST_BARS = 3;

/** A bar over a chart. */
export interface AlarmBar {
  /** Filled where it is about the subject of the page, else hollow. */
  own: boolean;
  spans: readonly Span[];
}

/** The bars of a chart, from the top down. */
export function barsOf(alarms: readonly ChartAlarm[]): AlarmBar[] {
  const alone = alarms.length <= MOST_BARS ? alarms : alarms.slice(0, MOST_BARS - 1);
  const rest = alarms.slice(alone.length);
  return [
    ...alone.map(({ own, spans }) => ({ own, spans })),
    ...(rest.length === 0
      ? []
      : [{ own: rest.some(({ own }) => own), spans: together(rest.flatMap(({ spans }) => spans)) }]),
  ];
}

/** Those in ALARM in the period that begins at a moment. */
export function alarmsAt(alarms: readonly ChartAlarm[], time: number, period: number): ChartAlarm[] {
  return alarms.filter(({ spans }) => spans.some(({ start, end }) => start < time + period && end > time));
}

/** Those that a chart shows, as it shows them. */
export function alarmsIn({ span }: Pick<ChartModel, 'span'>, alarms: readonly ChartAlarm[]): ChartAlarm[] {
  return alarms.flatMap((alarm) => {
    const spans = alarm.spans.filter(({ start, end }) => start < span.end && end > span.start);
    return spans.length === 0 ? [] : [{ ...alarm, spans }];
  });
}

/** `kansoku-oom-killed (shop / web-1)` */
export function alarmWords({ name, of }: Pick<ChartAlarm, 'name' | 'of'>): string {
  return of === null ? name : `${name} (${of})`;
}
