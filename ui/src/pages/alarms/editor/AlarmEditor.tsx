import { askAlarm, putAlarm } from '../../../api/alarms';
import type { AlarmDetail } from '../../../api/alarms';
import { NEW_ALARM } from '../../../alarms/form';
import { Icon } from '../../../app/icons';
import { Page } from '../../../app/Page';
import { alarmLink, alarmsLink, newAlarmLink } from '../../../routes/alarmLinks';
import { goTo, query, setQuery } from '../../../routes/location';
import { useResource } from '../../../state/resource';
import { Fault } from '../../parts/Empty';
import { Refused } from '../Refused';
import { useAction } from '../useAction';
import { ConditionFields } from './ConditionFields';
import { JsonView } from './JsonView';
import { NameFields } from './NameFields';
import { Preview } from './Preview';
import { ReceiverFields } from './ReceiverFields';
import { SourceFields } from './SourceFields';
import { useDraft } from './useDraft';
import { useJudgement } from './useJudgement';

/** Makes an alarm, or changes the one that is named. */
export function AlarmEditor({ name }: { name: string | null }) {
  const { data, problem, retry } = useResource(name, 'once', (signal) => askAlarm(name ?? '', signal));
  const crumbs = [
    { label: 'Alarms', href: alarmsLink() },
    ...(name === null ? [] : [{ label: name, href: alarmLink(name) }]),
  ];
  return (
    <Page title={name === null ? 'New alarm' : `Edit ${name}`} crumbs={crumbs}>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      {name !== null && data === null && !problem && <p class="muted loading-note">Loading…</p>}
      {(name === null || data !== null) && <Editor existing={data} />}
    </Page>
  );
}

function Editor({ existing }: { existing: AlarmDetail | null }) {
  const draft = useDraft(existing?.definition ?? NEW_ALARM);
  const action = useAction();
  const asJson = query.value.get('view') === 'json';
  const fixed = existing?.origin === 'file';
  const judged = useJudgement(draft.definition, action.problem?.faults ?? [], action.problem !== null);
  const name = existing?.name ?? draft.form.name;
  const save = () => {
    void action
      .run(() => putAlarm(name, draft.definition), existing ? 'Alarm saved.' : 'Alarm made.')
      .then((done) => done && goTo(alarmLink(name)));
  };
  return (
    <div class="editor">
      <form
        class="form"
        noValidate
        aria-label="Alarm"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        {fixed && (
          <p class="banner">
            <Icon name="warn" />
            <span>
              This alarm stands in the file of alarms, which is where it is changed.{' '}
              <a href={newAlarmLink({ ...draft.definition, AlarmName: `${name} copy` })}>Make a new one from it</a>
            </span>
          </p>
        )}
        <div class="filter-bar">
          <div class="chips" role="group" aria-label="Edited as">
            {(['form', 'json'] as const).map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={(one === 'json') === asJson}
                onClick={() => setQuery({ view: one === 'json' ? 'json' : null }, { replace: true })}
              >
                {one === 'json' ? 'JSON' : 'Form'}
              </button>
            ))}
          </div>
          {draft.changed && (
            <span class="muted">Not saved yet. The address holds what you typed, so it can be shared.</span>
          )}
        </div>
        {judged.elsewhere.length > 0 && (
          <div class="banner bad" role="alert">
            <Icon name="warn" />
            <ul>
              {judged.elsewhere.map((fault) => (
                <li key={`${fault.key} ${fault.message}`}>
                  <code>{fault.key}</code> {fault.message}
                </li>
              ))}
            </ul>
          </div>
        )}
        {asJson ? (
          <JsonView definition={draft.definition} faults={judged.faults} onChange={draft.setDefinition} />
        ) : (
          <>
            <NameFields form={draft.form} set={draft.set} judged={judged} named={existing !== null} />
            <SourceFields form={draft.form} set={draft.set} judged={judged} own={existing?.name ?? null} />
            {draft.form.kind !== 'composite' && <ConditionFields form={draft.form} set={draft.set} judged={judged} />}
            <ReceiverFields form={draft.form} set={draft.set} judged={judged} />
          </>
        )}
        {action.problem?.faults.length === 0 && <Refused problem={action.problem} />}
        <div class="form-end">
          <a class="button" href={existing ? alarmLink(existing.name) : alarmsLink()}>
            Cancel
          </a>
          <button type="submit" class="primary" disabled={action.busy || fixed}>
            {existing ? 'Save' : 'Make this alarm'}
          </button>
        </div>
      </form>
      <Preview draft={draft} judged={judged} />
    </div>
  );
}
