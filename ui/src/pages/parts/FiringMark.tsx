import type { Concern, Place } from '../../alarms/concern';
import { severityOf, severityRank } from '../../alarms/order';
import { Icon } from '../../app/icons';
import { ago, parseMoment } from '../../format/time';
import { alarmLink, entityLink, firingLink } from '../../routes/alarmLinks';
import { now } from '../../state/clock';
import { useConcerns } from '../../state/alarms';
import { labelsText } from '../../alarms/order';

/** That an alarm on an entity, or on something within it, goes off: icon, number and the way there. Nothing otherwise. */
export function FiringMark({ of }: { of: Place }) {
  const found = useConcerns(of);
  const worst = found[0];
  if (!worst) return null;
  const title = found
    .slice(0, 6)
    .map(({ alarm, contributor }) => `${alarm.name}: ${labelsText(contributor.labels)}`)
    .join('\n');
  const words = found.length === 1 ? 'alarm' : `${found.length} alarms`;
  return (
    <a class={`status ${toneOf(worst)} firing-mark`} href={hrefOf(found, of)} title={title}>
      <Icon name="alarms" />
      {words}
    </a>
  );
}

/** The alarms on an entity and on what is within it, each with its reason. Nothing while none goes off. */
export function Firing({ of }: { of: Place }) {
  const found = useConcerns(of);
  if (found.length === 0) return null;
  return (
    <section class="card firing" aria-label="Alarms">
      <ul class="also">
        {found.slice(0, MOST).map((one) => (
          <FiringItem key={`${one.alarm.name} ${labelsText(one.contributor.labels)}`} one={one} />
        ))}
        {found.length > MOST && (
          <li>
            <a href={hrefOf(found, of)}>and {found.length - MOST} more</a>
          </li>
        )}
      </ul>
    </section>
  );
}

const MOST = 5;

function FiringItem({ one }: { one: Concern }) {
  const { alarm, contributor } = one;
  const since = parseMoment(contributor.since);
  const href = entityLink(contributor.labels);
  return (
    <li>
      <span class={`status ${toneOf(one)}`}>
        <Icon name="alarms" />
        in alarm
      </span>
      <a href={alarmLink(alarm.name)}>{alarm.name}</a>
      {href !== null && <a href={href}>{labelsText(contributor.labels)}</a>}
      {since !== null && <span class="muted">{ago(since, now.value)}</span>}
      {alarm.silenced_by.length > 0 && <span class="badge">silenced</span>}
      <span class="muted">{contributor.reason}</span>
    </li>
  );
}

function toneOf({ alarm }: Concern): string {
  return severityRank(severityOf(alarm)) <= 1 ? 'bad' : 'warn';
}

function hrefOf(found: readonly Concern[], of: Place): string {
  const names = new Set(found.map(({ alarm }) => alarm.name));
  const [only] = names;
  return names.size === 1 && only !== undefined ? alarmLink(only) : firingLink(of);
}
