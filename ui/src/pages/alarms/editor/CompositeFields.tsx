import { askAlarms } from '../../../api/alarms';
import { Combobox } from '../../../app/Combobox';
import { useResource } from '../../../state/resource';
import { Field } from '../Field';
import type { Part } from './part';

/** A rule over other alarms, and the alarm that holds its notifications. */
export function CompositeFields({ form, set, judged, own }: Part & { own: string | null }) {
  const { data } = useResource('names', 'once', (signal) => askAlarms({}, signal));
  const names = (data?.alarms ?? []).map(({ name }) => name).filter((name) => name !== own);
  const add = (name: string | null) => {
    if (name === null) return;
    const one = `ALARM("${name.replaceAll('"', '')}")`;
    set({ rule: form.rule.trim() === '' ? one : `${form.rule.trimEnd()} OR ${one}` });
  };
  return (
    <>
      <Field
        label="Rule"
        hint="ALARM, OK or INSUFFICIENT_DATA of a name, with AND, OR, NOT and parentheses."
        fault={judged.at('AlarmRule')}
      >
        {(field) => (
          <textarea
            {...field}
            class="mono"
            rows={3}
            spellcheck={false}
            placeholder={'ALARM("shop errors") AND NOT ALARM("deploying")'}
            value={form.rule}
            onInput={(event) => set({ rule: event.currentTarget.value })}
          />
        )}
      </Field>
      <div class="field">
        <span class="field-label">Add an alarm to the rule</span>
        <Combobox label="Alarm to add" value={null} choices={names.map((value) => ({ value }))} onChange={add} />
      </div>
      <div class="form-row">
        <div class="field">
          <span class="field-label">Suppressed by</span>
          <Combobox
            label="Suppressing alarm"
            value={form.suppressor === '' ? null : form.suppressor}
            choices={names.map((value) => ({ value }))}
            free
            onChange={(value) => set({ suppressor: value ?? '' })}
          />
          <p class={judged.at('ActionsSuppressor') === null ? 'field-hint' : 'field-fault'}>
            {judged.at('ActionsSuppressor') ?? 'While it is in alarm, nobody is told of this one.'}
          </p>
        </div>
        {form.suppressor !== '' && (
          <>
            <Field
              label="Wait (seconds)"
              hint="So long a change waits for the suppressing alarm."
              fault={judged.at('ActionsSuppressorWaitPeriod')}
            >
              {(field) => (
                <input
                  {...field}
                  inputMode="numeric"
                  value={form.suppressorWait}
                  onInput={(event) => set({ suppressorWait: event.currentTarget.value })}
                />
              )}
            </Field>
            <Field
              label="Extension (seconds)"
              hint="So long notifications are held after it ends."
              fault={judged.at('ActionsSuppressorExtensionPeriod')}
            >
              {(field) => (
                <input
                  {...field}
                  inputMode="numeric"
                  value={form.suppressorExtension}
                  onInput={(event) => set({ suppressorExtension: event.currentTarget.value })}
                />
              )}
            </Field>
          </>
        )}
      </div>
    </>
  );
}
