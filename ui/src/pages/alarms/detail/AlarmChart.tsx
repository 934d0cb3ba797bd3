import type { AlarmDetail, AlarmSeries } from '../../../api/alarms';
import { excludedSpans } from '../../../alarms/band';
import { bandKnown, chartOf, MOST_DRAWN } from '../../../alarms/chart';
import { formOf, isBanded } from '../../../alarms/form';
import { labelsText, stateRank } from '../../../alarms/order';
import { nameLooked } from '../../../alarms/queries';
import { scaleFor } from '../../../alarms/threshold';
import { metricCompared, unitOf } from '../../../alarms/unit';
import { Figure } from '../../../charts/Figure';
import { query, setQuery } from '../../../routes/location';
import { Section } from '../../parts/Section';
import { BandKnown } from './BandKnown';
import { EvaluatedPoints } from './EvaluatedPoints';
import { PointLegend } from './PointLegend';
import { useReplay } from './useReplay';

/** The values of an alarm over the page's range with its threshold or band, and the points of the last evaluation. */
export function AlarmChart({ alarm }: { alarm: AlarmDetail }) {
  const { data, problem, loading, outdated, retry } = useReplay(alarm.definition);
  const form = formOf(alarm.definition);
  const unit = unitOf(metricCompared(form));
  const ordered = [...alarm.series].sort(
    (a, b) => stateRank(a.state) - stateRank(b.state) || labelsText(a.labels).localeCompare(labelsText(b.labels)),
  );
  const wanted = query.value.get('series');
  const evaluated = ordered.find((one) => keyOf(one) === wanted) ?? ordered[0] ?? null;
  const model =
    data &&
    chartOf({
      replay: data.replay,
      span: data.asked,
      unit,
      threshold: alarm.threshold,
      scale: scaleFor(data.replay, alarm.threshold),
      evaluated,
      name: nameLooked(form) ?? 'value',
      excluded: isBanded(form) ? excludedSpans(form.detector) : [],
    });
  return (
    <>
      <Figure
        id="value"
        title="Value"
        help="What is compared, with the threshold or the band. Stretches in alarm are shaded under a bar."
        model={model}
        dimmed={loading && outdated}
        problem={problem}
        empty="No point in this range. The entity may not have been there, or its metric is absent rather than zero."
        question={null}
        onRetry={retry}
        height={240}
      />
      {isBanded(form) && data && <BandKnown known={bandKnown(data.replay)} />}
      <PointLegend />
      {(data?.replay.series.length ?? 0) > MOST_DRAWN && (
        <p class="muted">
          Drawn are {MOST_DRAWN} of {data?.replay.series.length ?? 0} series, those that changed most.
        </p>
      )}
      {data?.replay.notes.map((note) => (
        <p key={note} class="muted">
          {note}
        </p>
      ))}
      <Section
        id="points"
        title="Points of the last evaluation"
        note={
          ordered.length > 1 ? (
            <select
              aria-label="Series"
              value={evaluated ? keyOf(evaluated) : ''}
              onChange={(event) => setQuery({ series: event.currentTarget.value }, { replace: true })}
            >
              {ordered.map((one) => (
                <option key={keyOf(one)} value={keyOf(one)}>
                  {labelsText(one.labels)}
                </option>
              ))}
            </select>
          ) : undefined
        }
      >
        {evaluated ? (
          <EvaluatedPoints series={evaluated} unit={unit} />
        ) : (
          <p class="muted">It was not evaluated yet, or it has no series.</p>
        )}
      </Section>
    </>
  );
}

function keyOf(series: AlarmSeries): string {
  return labelsText(series.labels);
}
