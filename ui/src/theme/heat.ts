import type { Severity } from '../api/verdicts';
import type { Theme } from './palette';

/**
 * Colours of the map. A scale goes from what fades into the ground to what stands out of it, step by step in
 * lightness, so that it reads the same without green or red cones and in grey; a test holds it to that.
 */

/** Six steps, least first. */
export const HEAT: Readonly<Record<Theme, readonly string[]>> = {
  light: ['#dfeaf5', '#b3d0ec', '#79add9', '#4d82bd', '#6a4a9c', '#7d0b3f'],
  dark: ['#24344a', '#2f5580', '#3d7fae', '#57adb8', '#a9d28c', '#fff07a'],
};

/** The worst also carry a mark, so the colour is never alone. */
export const SEVERITY_COLOURS: Readonly<Record<Severity, Readonly<Record<Theme, string>>>> = {
  critical: { light: '#b3122a', dark: '#ff8088' },
  warning: { light: '#d98a00', dark: '#f5c04a' },
  unknown: { light: '#8b929a', dark: '#6b747f' },
  ok: { light: '#bcd6e6', dark: '#2b4a5e' },
};

/** What marks a cell or a block on which an alarm goes off: apart from every colour of the scales, with the ground around it. */
export const ALARM_INK: Readonly<Record<Theme, string>> = { light: '#0d1117', dark: '#ffffff' };

/** The edge of a cell: what is palest, or has no value at all, is seen by it. */
export const CELL_EDGE: Readonly<Record<Theme, string>> = { light: '#8a97a5', dark: '#66737f' };
