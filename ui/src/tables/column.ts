import type { ComponentChildren } from 'preact';

/** What a cell sorts by. Absent values come last in either direction. */
export type SortValue = number | string | null;

/** One column of a table of `Row`s. */
export interface Column<Row> {
  /** Stands in addresses. */
  id: string;
  header: string;
  /** What the numbers mean, on hover over the header. */
  help?: string;
  end?: boolean;
  value: (row: Row) => SortValue;
  cell: (row: Row) => ComponentChildren;
  /** The exact value, on hover over the cell. */
  title?: (row: Row) => string | undefined;
  /** Left out while no row has a value: limits where nobody set one. */
  optional?: boolean;
  /** Extra class of the cells. */
  class?: string;
}

/** A column and a direction. */
export interface Sort {
  id: string;
  descending: boolean;
}

/** The columns that have something to show. */
export function filled<Row>(columns: readonly Column<Row>[], rows: readonly Row[], sort: Sort): Column<Row>[] {
  return columns.filter(
    (column) => column.optional !== true || column.id === sort.id || rows.some((row) => column.value(row) !== null),
  );
}

/** `-cpu` is by `cpu`, largest first. Unknown columns fall back. */
export function parseSort(text: string | null, ids: readonly string[], fallback: Sort): Sort {
  if (text === null) return fallback;
  const descending = text.startsWith('-');
  const id = descending ? text.slice(1) : text;
  return ids.includes(id) ? { id, descending } : fallback;
}

export function sortText(sort: Sort): string {
  return sort.descending ? `-${sort.id}` : sort.id;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Numbers by size, texts as people read them (`web-2` before `web-10`), absent last. */
export function compare(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
  return descending ? -order : order;
}

/** The rows in order; equal ones by their key, so that they keep their places from refresh to refresh. */
export function sorted<Row>(
  rows: readonly Row[],
  column: Column<Row> | undefined,
  descending: boolean,
  key: (row: Row) => string,
): Row[] {
  if (!column) return [...rows];
  return rows
    .map((row) => ({ row, value: column.value(row), key: key(row) }))
    .sort((a, b) => compare(a.value, b.value, descending) || collator.compare(a.key, b.key))
    .map(({ row }) => row);
}
