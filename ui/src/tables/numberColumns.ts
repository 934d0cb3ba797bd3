import { exact, format } from '../format/number';
import type { Unit } from '../format/number';
import { dateTime, momentIn } from '../format/time';
import { now } from '../state/clock';
import { zone } from '../state/zone';
import type { Column } from './column';

interface Words {
  id: string;
  header: string;
  help?: string;
}

/** A column of numbers in a unit, exact on hover. */
export function numberColumn<Row>(words: Words, unit: Unit, value: (row: Row) => number | null): Column<Row> {
  return {
    ...words,
    end: true,
    value,
    cell: (row) => format(unit, value(row)),
    title: (row) => exact(unit, value(row)),
  };
}

/** A column of moments (milliseconds since 1970): how long ago, the time on hover. */
export function momentColumn<Row>(words: Words, value: (row: Row) => number | null): Column<Row> {
  return {
    ...words,
    end: true,
    value,
    cell: (row) => {
      const ms = value(row);
      return ms === null ? '–' : momentIn(ms, now.peek() - ms, zone.value);
    },
    title: (row) => {
      const ms = value(row);
      return ms === null ? undefined : dateTime(ms, zone.value);
    },
  };
}
