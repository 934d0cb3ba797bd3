import type uPlot from 'uplot';
import { now } from '../state/clock';
import { shifted } from '../state/range';
import type { Range } from '../state/range';

/**
 * What the mouse does beyond the plot's own brush: dragging with Shift held moves the range instead of choosing a
 * part of it.
 */
export function pointerBinding(id: string, onRange: (range: Range) => void): uPlot.Cursor.Bind {
  return {
    mousedown: (plot, _target, handler) => (event) => {
      if (event.button === 0 && event.shiftKey) {
        pan(plot, event, onRange);
        return null;
      }
      // A press on the chart gives it the keyboard too; the plot stops the browser from doing it.
      document.getElementById(id)?.querySelector<HTMLElement>('.plot')?.focus({ preventScroll: true });
      handler(event);
      return null;
    },
    dblclick: () => null,
  };
}

/** A finger that moves along a chart moves the cursor; up and down still scrolls the page. */
export function followTouch(plot: uPlot): void {
  const { over } = plot;
  over.addEventListener(
    'touchmove',
    (event) => {
      const touch = event.touches[0];
      if (!touch || event.touches.length > 1) return;
      const { left, top } = over.getBoundingClientRect();
      plot.setCursor({ left: touch.clientX - left, top: touch.clientY - top });
    },
    { passive: true },
  );
}

function pan(plot: uPlot, start: MouseEvent, onRange: (range: Range) => void): void {
  const { over } = plot;
  const follow = (event: MouseEvent) => {
    over.style.transform = `translateX(${event.clientX - start.clientX}px)`;
  };
  const end = (event: MouseEvent) => {
    window.removeEventListener('mousemove', follow);
    window.removeEventListener('mouseup', end);
    over.style.transform = '';
    const scale = plot.scales.x;
    const by = (start.clientX - event.clientX) / over.clientWidth;
    if (typeof scale?.min !== 'number' || typeof scale.max !== 'number' || Math.abs(by) < 0.01) return;
    onRange(shifted({ kind: 'absolute', start: scale.min, end: scale.max }, by, now.peek()));
  };
  window.addEventListener('mousemove', follow);
  window.addEventListener('mouseup', end);
}
