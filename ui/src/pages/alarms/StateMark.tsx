import type { AlarmState, AlarmSummary, Labels } from '../../api/alarms';
import { Icon } from '../../app/icons';
import { labelEntries, severityOf, severityRank } from '../../alarms/order';
import { STATE_MARKS } from '../../alarms/words';
import { ago, dateTime, duration, parseMoment } from '../../format/time';
import { entityLink } from '../../routes/alarmLinks';
import { now } from '../../state/clock';
import { zone } from '../../state/zone';

/** A state as icon and word; why, on hover. */
export function StateMark({ state, why }: { state: AlarmState; why?: string }) {
  const { tone, icon, word } = STATE_MARKS[state];
  return (
    <span class={`status ${tone}`} title={why}>
      <Icon name={icon} />
      {word}
    </span>
  );
}

const SEVERITY_TONES = ['bad', 'bad', 'warn', 'none'] as const;

/** The tag `severity`, where there is one. */
export function SeverityMark({ alarm }: { alarm: Pick<AlarmSummary, 'tags'> }) {
  const severity = severityOf(alarm);
  if (severity === null) return <span class="muted">–</span>;
  return <span class={`status ${SEVERITY_TONES[severityRank(severity)] ?? 'none'}`}>{severity}</span>;
}

/** Which series, with the way to what it is about. */
export function Subject({ labels }: { labels: Labels }) {
  const entries = labelEntries(labels).filter(([name]) => name !== 'workload_kind');
  if (entries.length === 0) return <span class="muted">the only series</span>;
  const href = entityLink(labels);
  const title = entries.map(([name, value]) => `${name} ${value}`).join('\n');
  const text = entries.map(([, value]) => value).join(' / ');
  return href === null ? (
    <span title={title}>{text}</span>
  ) : (
    <a href={href} title={title}>
      {text}
    </a>
  );
}

/** How long ago, with the moment on hover. A dash where there is none. */
export function Moment({ at }: { at: string | null }) {
  const time = at === null ? null : parseMoment(at);
  if (time === null) return <span class="muted">–</span>;
  return (
    <time dateTime={new Date(time).toISOString()} title={dateTime(time, zone.value)}>
      {time > now.value + 1500 ? `in ${duration((time - now.value) / 1000)}` : ago(time, now.value)}
    </time>
  );
}

/** How long it has been so. */
export function Lasting({ since }: { since: string }) {
  const time = parseMoment(since);
  if (time === null) return <span class="muted">–</span>;
  return (
    <span title={`since ${dateTime(time, zone.value)}`}>
      {duration(Math.max(0, Math.round((now.value - time) / 1000)))}
    </span>
  );
}
