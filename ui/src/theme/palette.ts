/**
 * Colours of series. Chosen so that neighbours differ in lightness as well as in hue, and checked by a test for
 * contrast on both grounds and for distance as people without green or red cones see them. Dash and label tell series apart besides.
 */

export type Theme = 'light' | 'dark';

export const SERIES: Readonly<Record<Theme, readonly string[]>> = {
  light: ['#173b96', '#bc5d00', '#18925c', '#8a1068', '#8a5fff', '#5c301d', '#029be9', '#81878f'],
  dark: ['#3db3ff', '#ed8e2b', '#38c781', '#da51c3', '#6c77f8', '#ece77a', '#74f6f7', '#8a9098'],
};

/** Colours of log levels: they mean the same in the histogram and beside a line, so they are not those of series. */
export const LEVEL_COLOURS: Readonly<
  Record<'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'none', Readonly<Record<Theme, string>>>
> = {
  fatal: { light: '#5c0a3c', dark: '#ff5fa8' },
  error: { light: '#c5303c', dark: '#ff8a8a' },
  warn: { light: '#b06f00', dark: '#f0b44c' },
  info: { light: '#2458a6', dark: '#4f9be8' },
  debug: { light: '#4d9a86', dark: '#7fd6bd' },
  trace: { light: '#8d7cc4', dark: '#9d86e0' },
  none: { light: '#8b929a', dark: '#7d858e' },
};

/** Grounds that charts are drawn on. */
export const GROUND: Readonly<Record<Theme, string>> = { light: '#ffffff', dark: '#151a21' };

/** Dash of a series, in CSS pixels; the first is solid. */
export const DASHES: readonly (readonly number[])[] = [
  [],
  [7, 3],
  [2, 3],
  [10, 3, 2, 3],
  [4, 2],
  [12, 4],
  [1, 2],
  [6, 2, 2, 2, 2, 2],
];

/** The colour of a place; beyond the last the colours repeat with another dash. */
export function colour(theme: Theme, index: number): string {
  const list = SERIES[theme];
  return list[index % list.length] ?? '#888888';
}

/** The dash of a series by its place among its neighbours. */
export function dash(index: number): readonly number[] {
  return DASHES[index % DASHES.length] ?? [];
}

/** A colour with an opacity, for areas. */
export function faded(hex: string, opacity: number): string {
  const byte = Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0');
  return `${hex}${byte}`;
}
