import type { Cost, CostQuestion, Estimate } from '../../api/cost';
import { amount, largeAmount } from '../../format/money';
import { duration } from '../../format/time';
import { setQuery } from '../../routes/location';
import { NoFigure } from './NoFigure';
import { Unconfirmed } from './Unconfirmed';
import { addressOf, MODES, regionsToChoose, windowsToChoose } from './view';

interface Properties {
  cost: Cost | null;
  question: CostQuestion;
  /** The server had no answer. */
  refused: boolean;
  /** The figures answer an earlier question. */
  outdated: boolean;
}

/** What a month of the same telemetry would cost on CloudWatch, and what the figure is for. */
export function CloudWatch({ cost, question, refused, outdated }: Properties) {
  const choose = (change: Partial<CostQuestion>) => setQuery(addressOf(change));
  return (
    <section class="card cost-end" aria-labelledby="elsewhere-heading">
      <h2 id="elsewhere-heading">The same on CloudWatch</h2>
      <div class={outdated ? 'cost-outdated' : ''} aria-busy={outdated}>
        {cost?.cloudwatch ? (
          <Total estimate={cost.cloudwatch} counted={cost.window_hours} asked={question.hours} />
        ) : (
          <NoFigure refused={refused} none={cost !== null} />
        )}
      </div>
      <div class="cost-choices">
        <label>
          Region
          <select value={question.region} onChange={(event) => choose({ region: event.currentTarget.value })}>
            {regionsToChoose(cost?.cloudwatch?.regions, question.region).map((region) => (
              <option key={region.id} value={region.id}>
                {region.id} · {region.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Counted in
          <select
            value={String(question.hours)}
            onChange={(event) => choose({ hours: Number(event.currentTarget.value) })}
          >
            {windowsToChoose(question.hours).map((one) => (
              <option key={one.hours} value={String(one.hours)}>
                {one.label}
              </option>
            ))}
          </select>
        </label>
        <div class="cost-choice">
          <span id="mode-label">Container Insights</span>
          <div class="joined" role="group" aria-labelledby="mode-label">
            {MODES.map((mode) => (
              <button
                key={mode.id}
                type="button"
                title={mode.title}
                aria-pressed={question.mode === mode.id}
                onClick={() => choose({ mode: mode.id })}
              >
                {mode.label}
              </button>
            ))}
          </div>
        </div>
      </div>
    </section>
  );
}

function Total({ estimate, counted, asked }: { estimate: Estimate; counted: number; asked: number }) {
  const guessed = estimate.lines.filter((line) => !line.confirmed && line.quantity > 0);
  return (
    <>
      <p class="cost-sum">
        <span class="num cost-figure" title={`${estimate.total_usd_month} ${estimate.currency}`}>
          {largeAmount(estimate.total_usd_month)}
        </span>{' '}
        <span class="muted">a month, at list price</span>
      </p>
      <p class="muted">
        List prices of {estimate.as_of}, without discounts and taxes. They change after that date.
        {estimate.free_tier_usd > 0 && ` The free tier takes off ${amount(estimate.free_tier_usd)}.`}
        {counted < asked * 0.99 &&
          ` Only ${duration(counted * 3600)} of the ${duration(asked * 3600)} asked for have rows; the month is scaled from them.`}
      </p>
      {guessed.length > 0 && (
        <p>
          {guessed.length === 1
            ? 'One price that the total rests on is'
            : `${guessed.length} prices that the total rests on are`}{' '}
          <Unconfirmed />
        </p>
      )}
    </>
  );
}
