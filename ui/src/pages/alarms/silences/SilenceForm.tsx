import { useEffect, useRef, useState } from 'preact/hooks';
import { makeSilence } from '../../../api/alarms';
import type { AlarmSummary } from '../../../api/alarms';
import { DAYS, emptySilence, heldBy, pairsOf, silenceOf } from '../../../alarms/silence';
import type { SilenceForm as Form } from '../../../alarms/silence';
import { serverNow } from '../../../api/http';
import { zoneName } from '../../../format/time';
import { Field } from '../Field';
import { Refused } from '../Refused';
import { useAction } from '../useAction';

interface Properties {
  alarms: readonly AlarmSummary[];
  /** What it begins with. */
  alarm: string;
  labels: string;
  onClose: () => void;
  onMade: () => void;
}

const LENGTHS: readonly (readonly [string, string])[] = [
  ['1800', '30 minutes'],
  ['3600', '1 hour'],
  ['7200', '2 hours'],
  ['28800', '8 hours'],
  ['86400', '1 day'],
  ['604800', '1 week'],
];

/** Makes a silence. */
export function SilenceForm({ alarms, alarm, labels, onClose, onMade }: Properties) {
  const [form, setForm] = useState<Form>(() => emptySilence(alarm, labels, zoneName('local')));
  const [tried, setTried] = useState(false);
  const action = useAction();
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => box.current?.querySelector('input')?.focus(), []);
  const set = (change: Partial<Form>) => setForm((before) => ({ ...before, ...change }));
  const made = silenceOf(form, serverNow());
  const faultOf = (field: keyof Form) => (tried && made.fault?.field === field ? made.fault.message : null);
  const held = heldBy({ alarm: form.alarm.trim() || null, tags: pairsOf(form.tags) ?? {} }, alarms);
  return (
    <form
      ref={box}
      class="card form silence-form"
      aria-label="New silence"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        const { draft } = made;
        if (draft) void action.run(() => makeSilence(draft), 'Silenced.').then((done) => done && onMade());
      }}
    >
      <h2>New silence</h2>
      <Refused problem={action.problem} />
      <div class="form-row">
        <Field label="Alarm" hint="With * for several: shop-*" fault={faultOf('alarm')}>
          {(field) => (
            <input
              {...field}
              list="silence-alarms"
              value={form.alarm}
              onInput={(event) => set({ alarm: event.currentTarget.value })}
            />
          )}
        </Field>
        <datalist id="silence-alarms">
          {alarms.map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Field label="Labels" hint="namespace=shop, pod=web-*" fault={faultOf('labels')}>
          {(field) => (
            <input {...field} value={form.labels} onInput={(event) => set({ labels: event.currentTarget.value })} />
          )}
        </Field>
        <Field label="Tags" hint="team=payments" fault={faultOf('tags')}>
          {(field) => (
            <input {...field} value={form.tags} onInput={(event) => set({ tags: event.currentTarget.value })} />
          )}
        </Field>
      </div>
      <p class="muted" aria-live="polite">
        Holds {held.length} of {alarms.length} alarms
        {form.labels.trim() === '' ? '.' : ', those of their series that have the labels.'}
      </p>
      <fieldset>
        <legend>Holds</legend>
        <div class="chips">
          {(
            [
              ['for', 'for some time'],
              ['until', 'until a moment'],
              ['weekly', 'every week'],
            ] as const
          ).map(([kind, word]) => (
            <label key={kind} class="radio">
              <input type="radio" name="kind" checked={form.kind === kind} onChange={() => set({ kind })} />
              {word}
            </label>
          ))}
        </div>
      </fieldset>
      <div class="form-row">
        {form.kind === 'for' && (
          <Field label="For">
            {(field) => (
              <select {...field} value={form.seconds} onChange={(event) => set({ seconds: event.currentTarget.value })}>
                {LENGTHS.map(([seconds, word]) => (
                  <option key={seconds} value={seconds}>
                    {word}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {form.kind === 'until' && (
          <Field label="Until" hint={`Time zone: ${zoneName('local')}`} fault={faultOf('until')}>
            {(field) => (
              <input
                {...field}
                type="datetime-local"
                value={form.until}
                onInput={(event) => set({ until: event.currentTarget.value })}
              />
            )}
          </Field>
        )}
        {form.kind === 'weekly' && <WeeklyFields form={form} set={set} faultOf={faultOf} />}
      </div>
      <Field label="Comment" hint="Why, and who to ask" fault={faultOf('comment')}>
        {(field) => (
          <input {...field} value={form.comment} onInput={(event) => set({ comment: event.currentTarget.value })} />
        )}
      </Field>
      <div class="form-end">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" class="primary" disabled={action.busy}>
          Silence
        </button>
      </div>
    </form>
  );
}

function WeeklyFields({
  form,
  set,
  faultOf,
}: {
  form: Form;
  set: (change: Partial<Form>) => void;
  faultOf: (field: keyof Form) => string | null;
}) {
  const toggle = (day: string) => set({ days: DAYS.filter((one) => (one === day) !== form.days.includes(one)) });
  return (
    <>
      <fieldset>
        <legend>Days</legend>
        <div class="chips">
          {DAYS.map((day) => (
            <button key={day} type="button" aria-pressed={form.days.includes(day)} onClick={() => toggle(day)}>
              {day}
            </button>
          ))}
        </div>
        {faultOf('days') !== null && <p class="field-fault">{faultOf('days')}</p>}
      </fieldset>
      <Field label="From" fault={faultOf('from')}>
        {(field) => (
          <input
            {...field}
            type="time"
            value={form.from}
            onInput={(event) => set({ from: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="To" hint="Before the beginning: of the next day">
        {(field) => (
          <input {...field} type="time" value={form.to} onInput={(event) => set({ to: event.currentTarget.value })} />
        )}
      </Field>
      <Field label="Time zone" hint="A day with another clock is followed: Europe/Berlin">
        {(field) => (
          <input {...field} value={form.timeZone} onInput={(event) => set({ timeZone: event.currentTarget.value })} />
        )}
      </Field>
    </>
  );
}
