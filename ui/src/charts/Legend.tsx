import { exact, format } from '../format/number';
import { dash } from '../theme/palette';
import { theme } from '../theme/theme';
import { cursor } from './cursor';
import { INK, seriesColour } from './ink';
import { nearest, newest } from './model';
import type { ChartModel, ChartSeries } from './model';

interface Properties {
  model: ChartModel;
  /** Keys of series that the reader has hidden. */
  hidden: ReadonlySet<string>;
  onPick: (key: string, how: 'isolate' | 'toggle') => void;
}

/**
 * Names, strokes and values of a chart's series: at the cursor, else the newest, of bars the sum. A click shows one alone, Alt with a
 * click hides or shows it.
 */
export function Legend({ model, hidden, onPick }: Properties) {
  const at = cursor.value.time === null ? null : nearest(model.times, cursor.value.time, model.period);
  const places = placesOf(model.series);
  return (
    <ul class="legend">
      {model.series.map((series) => {
        const value = at === null ? standing(model, series) : (series.values[at] ?? null);
        return (
          <li key={series.key}>
            <button
              type="button"
              aria-pressed={!hidden.has(series.key)}
              title={`${series.label}: ${exact(model.unit, value)}\nClick: show alone. Alt-click: hide or show.`}
              onClick={(event) => onPick(series.key, event.altKey ? 'toggle' : 'isolate')}
            >
              <Swatch series={series} place={places.get(series.key) ?? 0} />
              <span class="legend-label">{series.label}</span>
              <span class="legend-value num">{format(model.unit, value)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** What a series has while nothing is pointed at. Bars count: the last one alone says nothing. */
function standing(model: ChartModel, series: ChartSeries): number | null {
  if (model.bars !== true) return newest(series.values);
  return series.values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** The place of each series among those of its shape: it decides the dash, here and in the plot. */
export function placesOf(series: readonly ChartSeries[]): Map<string, number> {
  const counts = { stack: 0, line: 0, limit: 0 };
  return new Map(series.map((one) => [one.key, counts[one.shape]++]));
}

/** A short piece of the series' stroke, dashed as it is drawn. */
export function Swatch({ series, place }: { series: ChartSeries; place: number }) {
  const ink = INK[theme.value];
  const limit = series.shape === 'limit';
  const stroke = limit ? ink.limit : seriesColour(ink.theme, series);
  const pattern = limit ? [5, 4] : dash(place);
  return (
    <svg class="swatch" width="22" height="10" viewBox="0 0 22 10" aria-hidden="true">
      {series.colour && <rect x="0" y="0" width="22" height="10" rx="2" fill={stroke} />}
      {series.hatched === true && <path d="M1 10l7-7M7 10l7-7M13 10l7-7" stroke={stroke} stroke-opacity="0.6" />}
      {series.shape === 'stack' && !series.colour && (
        <rect x="0" y="3" width="22" height="7" fill={stroke} fill-opacity={series.quiet === true ? 0.14 : 0.42} />
      )}
      {!series.colour && (
        <line
          x1="0"
          x2="22"
          y1={series.shape === 'stack' ? 3 : 5}
          y2={series.shape === 'stack' ? 3 : 5}
          stroke={stroke}
          stroke-width="2"
          {...(pattern.length > 0 ? { 'stroke-dasharray': pattern.join(' ') } : {})}
        />
      )}
    </svg>
  );
}
