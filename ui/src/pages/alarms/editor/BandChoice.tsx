import { isBanded } from '../../../alarms/form';
import { toBand, toThreshold } from '../../../alarms/turn';
import { announce } from '../../../app/announce';
import type { Part } from './part';

/** A threshold, or a band of what is expected. */
export function BandChoice({ form, set }: Pick<Part, 'form' | 'set'>) {
  const banded = isBanded(form);
  const band = banded ? null : toBand(form);
  const offered = form.kind === 'metric' || form.kind === 'math' || form.kind === 'rows';
  if (!offered) return null;
  const choose = () => {
    if (!band) return;
    set(band);
    if (band.kind !== undefined && band.kind !== form.kind)
      announce(`The alarm is now over the one series of ${band.metricName ?? 'a metric'}, which the band is of.`);
  };
  return (
    <div class="field">
      <div class="chips" role="radiogroup" aria-label="Compared with">
        <label class="radio">
          <input type="radio" name="compared" checked={!banded} onChange={() => set(toThreshold(form))} />
          Static threshold
        </label>
        <label class="radio">
          <input
            type="radio"
            name="compared"
            checked={banded}
            disabled={!banded && band === null}
            aria-describedby="band-hint"
            onChange={choose}
          />
          Anomaly band
        </label>
      </div>
      <p id="band-hint" class="field-hint">
        {hint()}
      </p>
    </div>
  );

  function hint(): string {
    if (banded) return 'What is expected at this hour of the week, learned from the newest two weeks.';
    if (form.kind !== 'rows') return '';
    return band === null
      ? 'A band is of one series with dimensions. These rows have none that is the same: choose the kind Container Insights metric or Metric math.'
      : `A band is of one series: it would be of ${band.metricName ?? ''}.`;
  }
}
