import { OPERATOR_WORDS, TREATMENT_WORDS } from '../../../alarms/explain';
import { needsBand } from '../../../alarms/band';
import { METRICS_PERIOD } from '../../../alarms/faults';
import { isBanded } from '../../../alarms/form';
import { commonPeriod, withPeriod } from '../../../alarms/queries';
import { meaningOf } from '../../../alarms/unit';
import { duration } from '../../../format/time';
import { Field } from '../Field';
import { BandChoice } from './BandChoice';
import { BandFields } from './BandFields';
import type { Part } from './part';

const PERIODS: readonly number[] = [10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 21600, 86400];

const TREATMENTS: readonly (readonly [string, string])[] = [
  ['missing', 'as missing'],
  ['ignore', 'ignore: keep the state'],
  ['breaching', 'as breaching'],
  ['notBreaching', 'as not breaching'],
];

/** When the alarm goes off. */
export function ConditionFields(part: Part) {
  const { form, set, judged } = part;
  const banded = isBanded(form);
  const metric = form.kind === 'metric' ? form.metricName : form.kind === 'rows' ? form.metric : '';
  return (
    <fieldset class="card form-part">
      <legend>In alarm when</legend>
      <BandChoice form={form} set={set} />
      {banded ? (
        <BandFields {...part} />
      ) : (
        <div class="form-row">
          <Field label="The value is" fault={judged.at('ComparisonOperator')}>
            {(field) => (
              <select
                {...field}
                value={form.operator}
                onChange={(event) => set({ operator: event.currentTarget.value })}
              >
                {Object.entries(OPERATOR_WORDS)
                  .filter(([one]) => !needsBand(one) || one === form.operator)
                  .map(([one, word]) => (
                    <option key={one} value={one}>
                      {word}
                    </option>
                  ))}
              </select>
            )}
          </Field>
          <Field
            label="Threshold"
            hint={meaningOf(metric) ?? 'Type it, or drag the line in the preview.'}
            fault={judged.at('Threshold')}
          >
            {(field) => (
              <input
                {...field}
                inputMode="decimal"
                value={form.threshold}
                onInput={(event) => set({ threshold: event.currentTarget.value })}
              />
            )}
          </Field>
        </div>
      )}
      <div class="form-row">
        <Field
          label="Datapoints to alarm (M)"
          hint="So many points have to be breaching."
          fault={judged.at('DatapointsToAlarm')}
        >
          {(field) => (
            <input
              {...field}
              inputMode="numeric"
              value={form.datapointsToAlarm}
              onInput={(event) => set({ datapointsToAlarm: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field
          label="Evaluation periods (N)"
          hint="Of so many points that are looked at."
          fault={judged.at('EvaluationPeriods')}
        >
          {(field) => (
            <input
              {...field}
              inputMode="numeric"
              value={form.evaluationPeriods}
              onInput={(event) => {
                const next = event.currentTarget.value;
                // M follows N while both are the same: all of them have to be breaching.
                const together = form.datapointsToAlarm === form.evaluationPeriods;
                set({ evaluationPeriods: next, ...(together ? { datapointsToAlarm: next } : {}) });
              }}
            />
          )}
        </Field>
        <PeriodField {...part} />
      </div>
      <Field
        label="Treat missing data"
        hint={TREATMENT_WORDS[form.treatMissingData]}
        fault={judged.at('TreatMissingData')}
      >
        {(field) => (
          <select
            {...field}
            value={form.treatMissingData}
            onChange={(event) => set({ treatMissingData: event.currentTarget.value })}
          >
            {TREATMENTS.map(([one, word]) => (
              <option key={one} value={one}>
                {word}
              </option>
            ))}
          </select>
        )}
      </Field>
    </fieldset>
  );
}

/** The time that one point stands for. All of `Metrics` have the same. */
function PeriodField({ form, set, judged }: Part) {
  const math = form.kind === 'math';
  const held = math ? commonPeriod(form.queries) : form.period;
  const period = Number(held ?? '');
  const choices = PERIODS.filter((seconds) => seconds >= 60 || !isBanded(form));
  const listed =
    choices.includes(period) || !(period > 0) ? choices : [...choices, period].sort((one, other) => one - other);
  return (
    <Field
      label="Period"
      hint={math ? 'The time that one point stands for, of all metrics.' : 'The time that one point stands for.'}
      fault={judged.at('Period', METRICS_PERIOD)}
    >
      {(field) => (
        <select
          {...field}
          value={held ?? ''}
          onChange={({ currentTarget: { value } }) =>
            set(math ? { queries: withPeriod(form.queries, value) } : { period: value })
          }
        >
          {held === null && <option value="">they differ</option>}
          {held === '' && <option value="">not said</option>}
          {listed.map((seconds) => (
            <option key={seconds} value={String(seconds)}>
              {duration(seconds)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
