import { SEVERITIES, verdictWords } from '../../api/verdicts';
import { ALARM_LEVELS, alarmNames, levelOf } from '../../map/alarmed';
import type { Alarmed } from '../../map/alarmed';
import type { Cell } from '../../map/cell';
import { HOLLOW } from '../../map/paint';
import type { Mark } from '../../map/paint';
import { stepOf, stepTexts } from '../../map/shade';
import type { Counts, Shade } from '../../map/shade';
import { ALARMS } from './state';
import { HEAT, SEVERITY_COLOURS } from '../../theme/heat';
import type { Theme } from '../../theme/palette';

/** A way to colour the map: the place of each cell on a scale, and what the places mean. */
export interface Colouring {
  id: string;
  label: string;
  help: string;
  /** Place of a cell, {@link HOLLOW} without a value. */
  place: (cell: Cell) => number;
  /** What a cell is coloured by, in words; null without a value. */
  write: (cell: Cell) => string | null;
  /** For sorting. */
  value: (cell: Cell) => number | null;
  texts: readonly string[];
  marks: readonly Mark[];
  /** How many of the first places need an edge to be seen. */
  edged: number;
  absent: string;
}

/** By verdict; the well first, as on a scale. */
const BY_SEVERITY = [...SEVERITIES].reverse();

export const BY_HEALTH: Colouring = {
  id: 'health',
  label: 'Health',
  help: 'What is said of a pod; why, beside the pointer.',
  place: (cell) => (cell.severity === null ? HOLLOW : BY_SEVERITY.indexOf(cell.severity)),
  write: (cell) => (cell.severity === null ? null : cell.verdict ? verdictWords(cell.verdict.word) : 'healthy'),
  value: (cell) => (cell.severity === null ? null : BY_SEVERITY.indexOf(cell.severity)),
  texts: BY_SEVERITY.map((severity) => (severity === 'ok' ? 'healthy' : severity)),
  marks: BY_SEVERITY.map((severity) => (severity === 'critical' ? 'cross' : severity === 'warning' ? 'dot' : null)),
  edged: 1,
  absent: 'nothing is judged here',
};

export function byShade(shade: Shade, counts: Counts): Colouring {
  const value = (cell: Cell) => shade.value(cell, counts);
  return {
    id: shade.id,
    label: shade.label,
    help: shade.help,
    place: (cell) => {
      const found = value(cell);
      return found === null ? HOLLOW : stepOf(shade.steps, found);
    },
    write: (cell) => {
      const found = value(cell);
      if (found === null) return null;
      const detail = shade.detail?.(cell) ?? null;
      return detail === null ? shade.write(found) : `${shade.write(found)} · ${detail}`;
    },
    value,
    texts: stepTexts(shade),
    marks: [],
    edged: 2,
    absent: shade.absent,
  };
}

/** By the worst alarm on a pod and on what is in it. */
export function byAlarms({ cells }: Alarmed): Colouring {
  const place = (cell: Cell) => ALARM_LEVELS.indexOf(levelOf(cells.get(cell.key)));
  return {
    id: ALARMS,
    label: 'Alarms',
    help: 'The worst alarm that goes off on a pod or on a container of it, by the tag severity.',
    place,
    write: (cell) => alarmNames(cells.get(cell.key) ?? []).join(', ') || 'none in alarm',
    value: place,
    texts: ['none in alarm', 'info, or without a severity', 'warning', 'critical or error'],
    marks: [null, null, 'dot', 'cross'],
    edged: 1,
    absent: 'the server has no alarms',
  };
}

/** The colours of a scale's places. */
export function coloursOf(colouring: Colouring, theme: Theme): readonly string[] {
  const severities =
    colouring.id === BY_HEALTH.id
      ? BY_SEVERITY
      : colouring.id === ALARMS
        ? (['ok', 'unknown', 'warning', 'critical'] as const)
        : null;
  return severities ? severities.map((severity) => SEVERITY_COLOURS[severity][theme]) : HEAT[theme];
}
