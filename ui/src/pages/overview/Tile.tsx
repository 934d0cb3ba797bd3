import type { ComponentChildren } from 'preact';
import { extremes } from '../../charts/model';
import { Sparkline } from '../../charts/Sparkline';
import { exact, format } from '../../format/number';
import type { Unit } from '../../format/number';
import { mean } from './totals';
import type { Values } from './totals';

interface Properties {
  title: string;
  /** What is shown large. */
  value: string;
  /** Its exact form, on hover. */
  exactly: string;
  /** What it is of, or where. */
  note: string;
  /** Over the range: a line, its mean and its peak, in `unit`. */
  trend?: Values | undefined;
  unit?: Unit;
  /** The upper end of the line. */
  top?: number | null;
  children?: ComponentChildren;
}

/** One figure, now and over the range. */
export function Tile({ title, value, exactly, note, trend, unit, top, children }: Properties) {
  const ends = trend && extremes(trend);
  return (
    <div class="tile card">
      <h3>{title}</h3>
      <p class="tile-value num" title={exactly}>
        {value}
      </p>
      {trend && <Sparkline values={trend} {...(typeof top === 'number' ? { top } : {})} />}
      {children}
      <p class="tile-note num">{note}</p>
      {trend && ends && unit && (
        <p
          class="tile-note num"
          title={`over the range: mean ${exact(unit, mean(trend))}; peak ${exact(unit, ends.max)}`}
        >
          mean {format(unit, mean(trend))} · peak {format(unit, ends.max)}
        </p>
      )}
    </div>
  );
}
