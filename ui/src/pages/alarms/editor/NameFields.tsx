import { SEVERITY_TAGS } from '../../../alarms/order';
import { Field } from '../Field';
import type { Part } from './part';
import { KnownSelect } from './KnownSelect';

/** What the alarm is called, and what people are told with it. */
export function NameFields({ form, set, judged, named }: Part & { named: boolean }) {
  const tag = (key: string) => form.tags[key] ?? '';
  const setTag = (key: string, value: string) => set({ tags: { ...form.tags, [key]: value } });
  return (
    <fieldset class="card form-part">
      <legend>Name</legend>
      <div class="form-row">
        <Field
          label="Name"
          hint={
            named
              ? 'A name cannot be changed. Make a new alarm from this one instead.'
              : 'One that tells what is wrong.'
          }
          fault={judged.at('AlarmName')}
          wide
        >
          {(field) => (
            <input
              {...field}
              readOnly={named}
              value={form.name}
              onInput={(event) => set({ name: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="Severity" hint="Routes and lists go by it." fault={judged.at('Tags')}>
          {(field) => (
            <KnownSelect
              {...field}
              value={tag('severity')}
              known={SEVERITY_TAGS}
              none="none"
              onPick={(severity) => setTag('severity', severity)}
            />
          )}
        </Field>
        <Field label="Team" hint="The tag team, for routes.">
          {(field) => (
            <input {...field} value={tag('team')} onInput={(event) => setTag('team', event.currentTarget.value)} />
          )}
        </Field>
      </div>
      <Field label="Description" hint="Goes into the notification." fault={judged.at('AlarmDescription')}>
        {(field) => (
          <input
            {...field}
            value={form.description}
            onInput={(event) => set({ description: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="Runbook" hint="What to do about it: an address or a text.">
        {(field) => (
          <textarea
            {...field}
            rows={2}
            value={tag('runbook')}
            onInput={(event) => setTag('runbook', event.currentTarget.value)}
          />
        )}
      </Field>
    </fieldset>
  );
}
