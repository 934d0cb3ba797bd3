import { GROUND, colour } from '../theme/palette';
import type { Theme } from '../theme/palette';
import type { ChartSeries } from './model';

/** Everything that a canvas needs to know about the theme; CSS does not reach into it. */
export interface Ink {
  theme: Theme;
  ground: string;
  text: string;
  grid: string;
  limit: string;
  hatch: string;
  font: string;
}

const FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif';

export const INK: Readonly<Record<Theme, Ink>> = {
  light: {
    theme: 'light',
    ground: GROUND.light,
    text: '#57606a',
    grid: '#e7eaee',
    limit: '#a3202c',
    hatch: '#dfe3e8',
    font: FONT,
  },
  dark: {
    theme: 'dark',
    ground: GROUND.dark,
    text: '#9aa4af',
    grid: '#252c35',
    limit: '#ff8a8a',
    hatch: '#272e37',
    font: FONT,
  },
};

/** The colour of a series on the canvas and in its legend. */
export function seriesColour(theme: Theme, series: ChartSeries): string {
  return series.colour?.[theme] ?? colour(theme, series.tone);
}
