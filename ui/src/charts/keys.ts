import type uPlot from 'uplot';
import { brushed } from '../state/range';
import type { Range } from '../state/range';
import { cursor, point, togglePin, unpin } from './cursor';

/** Where a selection by keyboard began, by chart. */
const anchors = new WeakMap<uPlot, number>();

/**
 * A chart by keyboard: arrows move the cursor, with Control by tenths; Home and End go to the ends; Shift with an
 * arrow chooses a part, which Enter zooms into; Enter alone pins the cursor; `o` leads to the log lines of its minute;
 * Escape lets go.
 */
export function steer(
  event: KeyboardEvent,
  plot: uPlot,
  id: string,
  onRange: (range: Range) => void,
  onLines: ((time: number) => void) | undefined,
): void {
  const times = plot.data[0];
  const count = times.length;
  if (count === 0 || event.altKey || event.metaKey) return;
  const at = place(plot, count);
  const stride = event.ctrlKey ? Math.max(1, Math.round(count / 10)) : 1;
  switch (event.key) {
    case 'ArrowLeft':
      move(Math.max(0, at === null ? count - 1 : at - stride));
      break;
    case 'ArrowRight':
      move(Math.min(count - 1, at === null ? 0 : at + stride));
      break;
    case 'Home':
      move(0);
      break;
    case 'End':
      move(count - 1);
      break;
    case 'Enter':
      if (!zoom()) togglePin(id);
      break;
    case 'o': {
      const { time } = cursor.peek();
      if (!onLines || time === null) return;
      onLines(time);
      break;
    }
    case 'Escape':
      drop();
      unpin();
      break;
    default:
      return;
  }
  event.preventDefault();
  event.stopPropagation();

  function move(to: number): void {
    if (event.shiftKey) {
      if (!anchors.has(plot)) anchors.set(plot, at ?? to);
      const from = plot.valToPos(times[anchors.get(plot) ?? to] ?? 0, 'x');
      const until = plot.valToPos(times[to] ?? 0, 'x');
      plot.setSelect(
        { left: Math.min(from, until), top: 0, width: Math.abs(until - from), height: plot.over.clientHeight },
        false,
      );
    } else {
      drop();
    }
    if (cursor.peek().pinned) unpin();
    plot.setCursor({ left: plot.valToPos(times[to] ?? 0, 'x'), top: 0 }, false);
    point(times[to] ?? null, id, true);
  }

  function zoom(): boolean {
    const from = anchors.get(plot);
    if (from === undefined || at === null) return false;
    drop();
    const range = brushed(times[from] ?? 0, times[at] ?? 0);
    if (range) onRange(range);
    return true;
  }

  function drop(): void {
    if (anchors.delete(plot)) plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }
}

function place(plot: uPlot, count: number): number | null {
  const { left, idx } = plot.cursor;
  return left !== undefined && left >= 0 && idx !== null && idx !== undefined && idx < count ? idx : null;
}
