import { HOLLOW } from '../../map/paint';
import { CELL_EDGE } from '../../theme/heat';
import { theme } from '../../theme/theme';
import { coloursOf } from './colouring';
import type { Colouring } from './colouring';

/** The scale in words, with how many cells are at each place: what the colours say, without colours. */
export function Scale({ colouring, places }: { colouring: Colouring; places: Int8Array }) {
  const colours = coloursOf(colouring, theme.value);
  const counts = new Map<number, number>();
  for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1);
  const hollow = counts.get(HOLLOW) ?? 0;
  return (
    <div class="map-scale">
      <h2 class="sr-only">Scale: {colouring.label}</h2>
      <ul>
        {colouring.texts.map((text, place) => (
          <li key={text}>
            <Swatch
              fill={colours[place] ?? 'none'}
              edge={place < colouring.edged ? CELL_EDGE[theme.value] : null}
              mark={colouring.marks[place] ?? null}
            />
            {text} <span class="muted num">{counts.get(place) ?? 0}</span>
          </li>
        ))}
        {hollow > 0 && (
          <li>
            <Swatch fill="none" edge={CELL_EDGE[theme.value]} mark={null} dashed />
            no value <span class="muted">({colouring.absent})</span> <span class="muted num">{hollow}</span>
          </li>
        )}
      </ul>
    </div>
  );
}

function Swatch({
  fill,
  edge,
  mark,
  dashed = false,
}: {
  fill: string;
  edge: string | null;
  mark: 'cross' | 'dot' | null;
  dashed?: boolean;
}) {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <rect
        x="0.5"
        y="0.5"
        width="13"
        height="13"
        fill={fill}
        {...(edge === null ? {} : { stroke: edge, ...(dashed ? { 'stroke-dasharray': '2 2' } : {}) })}
      />
      {mark === 'cross' && <path d="M4 4l6 6M10 4l-6 6" stroke="var(--card)" stroke-width="1.5" />}
      {mark === 'dot' && <circle cx="7" cy="7" r="2.2" fill="var(--card)" />}
    </svg>
  );
}
