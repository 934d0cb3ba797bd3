import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { beside, blockOf, cellAt, headingAt } from '../../map/find';
import type { Direction } from '../../map/find';
import { cellRect } from '../../map/layout';
import type { Layout } from '../../map/layout';
import { paint, pixelRatio } from '../../map/paint';
import type { Look, Picture } from '../../map/paint';
import { useStable } from '../../state/stable';

interface Properties {
  picture: Picture;
  look: Look;
  label: string;
  describedBy: string;
  /** Stays with a cell while others come and go. */
  keyOf: (index: number) => string;
  indexOf: (key: string) => number | null;
  /** What is shown beside a cell. */
  tip: (index: number) => ComponentChildren;
  /** What is read of a cell. */
  spoken: (index: number) => string;
  onOpen: (index: number) => void;
  /** Where the name of a block leads; null nowhere. */
  onHeading: ((block: number) => void) | null;
}

/** The cell that is pointed at, and by what. */
interface Pointed {
  key: string;
  by: 'pointer' | 'keys' | 'touch';
}

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** The canvas of the map, and everything by which one moves on it. Pointing redraws nothing of the canvas. */
export function MapCanvas(properties: Properties) {
  const { picture, look, label, describedBy, tip, spoken, keyOf, indexOf, onOpen, onHeading } = properties;
  const canvas = useRef<HTMLCanvasElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const frame = useRef(0);
  const { layout } = picture;
  const screen = useScreenRatio();
  const index = pointed === null ? null : indexOf(pointed.key);

  useLayoutEffect(() => {
    const ctx = canvas.current?.getContext('2d');
    if (!canvas.current || !ctx) return;
    const begin = performance.now();
    const ratio = pixelRatio(layout.width, layout.height, screen);
    const [wide, high] = [Math.ceil(layout.width * ratio), Math.ceil(layout.height * ratio)];
    if (canvas.current.width !== wide || canvas.current.height !== high) {
      canvas.current.width = wide;
      canvas.current.height = high;
    }
    paint(ctx, picture, look, ratio);
    measured('map: paint', begin);
  }, [picture, look, screen]);

  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const place = (event: PointerEvent | MouseEvent): [number, number] => {
    const box = canvas.current?.getBoundingClientRect();
    return [event.clientX - (box?.left ?? 0), event.clientY - (box?.top ?? 0)];
  };

  /** Once a frame, however often the pointer reports. */
  const follow = useStable((event: PointerEvent) => {
    if (event.pointerType === 'touch') return;
    const [x, y] = place(event);
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => {
      const found = cellAt(layout, x, y);
      const heading = found === null && onHeading !== null && headingAt(layout, x, y) !== null;
      host.current?.classList.toggle('at-link', found !== null || heading);
      if (found !== null) {
        const key = keyOf(found);
        setPointed((before) => (before?.key === key && before.by === 'pointer' ? before : { key, by: 'pointer' }));
      } else {
        setPointed((before) => (before?.by === 'pointer' ? null : before));
      }
    });
  });

  const press = useStable((event: MouseEvent) => {
    const [x, y] = place(event);
    const found = cellAt(layout, x, y);
    if (found === null) {
      const heading = headingAt(layout, x, y);
      if (heading !== null && onHeading) onHeading(heading);
      else setPointed(null);
      return;
    }
    const key = keyOf(found);
    const touch = (event as PointerEvent).pointerType === 'touch';
    // A finger cannot hover: the first touch tells, the second opens.
    if (touch && pointed?.key !== key) setPointed({ key, by: 'touch' });
    else onOpen(found);
  });

  const steer = useStable((event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const count = layout.cells.length / 4;
    if (count === 0) return;
    const to = step(event.key, layout, index);
    if (to !== null) {
      setPointed({ key: keyOf(to), by: 'keys' });
    } else if (event.key === 'Enter' && index !== null) {
      onOpen(index);
    } else if (event.key === 'Escape' && pointed) {
      setPointed(null);
      host.current?.blur();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });

  const steered = pointed?.by === 'keys' && index !== null;
  return (
    <div class="map-wrap">
      <div
        class="map"
        ref={host}
        role="application"
        aria-roledescription="map"
        aria-label={label}
        aria-describedby={describedBy}
        tabIndex={0}
        onKeyDown={steer}
        onBlur={() => setPointed((before) => (before?.by === 'keys' ? null : before))}
      >
        <canvas
          ref={canvas}
          aria-hidden="true"
          style={{ width: `${layout.width}px`, height: `${layout.height}px` }}
          onPointerMove={follow}
          onPointerLeave={() => {
            cancelAnimationFrame(frame.current);
            setPointed((before) => (before?.by === 'pointer' ? null : before));
          }}
          onClick={press}
        />
        {index !== null && <Spot layout={layout} index={index} follow={steered} />}
      </div>
      {index !== null && (
        <Tip layout={layout} index={index}>
          {tip(index)}
        </Tip>
      )}
      <p class="sr-only" aria-live="polite">
        {steered ? spoken(index) : ''}
      </p>
    </div>
  );
}

/** The cell that a key leads to; `null` for other keys. The first arrow enters at the first cell. */
function step(key: string, layout: Layout, from: number | null): number | null {
  const last = layout.cells.length / 4 - 1;
  const direction = ARROWS[key];
  if (direction) return from === null ? 0 : beside(layout, from, direction);
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  if (key !== 'PageUp' && key !== 'PageDown') return null;
  const block = from === null ? 0 : blockOf(layout, from) + (key === 'PageDown' ? 1 : -1);
  return layout.blocks[Math.min(layout.blocks.length - 1, Math.max(0, block))]?.first ?? null;
}

/** The frame around the cell that is pointed at. */
function Spot({ layout, index, follow }: { layout: Layout; index: number; follow: boolean }) {
  const spot = useRef<HTMLDivElement>(null);
  const { x, y, width, height } = cellRect(layout, index);
  useEffect(() => {
    if (follow) spot.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [follow, index]);
  return (
    <div
      class="map-spot"
      ref={spot}
      style={{ left: `${x - 2}px`, top: `${y - 2}px`, width: `${width + 4}px`, height: `${height + 4}px` }}
    />
  );
}

/** Beside the cell, on the side where there is room. */
function Tip({ layout, index, children }: { layout: Layout; index: number; children: ComponentChildren }) {
  const { x, y, width, height } = cellRect(layout, index);
  const right = x + width / 2 > layout.width / 2;
  const below = y < layout.height - 150 || y < 150;
  return (
    <div
      class="map-tip"
      style={{
        ...(right ? { right: `${Math.max(0, layout.width - x - width)}px` } : { left: `${x}px` }),
        ...(below ? { top: `${y + height + 8}px` } : { bottom: `${layout.height - y + 8}px` }),
      }}
    >
      {children}
    </div>
  );
}

/** Pixels of the screen for each of CSS; changes with zoom, and with the screen that the window is on. */
function useScreenRatio(): number {
  const [ratio, setRatio] = useState(window.devicePixelRatio || 1);
  useEffect(() => {
    const query = window.matchMedia(`(resolution: ${ratio}dppx)`);
    const changed = () => setRatio(window.devicePixelRatio || 1);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, [ratio]);
  return ratio;
}

/** Leaves how long something took where the browser's tools, and the tests, see it. */
export function measured(name: string, begin: number): void {
  performance.clearMeasures(name);
  performance.measure(name, { start: begin, end: performance.now() });
}
