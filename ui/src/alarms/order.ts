import type { AlarmState, AlarmSummary, Labels } from '../api/alarms';

/** How alarms are ranked and found. Pure. */

/** The tag `severity`, worst first; an alarm without one comes after those that are only informing. */
export const SEVERITY_TAGS = ['critical', 'error', 'warning', 'info'] as const;

export function severityOf(alarm: Pick<AlarmSummary, 'tags'>): string | null {
  return alarm.tags.severity ?? null;
}

/** 0 is worst. A word of one's own is between those that are known and none. */
export function severityRank(severity: string | null): number {
  if (severity === null) return SEVERITY_TAGS.length + 1;
  const at = SEVERITY_TAGS.findIndex((one) => one === severity.toLowerCase());
  return at < 0 ? SEVERITY_TAGS.length : at;
}

/** Worst first. */
export const ALARM_STATES: readonly AlarmState[] = ['ALARM', 'INSUFFICIENT_DATA', 'OK'];

/** 0 is worst. */
export function stateRank(state: AlarmState): number {
  return ALARM_STATES.indexOf(state);
}

/** ALARM before INSUFFICIENT_DATA before OK; then by severity, then the newest change, then the name. */
export function worstFirst(alarms: readonly AlarmSummary[]): AlarmSummary[] {
  return [...alarms].sort(
    (a, b) =>
      stateRank(a.state) - stateRank(b.state) ||
      severityRank(severityOf(a)) - severityRank(severityOf(b)) ||
      Date.parse(b.since) - Date.parse(a.since) ||
      a.name.localeCompare(b.name),
  );
}

/** What a list of alarms is narrowed to; `null` is everything. */
export interface AlarmFilter {
  state: AlarmState | null;
  severity: string | null;
  /** `key:value`, or `key` alone for any value. */
  tag: string | null;
  origin: string | null;
  text: string;
}

export function fitsFilter(alarm: AlarmSummary, filter: AlarmFilter): boolean {
  if (filter.state !== null && alarm.state !== filter.state) return false;
  if (filter.severity !== null && (severityOf(alarm) ?? 'none') !== filter.severity) return false;
  if (filter.origin !== null && alarm.origin !== filter.origin) return false;
  if (filter.tag !== null && !hasTag(alarm, filter.tag)) return false;
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return true;
  const whole = [
    alarm.name,
    alarm.description ?? '',
    alarm.reason,
    alarm.kind,
    ...Object.entries(alarm.tags).map(([key, value]) => `${key}:${value}`),
    ...alarm.in_alarm.flatMap(({ labels }) => Object.values(labels)),
    ...alarm.receivers,
  ]
    .join('\n')
    .toLowerCase();
  return words.every((word) => whole.includes(word));
}

function hasTag({ tags }: AlarmSummary, wanted: string): boolean {
  const colon = wanted.indexOf(':');
  if (colon < 0) return wanted in tags;
  return tags[wanted.slice(0, colon)] === wanted.slice(colon + 1);
}

/** Every tag that some alarm has, as `key:value`, without severities, which have a filter of their own. */
export function tagsOf(alarms: readonly AlarmSummary[]): string[] {
  const found = new Set<string>();
  for (const { tags } of alarms)
    for (const [key, value] of Object.entries(tags))
      // Texts for people are nothing to choose from.
      if (!['severity', 'runbook', 'summary'].includes(key)) found.add(`${key}:${value}`);
  return [...found].sort();
}

/** Labels in the order in which one goes down to a thing. */
const ORDER = ['cluster', 'node', 'namespace', 'workload_kind', 'workload', 'service', 'pod', 'container'];

export function labelEntries(labels: Labels): [string, string][] {
  const place = (name: string) => {
    const at = ORDER.indexOf(name);
    return at < 0 ? ORDER.length : at;
  };
  return Object.entries(labels).sort(([a], [b]) => place(a) - place(b) || a.localeCompare(b));
}

/** The shortest text that tells series apart: `shop / checkout`. */
export function labelsText(labels: Labels): string {
  return labelEntries(labels)
    .filter(([name]) => name !== 'workload_kind')
    .map(([, value]) => value)
    .join(' / ');
}
