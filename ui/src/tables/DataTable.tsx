import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../app/icons';
import { filled, sorted } from './column';
import type { Column, Sort } from './column';
import { useBlocks } from './useBlocks';

interface Properties<Row> {
  /** Names the table for everybody; shown when `captioned`. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  sort: Sort;
  onSort: (sort: Sort) => void;
  dimmed?: boolean;
  /** Why there are no rows, and what to do. */
  empty: ComponentChildren;
  /** Rows drawn at first; more by a button. */
  most?: number;
  rowClass?: (row: Row) => string | undefined;
  /** Told the keys of the rows that are drawn, in no order, for what is asked about them only. Far ones are not drawn. */
  onShown?: (keys: readonly string[]) => void;
}

const MOST = 100;

/**
 * A real table with sortable columns. While the pointer or the focus is in it, refreshed values appear but rows keep
 * their order, so that nothing jumps away from under a click.
 */
export function DataTable<Row>({
  caption,
  columns: all,
  rows,
  rowKey,
  sort,
  onSort,
  dimmed = false,
  empty,
  most = MOST,
  rowClass,
  onShown,
}: Properties<Row>) {
  const [limit, setLimit] = useState(most);
  const held = useRef<{ sort: string; order: Map<string, number> } | null>(null);
  const busy = useRef({ pointer: false, focus: false });
  const table = useRef<HTMLTableElement>(null);

  const columns = filled(all, rows, sort);
  const column = columns.find((one) => one.id === sort.id);
  const sortKey = JSON.stringify(sort);
  let ordered = sorted(rows, column, sort.descending, rowKey);
  if ((busy.current.pointer || busy.current.focus) && held.current?.sort === sortKey) {
    const { order } = held.current;
    const place = (row: Row) => order.get(rowKey(row)) ?? Number.MAX_SAFE_INTEGER;
    ordered = ordered
      .map((row) => ({ row, at: place(row) }))
      .sort((a, b) => a.at - b.at)
      .map(({ row }) => row);
  } else {
    held.current = { sort: sortKey, order: new Map(ordered.map((row, index) => [rowKey(row), index])) };
  }
  const shown = ordered.slice(0, limit);
  const blocks = useBlocks(table, shown.length);
  const drawn = blocks ? blocks.filter((one) => one.drawn).flatMap(({ from, to }) => shown.slice(from, to)) : shown;
  const keys = drawn.map(rowKey).sort();
  useEffect(() => onShown?.(keys), [JSON.stringify(keys)]);

  // While the reader is at a row, the others keep their places.
  const handlers = {
    onPointerEnter: () => {
      busy.current.pointer = true;
    },
    onPointerLeave: () => {
      busy.current.pointer = false;
    },
    onFocusCapture: () => {
      busy.current.focus = true;
    },
    onBlurCapture: () => {
      busy.current.focus = false;
    },
  };
  /** A row; of a table that is not drawn whole with its place, which assistive programs cannot count. */
  const drawRow = (row: Row, place?: number) => (
    <tr key={rowKey(row)} class={rowClass?.(row)} {...(place === undefined ? {} : { 'aria-rowindex': place + 2 })}>
      {columns.map((one, index) => {
        const name = `${one.end === true ? 'end num' : ''} ${one.class ?? ''}`;
        return index === 0 ? (
          <th key={one.id} scope="row" class={name} title={one.title?.(row)}>
            {one.cell(row)}
          </th>
        ) : (
          <td key={one.id} class={name} title={one.title?.(row)}>
            {one.cell(row)}
          </td>
        );
      })}
    </tr>
  );
  const left = ordered.length - limit;

  return (
    <div class="table-wrap">
      <div class="table-scroll" tabIndex={0} role="group" aria-label={caption}>
        <table
          ref={table}
          class={`data ${dimmed ? 'dimmed' : ''}`}
          aria-busy={dimmed}
          {...(blocks ? { 'aria-rowcount': shown.length + 1 } : {})}
        >
          <caption class="sr-only">
            {caption}. {rows.length} rows, sorted by {column?.header ?? 'nothing'},{' '}
            {sort.descending ? 'descending' : 'ascending'}.
          </caption>
          <thead>
            <tr {...(blocks ? { 'aria-rowindex': 1 } : {})}>
              {columns.map((one) => (
                <Header key={one.id} column={one} sort={sort} onSort={onSort} />
              ))}
            </tr>
          </thead>
          {blocks === null ? (
            <tbody {...handlers}>{shown.map((row) => drawRow(row))}</tbody>
          ) : (
            blocks.map(({ index, from, to, drawn: here, height }) =>
              here ? (
                <tbody key={`block ${index}`} data-block={index} data-drawn {...handlers}>
                  {shown.slice(from, to).map((row, place) => drawRow(row, from + place))}
                </tbody>
              ) : (
                <tbody key={`space ${index}`} data-block={index} aria-hidden="true">
                  <tr class="space">
                    <td colSpan={columns.length} style={{ height: `${height}px` }} />
                  </tr>
                </tbody>
              ),
            )
          )}
        </table>
        {rows.length === 0 && <div class="table-empty">{empty}</div>}
      </div>
      {left > 0 && (
        <p class="table-more">
          Showing {limit} of {ordered.length}.{' '}
          <button type="button" onClick={() => setLimit(limit + 4 * most)}>
            Show {Math.min(4 * most, left)} more
          </button>{' '}
          {left > 4 * most && (
            <button type="button" onClick={() => setLimit(Infinity)}>
              Show all
            </button>
          )}
        </p>
      )}
    </div>
  );
}

function Header<Row>({ column, sort, onSort }: { column: Column<Row>; sort: Sort; onSort: (sort: Sort) => void }) {
  const active = sort.id === column.id;
  const next = { id: column.id, descending: active ? !sort.descending : column.end === true };
  return (
    <th
      scope="col"
      class={`${column.end === true ? 'end' : ''} ${column.class ?? ''}`}
      {...(active ? { 'aria-sort': sort.descending ? ('descending' as const) : ('ascending' as const) } : {})}
    >
      <button type="button" title={column.help ?? `Sort by ${column.header}`} onClick={() => onSort(next)}>
        {column.header}
        <span class={`sort-mark ${active ? (sort.descending ? 'down' : 'up') : ''}`}>
          <Icon name="down" />
        </span>
      </button>
    </th>
  );
}
