import type { AlarmSummary, Labels, Silence, SilenceDraft, Weekly } from '../api/alarms';
import { split } from './filters';

/** Silences as they are typed and read. Pure. */

export const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** A silence as a form holds it. */
export interface SilenceForm {
  alarm: string;
  /** `namespace=shop, pod=web-*` */
  labels: string;
  tags: string;
  /** How it ends: after so many seconds from now, at a moment, or never, holding at times of each week. */
  kind: 'for' | 'until' | 'weekly';
  seconds: string;
  /** As a field for date and time gives it, in the reader's zone. */
  until: string;
  days: readonly string[];
  from: string;
  to: string;
  timeZone: string;
  comment: string;
}

export function emptySilence(alarm: string, labels: string, timeZone: string): SilenceForm {
  return {
    alarm,
    labels,
    tags: '',
    kind: 'for',
    seconds: '7200',
    until: '',
    days: [],
    from: '22:00',
    to: '06:00',
    timeZone,
    comment: '',
  };
}

/** `a=b, c=d` as pairs; `null` where a part is none. */
export function pairsOf(text: string): Labels | null {
  const found: Record<string, string> = {};
  for (const part of split(text)) {
    const at = part.indexOf('=');
    if (at <= 0) return null;
    found[part.slice(0, at).trim()] = part.slice(at + 1).trim();
  }
  return found;
}

/** What is sent, or what is wrong with a field of the form. */
export function silenceOf(
  form: SilenceForm,
  nowMs: number,
): { draft: SilenceDraft; fault: null } | { draft: null; fault: { field: keyof SilenceForm; message: string } } {
  const wrong = (field: keyof SilenceForm, message: string) => ({ draft: null, fault: { field, message } });
  const labels = pairsOf(form.labels);
  if (!labels) return wrong('labels', 'Write name=value, several separated by commas.');
  const tags = pairsOf(form.tags);
  if (!tags) return wrong('tags', 'Write name=value, several separated by commas.');
  const alarm = form.alarm.trim() === '' ? null : form.alarm.trim();
  if (alarm === null && Object.keys(labels).length === 0 && Object.keys(tags).length === 0)
    return wrong('alarm', 'This would silence everything. Name an alarm, a label or a tag; * alone is every alarm.');
  if (form.comment.trim() === '') return wrong('comment', 'Say why, for those who wonder.');
  const common = { alarm, labels, tags, comment: form.comment.trim() };
  if (form.kind === 'weekly') {
    if (form.days.length === 0) return wrong('days', 'Choose at least one day.');
    if (form.from === '' || form.to === '') return wrong('from', 'Say from when to when.');
    const weekly: Weekly = { days: form.days, from: form.from, to: form.to, time_zone: form.timeZone };
    return { draft: { ...common, starts: null, ends: null, weekly }, fault: null };
  }
  const ends = form.kind === 'for' ? nowMs + Number(form.seconds) * 1000 : Date.parse(form.until);
  if (Number.isNaN(ends)) return wrong('until', 'Choose a moment.');
  if (ends <= nowMs) return wrong('until', 'That is in the past.');
  const text = (ms: number) => new Date(ms).toISOString();
  return { draft: { ...common, starts: text(nowMs), ends: text(ends), weekly: null }, fault: null };
}

/** Whether a name fits a pattern with `*`. */
export function fitsPattern(pattern: string, name: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return pattern === name;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = parts.at(-1) ?? '';
  return name.length - last.length >= at && name.endsWith(last);
}

/** The alarms whose name and tags a silence is about. Labels are looked at when a series changes. */
export function heldBy(silence: Pick<SilenceDraft, 'alarm' | 'tags'>, alarms: readonly AlarmSummary[]): AlarmSummary[] {
  return alarms.filter(
    ({ name, tags }) =>
      (silence.alarm === null || fitsPattern(silence.alarm, name)) &&
      Object.entries(silence.tags).every(([key, value]) => fitsPattern(value, tags[key] ?? '')),
  );
}

/** What a silence is about, in words. */
export function scopeWords({ alarm, labels, tags }: Pick<Silence, 'alarm' | 'labels' | 'tags'>): string {
  const pairs = (of: Labels) => Object.entries(of).map(([name, value]) => `${name} = ${value}`);
  return [alarm ?? 'every alarm', ...pairs(labels), ...pairs(tags).map((pair) => `tag ${pair}`)].join(', ');
}

/** When a weekly silence holds, in words. */
export function weeklyWords({ days, from, to, time_zone: zone }: Weekly): string {
  const over = to <= from ? ' of the next day' : '';
  return `${days.length === 7 ? 'every day' : days.join(', ')} from ${from} to ${to}${over}, ${zone}`;
}
