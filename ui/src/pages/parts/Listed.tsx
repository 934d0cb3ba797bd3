import type { ComponentChildren } from 'preact';
import type { Problem } from '../../api/problem';
import { DataTable } from '../../tables/DataTable';
import type { Column, Sort } from '../../tables/column';
import { fits, parseFilter } from '../../tables/filter';
import type { Fields } from '../../tables/filter';
import { useSort } from '../../tables/useSort';
import { Fault } from './Empty';
import { FilterBox, filterText } from './FilterBox';

interface Properties<Row> {
  /** What the rows are, in the plural. */
  noun: string;
  columns: readonly Column<Row>[];
  /** Null until they are known. */
  rows: readonly Row[] | null;
  rowKey: (row: Row) => string;
  /** What the filter looks at. */
  fields: (row: Row) => Fields;
  hint: string;
  sort: Sort;
  problem: Problem | null;
  onRetry: () => void;
  onShown?: (keys: readonly string[]) => void;
  /** Why there are none at all, and what to do. */
  empty: ComponentChildren;
  /** Beside the filter. */
  beside?: ComponentChildren;
  most?: number;
}

/** A table with its filter box, and what went wrong in asking for it. */
export function Listed<Row>(given: Properties<Row>) {
  const { noun, columns, rows, rowKey, fields, hint, problem, onRetry, onShown, empty, beside, most } = given;
  const { sort, onSort } = useSort(columns, given.sort);
  const terms = parseFilter(filterText());
  const shown = (rows ?? []).filter((row) => fits(terms, fields(row)));
  return (
    <>
      {problem && <Fault problem={problem} stale={rows !== null} onRetry={onRetry} />}
      <div class="filter-bar">
        <FilterBox label={`Filter ${noun}`} hint={hint} />
        {beside}
        <span class="total num" aria-live="polite">
          {shown.length} of {rows?.length ?? 0} {noun}
        </span>
      </div>
      <DataTable
        caption={noun.charAt(0).toUpperCase() + noun.slice(1)}
        columns={columns}
        rows={shown}
        rowKey={rowKey}
        sort={sort}
        onSort={onSort}
        {...(onShown ? { onShown } : {})}
        {...(most === undefined ? {} : { most })}
        empty={
          rows === null ? (
            problem ? (
              'Nothing could be asked for.'
            ) : (
              <span class="loading-note">Loading…</span>
            )
          ) : rows.length > 0 ? (
            `None of the ${noun} fits the filter.`
          ) : (
            empty
          )
        }
      />
    </>
  );
}
