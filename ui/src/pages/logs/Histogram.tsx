import type { LogHistogram, LossBand } from '../../api/logs';
import type { Problem } from '../../api/problem';
import { Figure } from '../../charts/Figure';
import type { ChartModel, ChartSeries } from '../../charts/model';
import { parseMoment } from '../../format/time';
import { LEVELS, levelWord } from '../../logs/level';
import type { Span } from '../../state/range';
import { zone } from '../../state/zone';
import { LEVEL_COLOURS } from '../../theme/palette';
import { bandWords, chartBands } from './bands';

interface Properties {
  histogram: LogHistogram | null;
  span: Span;
  bands: readonly LossBand[];
  bandProblem: Problem | null;
  dimmed: boolean;
  problem: Problem | null;
  onRetry: () => void;
}

const MOST_BANDS = 20;

/** How many lines there were when, by level. A part that is chosen by brush becomes the range of the page. */
export function Histogram({ histogram, span, bands, bandProblem, dimmed, problem, onRetry }: Properties) {
  return (
    <div class="log-histogram">
      <Figure
        id="histogram"
        title="Lines by level"
        help="Lines that fit the query, in each period. Drag over a part to zoom into it. Hatched: lines are missing there."
        model={histogram && histogramModel(histogram, span, bands)}
        dimmed={dimmed}
        problem={problem}
        empty="No line fits in this range."
        question={null}
        onRetry={onRetry}
        height={104}
      />
      {bands.length > 0 && (
        <details class="loss">
          <summary class="status bad">
            {bands.length === 1 ? 'In one stretch' : `In ${bands.length} stretches`} of this range lines are missing
          </summary>
          <ul>
            {bands.slice(0, MOST_BANDS).map((band) => (
              <li key={`${band.log_source} ${band.kind} ${band.start}`}>{bandWords(band, zone.value)}</li>
            ))}
            {bands.length > MOST_BANDS && <li>and {bands.length - MOST_BANDS} more</li>}
          </ul>
        </details>
      )}
      {bandProblem && <p class="muted">Whether lines were lost is not known: {bandProblem.detail}</p>}
    </div>
  );
}

/** The counts as a chart: a bar for each period, the worst level lowest. Periods without lines count as none. */
export function histogramModel(histogram: LogHistogram, span: Span, bands: readonly LossBand[]): ChartModel {
  const period = Math.max(1, histogram.period_seconds) * 1000;
  const counts = new Map(histogram.buckets.map((bucket) => [parseMoment(bucket.time) ?? 0, bucket]));
  const first = Math.min(parseMoment(histogram.start) ?? span.start, ...counts.keys());
  const times: number[] = [];
  for (let time = first; time < span.end && times.length < MOST_BUCKETS; time += period) times.push(time);
  const named = new Set<string>(LEVELS);
  const series: ChartSeries[] = [];
  for (const level of LEVELS) {
    const values = times.map((time) => {
      const bucket = counts.get(time);
      if (!bucket) return 0;
      if (level !== '') return bucket.levels[level] ?? 0;
      // Whatever has no known level, also words that this page does not know.
      return (
        bucket.total -
        Object.entries(bucket.levels).reduce(
          (sum, [name, count]) => sum + (name !== '' && named.has(name) ? count : 0),
          0,
        )
      );
    });
    if (values.every((value) => value === 0)) continue;
    series.push({
      key: level === '' ? 'none' : level,
      label: levelWord(level),
      values,
      shape: 'stack',
      tone: 0,
      colour: LEVEL_COLOURS[level === '' ? 'none' : level],
    });
  }
  return { unit: 'count', span, period, times, series, bars: true, bands: chartBands(bands) };
}

const MOST_BUCKETS = 2000;

/** Lines in all. */
export function totalOf(histogram: LogHistogram): number {
  return histogram.buckets.reduce((sum, bucket) => sum + bucket.total, 0);
}
