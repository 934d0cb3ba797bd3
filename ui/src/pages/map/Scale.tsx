import type { AlarmLevel } from '../../map/alarmed';
import { Icon } from '../../app/icons';
import type { GroupBy } from '../../map/group';
import { HOLLOW } from '../../map/paint';
import { ALARM_INK, CELL_EDGE } from '../../theme/heat';
import { theme } from '../../theme/theme';
import { coloursOf } from './colouring';
import type { Colouring } from './colouring';

interface Properties {
  colouring: Colouring;
  places: Int8Array;
  /** How many cells and blocks have alarms; null where the server has none. */
  alarms: AlarmCounts | null;
  group: GroupBy;
}

export interface AlarmCounts {
  /** Cells by their worst. */
  cells: Readonly<Record<AlarmLevel, number>>;
  /** Blocks with one of their own. */
  blocks: number;
}

/** The scale in words, with how many cells are at each place: what the colours and marks say, without them. */
export function Scale({ colouring, places, alarms, group }: Properties) {
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
        {alarms && <AlarmMarks counts={alarms} group={group} />}
      </ul>
    </div>
  );
}

/** What a corner, a frame and a bell stand for. */
function AlarmMarks({ counts: { cells, blocks }, group }: { counts: AlarmCounts; group: GroupBy }) {
  return (
    <>
      <li title="An alarm goes off on the pod or on a container of it. A cell too small for a corner is framed.">
        <CornerSwatch framed={false} />
        in alarm <span class="muted num">{cells.info + cells.warning}</span>
      </li>
      <li title="The same, and the alarm's tag severity is critical or error.">
        <CornerSwatch framed />
        in alarm, critical <span class="muted num">{cells.critical}</span>
      </li>
      <li
        title={`Alarms on what is in the ${group} and is no pod count as its own. Those of its pods are on their cells.`}
      >
        <Icon name="alarms" />
        in alarm, the {group} itself <span class="muted num">{blocks}</span>
      </li>
    </>
  );
}

function CornerSwatch({ framed }: { framed: boolean }) {
  const ink = ALARM_INK[theme.value];
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <rect x="0.5" y="0.5" width="13" height="13" fill="none" stroke={CELL_EDGE[theme.value]} />
      {framed && <rect x="1" y="1" width="12" height="12" fill="none" stroke={ink} stroke-width="2" />}
      <path d="M6 0h8v8z" fill={ink} />
    </svg>
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
