import { query, setQuery } from '../routes/location';
import { parseSort, sortText } from './column';
import type { Column, Sort } from './column';

/** A table's sort from the address, and the way to change it there. */
export function useSort<Row>(
  columns: readonly Column<Row>[],
  fallback: Sort,
  key = 'sort',
): { sort: Sort; onSort: (sort: Sort) => void } {
  const sort = parseSort(
    query.value.get(key),
    columns.map((column) => column.id),
    fallback,
  );
  return {
    sort,
    onSort: (next) =>
      setQuery({ [key]: sortText(next) === sortText(fallback) ? null : sortText(next) }, { replace: true }),
  };
}
