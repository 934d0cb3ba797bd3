import { useState } from 'preact/hooks';
import { deleteAlarm, enableActions, setAlarmState } from '../../../api/alarms';
import type { AlarmDetail, AlarmState } from '../../../api/alarms';
import { ALARM_STATES } from '../../../alarms/order';
import { STATE_MARKS } from '../../../alarms/words';
import { Icon } from '../../../app/icons';
import { Dialog } from '../../../keyboard/Dialog';
import { alarmsLink, editAlarmLink, silenceLink } from '../../../routes/alarmLinks';
import { goTo } from '../../../routes/location';
import { Refused } from '../Refused';
import { useAction } from '../useAction';
import type { Action } from '../useAction';

type Open = 'state' | 'delete' | null;

/** What can be done with an alarm. */
export function AlarmActions({ alarm }: { alarm: AlarmDetail }) {
  const action = useAction();
  const [open, setOpen] = useState<Open>(null);
  const on = alarm.actions_enabled;
  const show = (what: Open) => {
    action.forget();
    setOpen(what);
  };
  return (
    <>
      {open === null && <Refused problem={action.problem} />}
      <div class="alarm-actions" role="group" aria-label="What to do with this alarm">
        <a class="button" href={editAlarmLink(alarm.name)} title="Edit (e)">
          {alarm.origin === 'file' ? 'Look at it in the editor' : 'Edit'}
        </a>
        <button
          type="button"
          disabled={action.busy}
          title={on ? 'It goes on being evaluated, and nobody is told' : 'Tell its receivers from the next change on'}
          onClick={() =>
            void action.run(
              () => enableActions(alarm.name, !on),
              on ? 'Notifications are off.' : 'Notifications are on.',
            )
          }
        >
          {on ? 'Switch notifications off' : 'Switch notifications on'}
        </button>
        <a class="button" href={silenceLink(alarm.name)}>
          <Icon name="silence" />
          Silence this
        </a>
        <button type="button" onClick={() => show('state')}>
          Set state
        </button>
        <button type="button" onClick={() => show('delete')}>
          Delete
        </button>
      </div>
      {open === 'state' && <SetState alarm={alarm} action={action} onClose={() => setOpen(null)} />}
      {open === 'delete' && <Delete alarm={alarm} action={action} onClose={() => setOpen(null)} />}
    </>
  );
}

interface Properties {
  alarm: AlarmDetail;
  action: Action;
  onClose: () => void;
}

function SetState({ alarm, action, onClose }: Properties) {
  const [state, setState] = useState<AlarmState>(alarm.state === 'ALARM' ? 'OK' : 'ALARM');
  const [reason, setReason] = useState('');
  return (
    <Dialog label="Set state" onClose={onClose}>
      <form
        class="dialog-body form"
        onSubmit={(event) => {
          event.preventDefault();
          void action
            .run(() => setAlarmState(alarm.name, state, reason), `State set to ${STATE_MARKS[state].word}.`)
            .then((done) => done && onClose());
        }}
      >
        <h2>Set the state of {alarm.name}</h2>
        <p class="banner">
          <Icon name="warn" />
          <span>
            {alarm.kind === 'composite'
              ? 'Notifications go out as for a real change. It stays until an alarm below it changes.'
              : 'Notifications go out as for a real change. The next evaluation corrects it, within a minute.'}
          </span>
        </p>
        <Refused problem={action.problem} />
        <label>
          State
          <select data-autofocus value={state} onChange={(event) => setState(event.currentTarget.value as AlarmState)}>
            {ALARM_STATES.map((one) => (
              <option key={one} value={one}>
                {STATE_MARKS[one].word}
              </option>
            ))}
          </select>
        </label>
        <label>
          Reason
          <input
            required
            maxLength={1023}
            placeholder="trying whether the notification arrives"
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <div class="form-end">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={action.busy}>
            Set state
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Delete({ alarm, action, onClose }: Properties) {
  return (
    <Dialog label="Delete" onClose={onClose}>
      <form
        class="dialog-body form"
        onSubmit={(event) => {
          event.preventDefault();
          void action.run(
            () => deleteAlarm(alarm.name),
            `Alarm ${alarm.name} deleted.`,
            () => goTo(alarmsLink()),
          );
        }}
      >
        <h2>Delete {alarm.name}?</h2>
        <p>Its history stays. Nobody is told of it any more.</p>
        <Refused problem={action.problem} />
        <div class="form-end">
          <button type="button" data-autofocus onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={action.busy}>
            Delete
          </button>
        </div>
      </form>
    </Dialog>
  );
}
