import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Heights } from '../../logs/heights';
import type { LineSource } from '../../logs/source';
import type { DetailActions } from './LineDetail';
import { LineRow } from './LineRow';
import type { LineLook } from './LineRow';

/** A row that has not been measured yet, with a message that fits in one row. */
const ROW_HEIGHT = 24;
const TEXT_HEIGHT = 18;
const CHARACTER_WIDTH = 7.2;
/** Drawn above and below what is seen. */
const MARGIN = 400;
/** So near to an end is at it. */
const NEAR = 4;

export interface Selection {
  row: number;
  id: string;
}

interface Properties {
  source: LineSource;
  /** Moves when the source has changed. */
  version: number;
  label: string;
  look: LineLook;
  selection: Selection | null;
  expanded: ReadonlySet<string>;
  onPick: (row: number, toggle: boolean) => void;
  actions: DetailActions;
  /** Told which rows are looked at. */
  onShow?: (from: number, to: number) => void;
  /** Told when the reader leaves the end at which new lines come, or returns to it. */
  onEdge?: (there: boolean) => void;
  /** The row that is brought to the middle at first. */
  first?: number | null;
  /** The end at which new lines come. */
  edge?: 'top' | 'bottom' | null;
  /** After the last row. */
  footer?: ComponentChildren;
}

interface Layout {
  key: string;
  epoch: number;
  heights: Heights;
  /** Heights of lines that were drawn, by their ids. */
  measured: Map<string, number>;
}

/**
 * The list of lines: as long as it may be, only what is seen is drawn. Rows are as high as they are; a row that turns
 * out higher than it was taken for moves what is below it, never what one looks at.
 */
export function LineList({
  source,
  version,
  label,
  look,
  selection,
  expanded,
  onPick,
  actions,
  onShow,
  onEdge,
  first = null,
  edge = null,
  footer,
}: Properties) {
  const scroller = useRef<HTMLDivElement>(null);
  const layout = useRef<Layout | null>(null);
  const [view, setView] = useState({ top: 0, height: 600, width: 900 });
  const [, redraw] = useState(0);
  const atEdge = useRef(true);

  // Another width breaks lines elsewhere.
  const key = JSON.stringify([look.wrap, look.columns, look.wrap ? Math.round(view.width / 24) : 0]);
  const before = layout.current;
  if (before?.key !== key || before.epoch !== source.epoch) {
    layout.current = {
      key,
      epoch: source.epoch,
      heights: new Heights(source.count),
      measured: before?.key === key ? before.measured : new Map<string, number>(),
    };
  }
  const { heights, measured } = layout.current ?? { heights: new Heights(), measured: new Map<string, number>() };
  if (heights.count < source.count) {
    const fresh: number[] = [];
    for (let row = heights.count; row < source.count; row += 1)
      fresh.push(guess(source, row, look, view.width, measured));
    heights.push(fresh);
  }

  const from = heights.at(Math.max(0, view.top - MARGIN));
  const to = source.count === 0 ? -1 : heights.at(view.top + view.height + MARGIN);
  const rows: number[] = [];
  for (let row = from; row <= to; row += 1) rows.push(row);

  useEffect(() => {
    onShow?.(from, Math.max(from, to));
  }, [from, to, source, version]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const look = () => setView((held) => ({ ...held, height: element.clientHeight, width: element.clientWidth }));
    const observer = new ResizeObserver(look);
    observer.observe(element);
    look();
    return () => observer.disconnect();
  }, []);

  // What was drawn is measured; the first row that is seen stays where it is.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const seen = heights.at(element.scrollTop);
    let above = 0;
    let changed = false;
    for (const child of element.querySelectorAll<HTMLElement>('[data-row]')) {
      const row = Number(child.dataset.row);
      const by = heights.set(row, child.offsetHeight);
      if (by === 0) continue;
      changed = true;
      if (row < seen) above += by;
      const line = source.line(row);
      if (line) measured.set(line.id, child.offsetHeight);
    }
    if (edge === 'bottom' && atEdge.current) element.scrollTop = element.scrollHeight;
    else if (above !== 0) element.scrollTop += above;
    if (changed) redraw((count) => count + 1);
  });

  // Other lines than before: from their begin.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (edge !== null || !element) return;
    element.scrollTop = first === null ? 0 : heights.before(first) - element.clientHeight / 2;
  }, [source.epoch]);

  useEffect(() => {
    atEdge.current = true;
  }, [edge]);

  // The line that is chosen by key is brought into view.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !selection) return;
    const start = heights.before(selection.row);
    const end = start + Math.min(heights.of(selection.row), element.clientHeight);
    if (start < element.scrollTop) element.scrollTop = start;
    else if (end > element.scrollTop + element.clientHeight) element.scrollTop = end - element.clientHeight;
  }, [selection?.row, selection?.id]);

  useEffect(() => {
    if (!selection || !scroller.current) return;
    const focused = document.activeElement;
    if (focused !== document.body && !scroller.current.contains(focused)) return;
    if (focused instanceof HTMLElement && focused.closest(`[data-row="${selection.row}"]`)) return;
    scroller.current.querySelector<HTMLElement>(`[data-row="${selection.row}"]`)?.focus({ preventScroll: true });
  }, [selection?.row, from, to]);

  const scrolled = () => {
    const element = scroller.current;
    if (!element) return;
    setView((held) => (held.top === element.scrollTop ? held : { ...held, top: element.scrollTop }));
    if (edge === null) return;
    const there =
      edge === 'top'
        ? element.scrollTop <= NEAR
        : element.scrollTop + element.clientHeight >= element.scrollHeight - NEAR;
    if (there !== atEdge.current) {
      atEdge.current = there;
      onEdge?.(there);
    }
  };

  return (
    <div class="log-scroll" ref={scroller} tabIndex={0} role="group" aria-label={label} onScroll={scrolled}>
      <div class="log-space" style={{ height: `${heights.total}px` }}>
        <div
          class={`log-window ${look.dated ? 'dated' : ''}`}
          role="feed"
          aria-label={label}
          style={{ transform: `translateY(${heights.before(from)}px)` }}
        >
          {rows.map((row) => {
            const line = source.line(row);
            return (
              <LineRow
                key={line?.id ?? `row ${row}`}
                line={line}
                row={row}
                count={source.count}
                bands={source.bandsBefore(row)}
                look={look}
                selected={selection?.row === row}
                expanded={line !== null && expanded.has(line.id)}
                onPick={onPick}
                actions={actions}
              />
            );
          })}
        </div>
      </div>
      {footer}
    </div>
  );
}

/** How high a row will be, before it has been drawn. */
function guess(
  source: LineSource,
  row: number,
  look: LineLook,
  width: number,
  measured: ReadonlyMap<string, number>,
): number {
  const line = source.line(row);
  if (!line) return ROW_HEIGHT;
  const known = measured.get(line.id);
  if (known !== undefined) return known;
  if (!look.wrap) return ROW_HEIGHT;
  const characters = Math.max(20, (width - 130 - look.columns.length * 90) / CHARACTER_WIDTH);
  let lines = 0;
  for (const part of line.message.slice(0, 10_000).split('\n'))
    lines += Math.max(1, Math.ceil(part.length / characters));
  return ROW_HEIGHT + (lines - 1) * TEXT_HEIGHT;
}
