import { excluded, millisOf, moment, rangeFault } from '../../../alarms/band';
import type { Detector, ExcludedRange } from '../../../alarms/band';
import { fieldMoment, momentOfField } from '../../../alarms/fieldMoment';
import { Icon } from '../../../app/icons';
import { serverNow } from '../../../api/http';
import { zoneName } from '../../../format/time';
import { zone } from '../../../state/zone';
import { Field } from '../Field';
import type { Part } from './part';

const HOUR_MS = 3_600_000;

/** Times that a band does not learn from, and by which clock its hours go. */
export function DetectorFields({ form, set, judged }: Part) {
  const { detector } = form;
  const put = (change: Partial<Detector>) => set({ detector: { ...detector, ...change } });
  const fault = judged.at('AnomalyDetector.ExcludedTimeRanges');
  const change = (at: number, next: Partial<ExcludedRange>) =>
    put({ ranges: detector.ranges.map((range, place) => (place === at ? { ...range, ...next } : range)) });
  if (form.rest.AnomalyDetector !== undefined)
    return (
      <p class="muted">
        AnomalyDetector is written in a way that this form cannot show. Put it right in the JSON view.
      </p>
    );
  const begin = () => {
    const end = Math.floor(serverNow() / HOUR_MS) * HOUR_MS;
    put({ ranges: [...detector.ranges, excluded(end - HOUR_MS, end)] });
  };
  return (
    <>
      <div class={`field ${fault === null ? '' : 'faulty'}`}>
        <span class="field-label" id="excluded-label">
          Not learned from
        </span>
        <ol class="ranges" aria-labelledby="excluded-label">
          {detector.ranges.map((range, at) => (
            <li key={at}>
              <div class="range-row" role="group" aria-label={`Range ${at + 1}`}>
                <Range
                  range={range}
                  fault={judged.at(
                    `AnomalyDetector.ExcludedTimeRanges[${at + 1}]`,
                    `AnomalyDetector.ExcludedTimeRanges[${at + 1}].StartTime`,
                    `AnomalyDetector.ExcludedTimeRanges[${at + 1}].EndTime`,
                  )}
                  change={(next) => change(at, next)}
                />
                <button
                  type="button"
                  class="quiet"
                  aria-label={`Remove range ${at + 1}`}
                  title="Remove"
                  onClick={() => put({ ranges: detector.ranges.filter((_, place) => place !== at) })}
                >
                  <Icon name="close" />
                </button>
              </div>
            </li>
          ))}
        </ol>
        <p>
          <button type="button" onClick={begin}>
            <Icon name="plus" />
            Add a range
          </button>
        </p>
        <p class={fault === null ? 'field-hint' : 'field-fault'}>
          {fault ??
            `Incidents, tests, what was before a lasting change. Times are in ${zoneName(zone.value)}; a range can also be dragged on the chart.`}
        </p>
      </div>
      <Field
        label="Hours follow"
        hint="UTC, or an offset such as +01:00: by it the hours of the week are told apart."
        fault={judged.at('AnomalyDetector.MetricTimezone')}
      >
        {(field) => (
          <input
            {...field}
            list="band-zones"
            spellcheck={false}
            placeholder="UTC"
            value={detector.timezone}
            onInput={(event) => put({ timezone: event.currentTarget.value })}
          />
        )}
      </Field>
      <datalist id="band-zones">
        {[...new Set(['UTC', offsetHere()])].map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  );
}

function Range({
  range,
  fault,
  change,
}: {
  range: ExcludedRange;
  fault: string | null;
  change: (next: Partial<ExcludedRange>) => void;
}) {
  const wrong = rangeFault(range) ?? fault;
  const written = (value: string) => {
    const ms = momentOfField(value, zone.value);
    return ms === null ? '' : moment(ms);
  };
  return (
    <div class="form-row">
      <Field label="From">
        {(field) => (
          <input
            {...field}
            type="datetime-local"
            value={fieldMoment(millisOf(range.start), zone.value)}
            onInput={(event) => change({ start: written(event.currentTarget.value) })}
          />
        )}
      </Field>
      <Field label="To" fault={wrong}>
        {(field) => (
          <input
            {...field}
            type="datetime-local"
            value={fieldMoment(millisOf(range.end), zone.value)}
            onInput={(event) => change({ end: written(event.currentTarget.value) })}
          />
        )}
      </Field>
    </div>
  );
}

/** `+01:00` of the reader's clock today. */
function offsetHere(): string {
  const minutes = -new Date(serverNow()).getTimezoneOffset();
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0');
  return minutes === 0
    ? 'UTC'
    : `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}
