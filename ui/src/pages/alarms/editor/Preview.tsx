import { useRef, useState } from 'preact/hooks';
import type { Replay } from '../../../api/alarms';
import { excluded, excludedSpans } from '../../../alarms/band';
import { bandKnown, chartOf, MOST_DRAWN } from '../../../alarms/chart';
import { isBanded } from '../../../alarms/form';
import { nameLooked } from '../../../alarms/queries';
import { scaleFor } from '../../../alarms/threshold';
import type { Scale } from '../../../alarms/threshold';
import { metricCompared, unitOf } from '../../../alarms/unit';
import { announce } from '../../../app/announce';
import { Figure } from '../../../charts/Figure';
import { format } from '../../../format/number';
import { dateTime, duration } from '../../../format/time';
import { length } from '../../../state/clock';
import { lengthWords } from '../../../state/range';
import type { Range } from '../../../state/range';
import { zone } from '../../../state/zone';
import { Fault } from '../../parts/Empty';
import { BandKnown } from '../detail/BandKnown';
import { useReplay } from '../detail/useReplay';
import { ThresholdHandle } from './ThresholdHandle';
import { TransitionList } from './TransitionList';
import type { Draft } from './useDraft';
import type { Judgement } from './useJudgement';

const HEIGHT = 260;

/** What the alarm would have done in the page's range. */
export function Preview({ draft, judged }: { draft: Draft; judged: Judgement }) {
  const { form, set } = draft;
  const composite = form.kind === 'composite';
  const banded = isBanded(form);
  const { data, problem, loading, outdated, retry } = useReplay(judged.sound);
  const [held, setHeld] = useState<Scale | null>(null);
  const [excluding, setExcluding] = useState(false);
  const exclude = (range: Range) => {
    if (range.kind !== 'absolute') return;
    const one = excluded(range.start, range.end);
    set({ detector: { ...form.detector, ranges: [...form.detector.ranges, one] } });
    const at = (ms: number) => dateTime(ms, zone.value);
    announce(`From ${at(range.start)} to ${at(range.end)} nothing is learned.`);
  };
  const typed = Number(form.threshold);
  const threshold = banded || composite || form.threshold.trim() === '' || !Number.isFinite(typed) ? null : typed;
  const unit = unitOf(metricCompared(form));
  const replay = data?.replay ?? null;
  const scale = held ?? (replay ? scaleFor(replay, threshold) : null);
  const latest = useRef(scale);
  latest.current = scale;
  const model =
    replay && data && scale
      ? chartOf({
          replay,
          span: data.asked,
          unit,
          threshold,
          scale,
          name: nameLooked(form) ?? 'value',
          excluded: banded ? excludedSpans(form.detector) : [],
        })
      : null;
  return (
    <section class="preview" aria-label="Preview">
      <div class="section-head">
        <h2>What it would have done</h2>
        <span class="muted">{lengthWords(Math.round(length.value))}, evaluated as it will be</span>
      </div>
      {judged.problem && <Fault problem={judged.problem} stale={false} onRetry={retry} />}
      {judged.sound === null && !judged.asking && (
        <p class="card table-empty">
          {judged.faults.length === 0
            ? banded
              ? 'The preview appears when the metric is there.'
              : 'The preview appears when metric and threshold are there.'
            : 'The preview appears when what is marked is put right.'}
        </p>
      )}
      {(judged.sound !== null || replay !== null) && (
        <>
          <Outcome replay={replay} dimmed={loading && outdated} />
          <Figure
            id="preview"
            title="Value"
            help={
              banded
                ? 'Stretches in alarm are shaded under a bar, what the band is not learned from is hatched.'
                : 'Stretches in alarm are shaded under a bar. The threshold can be dragged.'
            }
            onRange={banded && excluding ? exclude : undefined}
            model={model}
            dimmed={loading && outdated}
            problem={problem}
            empty="No point in this range. Choose a longer range, or look whether the filters fit anything."
            question={null}
            onRetry={retry}
            height={HEIGHT}
            overlay={
              threshold !== null && scale ? (
                <ThresholdHandle
                  value={threshold}
                  scale={scale}
                  unit={unit}
                  height={HEIGHT}
                  onChange={(value) => set({ threshold: String(value) })}
                  onHold={(on) => setHeld(on ? latest.current : null)}
                />
              ) : null
            }
          />
          {banded && (
            <p class="button-row">
              <button type="button" aria-pressed={excluding} onClick={() => setExcluding(!excluding)}>
                Exclude by dragging
              </button>
              <span class="muted">
                {excluding
                  ? 'Drag over the chart: what you mark is not learned from.'
                  : 'Dragging over the chart zooms in.'}
              </span>
            </p>
          )}
          {banded && replay && <BandKnown known={bandKnown(replay)} />}
          {replay && replay.series.length > MOST_DRAWN && (
            <p class="muted">
              Drawn are {MOST_DRAWN} of {replay.series.length} series, those that change most.
            </p>
          )}
          {replay?.notes.map((note) => (
            <p key={note} class="muted">
              {note}
            </p>
          ))}
          {replay && <TransitionList replay={replay} unit={unit} />}
        </>
      )}
    </section>
  );
}

function Outcome({ replay, dimmed }: { replay: Replay | null; dimmed: boolean }) {
  return (
    <dl class={`outcome ${dimmed ? 'faded' : ''}`} aria-live="polite">
      <div>
        <dt>Changes of state</dt>
        <dd class="num">{format('count', replay?.transitions)}</dd>
      </div>
      <div>
        <dt>Time in alarm</dt>
        <dd class="num">{replay ? duration(replay.in_alarm_seconds) : '–'}</dd>
      </div>
      <div>
        <dt>Series</dt>
        <dd class="num">{format('count', replay?.series.length)}</dd>
      </div>
    </dl>
  );
}
