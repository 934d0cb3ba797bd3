import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { blocksOf, WHOLE_ROWS } from './blocks';
import type { Block } from './blocks';

/** Blocks are drawn so far before they are seen, so that scrolling meets no hole. */
const BEFORE_PX = 900;

/**
 * The blocks of a table's rows, kept by what is near the window; `null` where all rows are drawn. Bodies of the table
 * must have the number of their block as `data-block`, and `data-drawn` when they are.
 */
export function useBlocks(table: RefObject<HTMLTableElement | null>, rows: number): Block[] | null {
  const windowed = rows > WHOLE_ROWS;
  const [near, setNear] = useState<ReadonlySet<number> | null>(null);
  const [focused, setFocused] = useState<number | null>(null);
  const heights = useRef(new Map<number, number>());
  const watch = useRef<IntersectionObserver | null>(null);
  const watched = useRef(new Set<Element>());
  const widths = useRef<{ window: number; of: Map<string, number> }>({ window: 0, of: new Map() });

  useLayoutEffect(() => {
    if (!windowed) return undefined;
    const seen = new Set<number>();
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting, boundingClientRect: box } of entries) {
          const index = blockOf(target);
          if (index === null || !target.isConnected) continue;
          if (target instanceof HTMLElement && target.dataset.drawn !== undefined && box.height > 0)
            heights.current.set(index, box.height);
          if (isIntersecting) seen.add(index);
          else seen.delete(index);
        }
        setNear(new Set(seen));
      },
      { rootMargin: `${BEFORE_PX}px 0px` },
    );
    watch.current = observer;
    const focus = (event: FocusEvent) => setFocused(event.type === 'focusin' ? blockOf(event.target) : null);
    const element = table.current;
    element?.addEventListener('focusin', focus);
    element?.addEventListener('focusout', focus);
    return () => {
      observer.disconnect();
      watched.current.clear();
      watch.current = null;
      heights.current.clear();
      setNear(null);
      element?.removeEventListener('focusin', focus);
      element?.removeEventListener('focusout', focus);
    };
  }, [windowed]);

  // Bodies come and go with the number of rows.
  useLayoutEffect(() => {
    const observer = watch.current;
    if (!observer || !table.current) return;
    const bodies = new Set<Element>(table.current.tBodies);
    for (const body of watched.current)
      if (!bodies.has(body)) {
        observer.unobserve(body);
        watched.current.delete(body);
      }
    for (const body of bodies)
      if (!watched.current.has(body)) {
        observer.observe(body);
        watched.current.add(body);
      }
    keepWidths(table.current, widths.current);
  });

  return windowed ? blocksOf(rows, { near, heights: heights.current, focused }) : null;
}

function blockOf(target: EventTarget | null): number | null {
  const body = target instanceof Element ? target.closest<HTMLElement>('tbody[data-block]') : null;
  return body ? Number(body.dataset.block) : null;
}

/** Columns are as wide as the rows that are drawn need: once wide they stay so, else they would jump while scrolling. */
function keepWidths(table: HTMLTableElement, held: { window: number; of: Map<string, number> }): void {
  const heads = [...table.querySelectorAll<HTMLElement>('thead th')];
  if (held.window !== window.innerWidth) {
    held.window = window.innerWidth;
    held.of.clear();
    for (const head of heads) head.style.minWidth = '';
  }
  const now = heads.map((head) => [head, head.textContent, head.offsetWidth] as const);
  for (const [head, name, width] of now) {
    const most = Math.max(width, held.of.get(name) ?? 0);
    held.of.set(name, most);
    head.style.minWidth = `${most}px`;
  }
}
