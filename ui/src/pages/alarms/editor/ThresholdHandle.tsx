import { useRef } from 'preact/hooks';
import { snapped, stepOf } from '../../../alarms/threshold';
import type { Scale } from '../../../alarms/threshold';
import { BOTTOM_AXIS, TOP_PAD } from '../../../charts/plot';
import { exact, format } from '../../../format/number';
import type { Unit } from '../../../format/number';

interface Properties {
  value: number;
  scale: Scale;
  unit: Unit;
  /** Of the chart, in CSS pixels. */
  height: number;
  onChange: (value: number) => void;
  /** Told when it is taken and let go, so that the scale stays meanwhile. */
  onHold: (held: boolean) => void;
}

/** The threshold on the chart: dragged with the pointer, moved with the arrow keys. */
export function ThresholdHandle({ value, scale, unit, height, onChange, onHold }: Properties) {
  const element = useRef<HTMLDivElement>(null);
  const grip = useRef<number | null>(null);
  const room = height - TOP_PAD - BOTTOM_AXIS;
  const share = (value - scale.bottom) / (scale.top - scale.bottom);
  const top = TOP_PAD + (1 - Math.min(1, Math.max(0, share))) * room;
  const step = stepOf(scale);

  const move = (event: PointerEvent) => {
    const box = element.current?.parentElement?.getBoundingClientRect();
    if (!box || grip.current === null) return;
    const at = 1 - (event.clientY - grip.current - box.top - TOP_PAD) / room;
    const next = scale.bottom + Math.min(1, Math.max(0, at)) * (scale.top - scale.bottom);
    onChange(snapped(next, scale));
  };
  const drop = () => {
    grip.current = null;
    onHold(false);
  };
  const keyed = (event: KeyboardEvent) => {
    const big = event.shiftKey ? 10 : 1;
    const to = {
      ArrowUp: value + step * big,
      ArrowRight: value + step * big,
      ArrowDown: value - step * big,
      ArrowLeft: value - step * big,
      PageUp: value + step * 10,
      PageDown: value - step * 10,
      Home: scale.bottom,
      End: scale.top,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onChange(snapped(to, scale));
  };
  return (
    <div
      ref={element}
      class="threshold"
      role="slider"
      tabIndex={0}
      aria-label="Threshold"
      aria-orientation="vertical"
      aria-valuemin={scale.bottom}
      aria-valuemax={scale.top}
      aria-valuenow={value}
      aria-valuetext={exact(unit, value)}
      title="Drag it, or use the arrow keys; with Shift ten steps"
      style={{ top: `${top}px` }}
      onKeyDown={keyed}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.focus();
        event.currentTarget.setPointerCapture(event.pointerId);
        const line = event.currentTarget.getBoundingClientRect();
        // Where the line was taken, so that it does not jump under the pointer.
        grip.current = event.clientY - (line.top + line.height / 2);
        onHold(true);
      }}
      onPointerMove={move}
      onPointerUp={drop}
      onPointerCancel={drop}
    >
      <span class="threshold-grip num">{format(unit, value)}</span>
    </div>
  );
}
