import { useSignalEffect } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Zone } from '../format/time';
import type { Range } from '../state/range';
import { brushed } from '../state/range';
import { theme } from '../theme/theme';
import { cursor, point, togglePin, unpin } from './cursor';
import { INK } from './ink';
import { steer } from './keys';
import type { ChartModel } from './model';
import { nearest } from './model';
import { followTouch, pointerBinding } from './pointer';
import { options, prepare, structure } from './plot';

interface Properties {
  id: string;
  model: ChartModel;
  zone: Zone;
  height: number;
  label: string;
  describedBy: string;
  /** A part of the time was chosen by brush, pan or keyboard. */
  onRange: (range: Range) => void;
  /** The log lines of a moment are wanted. */
  onLines?: (time: number) => void;
}

/** The canvas of a chart: draws the model, follows the shared cursor, turns gestures and keys into ranges. */
export function TimeChart({ id, model, zone, height, label, describedBy, onRange, onLines }: Properties) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const prepared = prepare(model);
  const current = useRef<{ prepared: typeof prepared }>({ prepared });
  current.current.prepared = prepared;
  const choose = useRef(onRange);
  choose.current = onRange;
  const width = useWidth(host);
  const ink = INK[theme.value];
  const shape = structure(prepared);

  useLayoutEffect(() => {
    const element = host.current;
    if (!element || width === 0) return undefined;
    const brush = (made: uPlot) => {
      const { left, width: wide } = made.select;
      if (wide < 4) return;
      made.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      const picked = brushed(made.posToVal(left, 'x'), made.posToVal(left + wide, 'x'));
      if (picked) choose.current(picked);
    };
    const moved = (made: uPlot) => {
      if (isHeld(id, element)) {
        hold(made, current.current.prepared.model);
        return;
      }
      const index = made.cursor.idx;
      const inside = (made.cursor.left ?? -1) >= 0;
      point(inside && index !== null && index !== undefined ? (made.data[0][index] ?? null) : null, id);
    };
    const hooks: uPlot.Hooks.Arrays = { setSelect: [brush], setCursor: [moved] };
    const made = new uPlot(
      options(
        current.current,
        ink,
        zone,
        { width, height },
        hooks,
        pointerBinding(id, (range) => choose.current(range)),
      ),
      current.current.prepared.data,
      element,
    );
    followTouch(made);
    plot.current = made;
    if (isHeld(id, element)) hold(made, current.current.prepared.model);
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [shape, ink, zone, width === 0, height]);

  useLayoutEffect(() => {
    if (plot.current && width > 0) plot.current.setSize({ width, height });
  }, [width, height]);

  useLayoutEffect(() => {
    plot.current?.setData(prepared.data);
    if (plot.current && host.current && isHeld(id, host.current)) hold(plot.current, model);
  }, [model]);

  useSignalEffect(() => {
    const { time, owner, pinned } = cursor.value;
    const made = plot.current;
    if (!made || (owner === id && !pinned)) return;
    show(made, current.current.prepared.model, time);
    made.over.classList.toggle('pinned', pinned);
  });

  return (
    <div
      class="plot"
      ref={host}
      tabIndex={0}
      role="group"
      aria-roledescription="chart"
      aria-label={label}
      aria-describedby={describedBy}
      onKeyDown={(event) => {
        if (plot.current) steer(event, plot.current, id, onRange, onLines);
      }}
      onClick={(event) => {
        if (!(event as MouseEvent).shiftKey) togglePin(id);
      }}
      onBlur={() => {
        if (!cursor.peek().pinned && cursor.peek().owner === id) unpin();
      }}
    />
  );
}

/** Whether the cursor stays at its moment: pinned, or put there by keys while the pointer is elsewhere. */
function isHeld(id: string, element: HTMLElement): boolean {
  const { pinned, owner, steered } = cursor.peek();
  return pinned || (steered && owner === id && !element.matches(':hover'));
}

/** Puts a plot's own cursor at a moment; nowhere when it has no point there. */
function show(plot: uPlot, model: ChartModel, time: number | null): void {
  const index = time === null ? null : nearest(model.times, time, model.period);
  const left = index === null ? -10 : plot.valToPos(model.times[index] ?? 0, 'x');
  plot.setCursor({ left, top: index === null ? -10 : 0 }, false);
}

/** Keeps the moment under the cursor when the pointer or the data move on. */
function hold(plot: uPlot, model: ChartModel): void {
  show(plot, model, cursor.peek().time);
}

/** The element's width, renewed as it changes; 0 until it is known. */
function useWidth(host: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    setWidth(Math.floor(element.clientWidth));
    return () => observer.disconnect();
  }, []);
  return width;
}
