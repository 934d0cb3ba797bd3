import { HEADING } from './layout';
import type { Layout } from './layout';

/** What lies under a point, and what lies beside a cell. Pure. */

/** The cell under a point; the pixel between two belongs to the first. `null` outside of all. */
export function cellAt(layout: Layout, x: number, y: number): number | null {
  const { cells, blocks } = layout;
  for (const block of blocks) {
    if (x < block.x || y < block.y || x >= block.x + block.width || y >= block.y + block.height) continue;
    for (let index = block.first; index < block.first + block.count; index += 1) {
      const at = index * 4;
      const dx = x - (cells[at] ?? 0);
      const dy = y - (cells[at + 1] ?? 0);
      if (dx >= 0 && dy >= 0 && dx <= (cells[at + 2] ?? 0) + 1 && dy <= (cells[at + 3] ?? 0) + 1) return index;
    }
    return null;
  }
  return null;
}

/** The block whose name is under a point. */
export function headingAt(layout: Layout, x: number, y: number): number | null {
  const found = layout.blocks.findIndex(
    (block) => x >= block.x && x < block.x + block.width && y >= block.y && y < block.y + HEADING,
  );
  return found < 0 ? null : found;
}

/** The block that a cell is in. */
export function blockOf(layout: Layout, cell: number): number {
  return layout.blocks.findIndex((block) => cell >= block.first && cell < block.first + block.count);
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The cell that one means by an arrow: the nearest in that direction, one in the same line before one that is only
 * nearer. The cell itself where there is none.
 */
export function beside(layout: Layout, from: number, direction: Direction): number {
  const { cells } = layout;
  const horizontal = direction === 'left' || direction === 'right';
  const sign = direction === 'right' || direction === 'down' ? 1 : -1;
  const own = from * 4;
  // Places along and across the direction: of begin, end and middle.
  const along = horizontal ? 0 : 1;
  const across = 1 - along;
  const middle = (at: number, axis: number) => (cells[at + axis] ?? 0) + (cells[at + 2 + axis] ?? 0) / 2;
  const here = middle(own, along);
  const low = cells[own + across] ?? 0;
  const high = low + (cells[own + 2 + across] ?? 0);
  let best = from;
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < cells.length / 4; index += 1) {
    if (index === from) continue;
    const at = index * 4;
    const ahead = (middle(at, along) - here) * sign;
    if (ahead <= 0.5) continue;
    const begin = cells[at + across] ?? 0;
    const end = begin + (cells[at + 2 + across] ?? 0);
    const aside = Math.max(0, begin - high, low - end);
    const inLine = aside === 0 ? Math.abs(middle(at, across) - middle(own, across)) * 0.1 : aside * 4 + 8;
    const cost = ahead + inLine;
    if (cost < least) {
      least = cost;
      best = index;
    }
  }
  return best;
}
