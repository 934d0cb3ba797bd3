import { duration } from '../../format/time';
import type { StoredNamespace, StoredTable } from '../../api/cost';

/** The arithmetic of what is kept. Pure. */

const DAY_SECONDS = 86_400;

export function bytesPerRow(table: StoredTable): number | null {
  return table.rows > 0 && table.bytes_on_disk > 0 ? table.bytes_on_disk / table.rows : null;
}

/** How many times smaller lines are on disk than as they came. */
export function compression(namespace: StoredNamespace): number | null {
  return namespace.log_bytes_on_disk > 0 && namespace.log_bytes_in > 0
    ? namespace.log_bytes_in / namespace.log_bytes_on_disk
    : null;
}

export interface Growth {
  /** Of the tables that are known; `null` when none is. */
  bytes_per_day: number | null;
  /** Tables whose growth is not known yet. */
  unknown: number;
}

export function growth(tables: readonly StoredTable[]): Growth {
  const known = tables.map((table) => table.growth_bytes_per_day).filter((value) => value !== null);
  return {
    bytes_per_day: known.length === 0 ? null : known.reduce((a, b) => a + b, 0),
    unknown: tables.length - known.length,
  };
}

/** When the disk budget is used up at the present growth. */
export type Full =
  | { kind: 'in'; seconds: number }
  | { kind: 'now' }
  /** There is no budget. */
  | { kind: 'no-budget' }
  /** It does not grow. */
  | { kind: 'never' }
  /** The growth is not known yet. */
  | { kind: 'unknown' };

export function fullIn(used: number, budget: number | null, bytesPerDay: number | null): Full {
  if (budget === null) return { kind: 'no-budget' };
  if (used >= budget) return { kind: 'now' };
  if (bytesPerDay === null) return { kind: 'unknown' };
  if (bytesPerDay <= 0) return { kind: 'never' };
  return { kind: 'in', seconds: ((budget - used) / bytesPerDay) * DAY_SECONDS };
}

export interface Sums {
  rows: number;
  bytes_on_disk: number;
  bytes_in_memory: number;
}

export function sums(tables: readonly StoredTable[]): Sums {
  const sum = (of: (table: StoredTable) => number) => tables.reduce((total, table) => total + of(table), 0);
  return {
    rows: sum((table) => table.rows),
    bytes_on_disk: sum((table) => table.bytes_on_disk),
    bytes_in_memory: sum((table) => table.bytes_in_memory),
  };
}

const YEAR_DAYS = 365;

/** A time far ahead, no finer than it can be foretold: `3 d 4 h`, `341 d`, `more than 10 years`. */
export function roughly(seconds: number): string {
  const days = seconds / DAY_SECONDS;
  if (days < 10) return duration(seconds);
  if (days < 3 * YEAR_DAYS) return `${Math.round(days)}\u00a0d`;
  const years = Math.round(days / YEAR_DAYS);
  return years > 10 ? 'more than 10 years' : `${years} years`;
}
