import { BAND_SIDES, bandExpression, bandParts, USUAL_WIDTH, widthFault } from '../../../alarms/band';
import { OPERATOR_WORDS } from '../../../alarms/explain';
import { changed, queryWords, returnedAt } from '../../../alarms/queries';
import { bandRow } from '../../../alarms/single';
import { Field } from '../Field';
import { DetectorFields } from './DetectorFields';
import type { Part } from './part';

/** Which side of the band, how wide it is, what it is of, and what it is not learned from. */
export function BandFields(part: Part) {
  const { form, set, judged } = part;
  const at = form.queries.findIndex((row) => row.band);
  const band = form.queries[at];
  const parts = band ? bandParts(band.expression ?? '') : null;
  const key = `Metrics[${at + 1}]`;
  const fault = band ? judged.at(`${key}.Expression`) : null;
  const others = [
    // Metric math tells of its list where that is.
    form.kind === 'metric' ? judged.at('Metrics') : null,
    judged.at('ThresholdMetricId'),
    band ? judged.at(key, `${key}.Id`, `${key}.Label`) : null,
  ];
  const write = (expression: string) => set({ queries: changed(form.queries, at, { expression }) });
  const rows = form.queries.filter((row) => !row.band);
  const looked = form.queries[returnedAt(form.queries)];
  const apart = parts !== null && form.kind === 'math' && parts.of !== looked?.id;
  return (
    <>
      <div class="form-row">
        <Field label="The value is" fault={judged.at('ComparisonOperator', 'Threshold')}>
          {(field) => (
            <select {...field} value={form.operator} onChange={(event) => set({ operator: event.currentTarget.value })}>
              {!BAND_SIDES.some(([one]) => one === form.operator) && (
                <option value={form.operator}>{OPERATOR_WORDS[form.operator] ?? form.operator}</option>
              )}
              {BAND_SIDES.map(([one, words]) => (
                <option key={one} value={one}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </Field>
        {parts && (
          <Field
            label="Width (deviations)"
            hint={`To each side. Usual is ${USUAL_WIDTH}; a wider band has fewer alarms.`}
            fault={widthFault(parts.width) ?? fault}
          >
            {(field) => (
              <input
                {...field}
                inputMode="decimal"
                value={parts.width}
                placeholder={USUAL_WIDTH}
                onInput={(event) => write(bandExpression(parts.of, event.currentTarget.value))}
              />
            )}
          </Field>
        )}
        {parts && (apart || rows.length > 1) && (
          <Field
            label="The band is of"
            hint={apart ? 'The alarm compares another one with it.' : 'What the alarm looks at.'}
          >
            {(field) => (
              <select
                {...field}
                value={parts.of}
                onChange={(event) => write(bandExpression(event.currentTarget.value, parts.width))}
              >
                {!rows.some(({ id }) => id === parts.of) && <option value={parts.of}>{parts.of || 'nothing'}</option>}
                {rows.map((row) => (
                  <option key={row.key} value={row.id} title={queryWords(row)}>
                    {row.id}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
      </div>
      {band && !parts && (
        <Field label="Band" hint="ANOMALY_DETECTION_BAND(id, width)" fault={fault}>
          {(field) => (
            <input
              {...field}
              class="mono"
              spellcheck={false}
              value={band.expression ?? ''}
              onInput={(event) => write(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      {!band && (
        <p class="field-fault">
          {form.rest.ThresholdMetricId === undefined
            ? 'There is no band yet. '
            : `Nothing has the id ${JSON.stringify(form.rest.ThresholdMetricId)} that ThresholdMetricId names. `}
          <button
            type="button"
            onClick={() => set({ queries: [...form.queries, bandRow(form.queries, looked?.id ?? rows[0]?.id ?? '')] })}
          >
            Add a band
          </button>
        </p>
      )}
      {others
        .filter((one) => one !== null)
        .map((one) => (
          <p key={one} class="field-fault" role="alert">
            {one}
          </p>
        ))}
      <DetectorFields {...part} />
    </>
  );
}
