import type { AlarmSummary, Contributor } from '../../../api/alarms';
import type { Stretch } from '../../../alarms/spans';
import { KIND_WORDS, ORIGIN_WORDS, SUPPRESSED_WORDS } from '../../../alarms/words';
import { Icon } from '../../../app/icons';
import { alarmLink, alarmsLink } from '../../../routes/alarmLinks';
import { Lasting, SeverityMark, StateMark, Subject } from '../StateMark';
import { Timeline } from './Timeline';

const MOST_SUBJECTS = 4;

/** An alarm in the list: what it says, of what, since when. */
export function AlarmRow({ alarm, stretches }: { alarm: AlarmSummary; stretches: readonly Stretch[] | null }) {
  return (
    <li class={`alarm-row ${alarm.state.toLowerCase()}`}>
      <div class="alarm-state">
        <StateMark state={alarm.state} />
        <SeverityMark alarm={alarm} />
      </div>
      <div class="alarm-what">
        <p class="alarm-name">
          <a href={alarmLink(alarm.name)}>{alarm.name}</a>
          <Held alarm={alarm} />
        </p>
        {alarm.problem === null ? (
          alarm.state !== 'OK' && <p class="alarm-reason">{alarm.reason}</p>
        ) : (
          <p class="status warn">
            <Icon name="warn" />
            Cannot be evaluated: {alarm.problem}
          </p>
        )}
        <Subjects of={alarm.in_alarm} total={alarm.contributors?.ALARM ?? alarm.in_alarm.length} />
      </div>
      <div class="alarm-facts muted">
        <span class="num">
          for <Lasting since={alarm.since} />
        </span>
        <span>
          {KIND_WORDS[alarm.kind]} · {ORIGIN_WORDS[alarm.origin]}
        </span>
      </div>
      <Timeline stretches={stretches} name={alarm.name} />
    </li>
  );
}

/** Why nobody may hear of it. */
export function Held({ alarm }: { alarm: AlarmSummary }) {
  return (
    <>
      {alarm.silenced_by.length > 0 && (
        <a class="badge" href={alarmsLink({ tab: 'silences' })} title="A silence holds its notifications">
          <Icon name="silence" />
          silenced
        </a>
      )}
      {alarm.suppressed_by !== null && (
        <span class="badge" title={SUPPRESSED_WORDS[alarm.suppressed_by]}>
          <Icon name="pause" />
          suppressed
        </span>
      )}
      {!alarm.actions_enabled && (
        <span class="badge" title="It is evaluated, and nobody is told">
          <Icon name="minus" />
          notifications off
        </span>
      )}
    </>
  );
}

function Subjects({ of, total }: { of: readonly Contributor[]; total: number }) {
  const named = of.filter(({ labels }) => Object.keys(labels).length > 0);
  if (named.length === 0) return null;
  const more = total - Math.min(named.length, MOST_SUBJECTS);
  return (
    <ul class="alarm-subjects" aria-label="In alarm">
      {named.slice(0, MOST_SUBJECTS).map((one) => (
        <li key={JSON.stringify(one.labels)} class="badge" title={one.reason}>
          <Subject labels={one.labels} />
        </li>
      ))}
      {more > 0 && <li class="muted">and {more} more</li>}
    </ul>
  );
}
