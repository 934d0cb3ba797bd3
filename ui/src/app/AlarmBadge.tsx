import { aboutWords } from '../alarms/about';
import type { Place } from '../alarms/concern';
import { labelsText, severityOf, severityRank } from '../alarms/order';
import { firingLink } from '../routes/alarmLinks';
import { useConcerns } from '../state/alarms';
import { Icon } from './icons';

const MOST = 6;

/** Beside the name of an entity: how many series of alarms are in ALARM on it and on what is within it. Nothing otherwise. */
export function AlarmBadge({ of }: { of: Place }) {
  const found = useConcerns(of);
  const [worst] = found;
  if (!worst) return null;
  const severity = severityOf(worst.alarm);
  const names = [...new Set(found.map(({ alarm }) => alarm.name))];
  const title = [
    ...found
      .slice(0, MOST)
      .map(({ alarm, contributor }) =>
        [alarm.name, labelsText(contributor.labels)].filter((one) => one !== '').join(': '),
      ),
    ...(found.length > MOST ? [`and ${found.length - MOST} more`] : []),
  ].join('\n');
  return (
    <a
      class={`status ${severityRank(severity) <= 1 ? 'bad' : 'warn'} alarm-badge`}
      href={firingLink(of)}
      title={title}
      aria-label={`${found.length} in alarm on ${aboutWords(of)} or within it; the worst is ${names[0] ?? ''}${severity === null ? '' : `, ${severity}`}`}
    >
      <Icon name="alarms" />
      <span class="num">{found.length}</span>
    </a>
  );
}
