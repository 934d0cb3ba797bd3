import type { AlarmDetail } from '../../../api/alarms';
import { condition } from '../../../alarms/explain';
import { severityOf } from '../../../alarms/order';
import { KIND_WORDS, ORIGIN_WORDS, SUPPRESSED_WORDS } from '../../../alarms/words';
import { Icon } from '../../../app/icons';
import { alarmLink, alarmsLink } from '../../../routes/alarmLinks';
import { Facts } from '../../parts/Facts';
import { Held } from '../list/AlarmRow';
import { Lasting, Moment, SeverityMark, StateMark } from '../StateMark';

/** What an alarm says now, and why. */
export function AlarmHead({ alarm }: { alarm: AlarmDetail }) {
  const counts = alarm.contributors;
  return (
    <section class={`card verdict ${alarm.state === 'OK' ? 'well' : ''}`} aria-label="State">
      <p class="verdict-head">
        <StateMark state={alarm.state} />
        {severityOf(alarm) !== null && <SeverityMark alarm={alarm} />}
        <span class="muted">
          for <Lasting since={alarm.since} />
        </span>
        <Held alarm={alarm} />
      </p>
      {alarm.problem !== null && (
        <p class="status warn">
          <Icon name="warn" />
          Cannot be evaluated: {alarm.problem}
        </p>
      )}
      <p class="alarm-reason">{alarm.reason}</p>
      {alarm.suppressed_by !== null && <p class="muted">{SUPPRESSED_WORDS[alarm.suppressed_by]}</p>}
      {alarm.description !== null && <p>{alarm.description}</p>}
      <Facts
        facts={[
          { name: 'When', value: condition(alarm.definition) },
          {
            name: 'Series',
            value:
              counts && `${counts.ALARM} in alarm, ${counts.OK} OK, ${counts.INSUFFICIENT_DATA} with insufficient data`,
          },
          { name: 'On', value: KIND_WORDS[alarm.kind] },
          { name: 'Made by', value: ORIGIN_WORDS[alarm.origin] },
          { name: 'Changed', value: <Moment at={alarm.configured} /> },
          {
            name: 'Receivers',
            value:
              alarm.receivers.length === 0 ? (
                'none: nobody is told'
              ) : (
                <a href={alarmsLink({ tab: 'receivers' })}>{alarm.receivers.join(', ')}</a>
              ),
          },
          {
            name: 'Part of',
            value:
              alarm.parents.length === 0
                ? null
                : alarm.parents.map((parent, index) => (
                    <span key={parent}>
                      {index > 0 && ', '}
                      <a href={alarmLink(parent)}>{parent}</a>
                    </span>
                  )),
          },
        ]}
      />
    </section>
  );
}
