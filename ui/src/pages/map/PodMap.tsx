import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ALARM_LEVELS, levelOf } from '../../map/alarmed';
import type { Alarmed } from '../../map/alarmed';
import type { Cell } from '../../map/cell';
import type { Group, GroupBy } from '../../map/group';
import type { Look, Picture } from '../../map/paint';
import type { Requests } from '../../map/size';
import { INK } from '../../charts/ink';
import { format } from '../../format/number';
import { nodeLink, podLink } from '../../routes/links';
import { goTo, setQuery } from '../../routes/location';
import { ALARM_INK, CELL_EDGE } from '../../theme/heat';
import { theme } from '../../theme/theme';
import { CellTip, cellWords } from './CellTip';
import type { FiringAt } from './CellTip';
import { coloursOf } from './colouring';
import type { Colouring } from './colouring';
import { MapCanvas } from './MapCanvas';
import { useLayout } from './useLayout';

interface Properties {
  groups: readonly Group[];
  group: GroupBy;
  colouring: Colouring;
  /** What cells are sized by; null for all equal. */
  sized: { by: 'cpu' | 'memory'; requests: Requests } | null;
  /** Of each cell, in the order of the groups. */
  places: Int8Array;
  cells: readonly Cell[];
  alarmed: Alarmed;
  describedBy: string;
}

const FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif';

/** The map itself: lays out, colours, and tells of the cell that is pointed at. */
export function PodMap({ groups, group, colouring, sized, places, cells, alarmed, describedBy }: Properties) {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const coarse = useCoarse();
  const layout = useLayout({ groups, width, coarse, sized });
  const look = useMemo(() => lookOf(colouring, theme.value), [colouring.id, theme.value]);
  const picture = useMemo<Picture | null>(
    () =>
      layout && {
        layout,
        labels: groups.map((one) => [one.label, ` · ${one.cells.length}`] as const),
        places,
        alarms: Uint8Array.from(cells, (cell) => ALARM_LEVELS.indexOf(levelOf(alarmed.cells.get(cell.key)))),
        blockAlarms: groups.map(({ key }) => {
          const found = alarmed.blocks.get(key);
          return { level: ALARM_LEVELS.indexOf(levelOf(found)), count: found?.length ?? 0 };
        }),
      },
    [layout, groups, places, cells, alarmed],
  );
  const index = useMemo(() => new Map(cells.map((cell, at) => [cell.key, at])), [cells]);
  const at = (place: number): Cell | null => cells[place] ?? null;
  const blocks = useMemo(
    () => new Map(groups.flatMap((one) => one.cells.map((cell) => [cell.key, one] as const))),
    [groups],
  );
  const firing = (cell: Cell): FiringAt => {
    const block = blocks.get(cell.key);
    return {
      own: alarmed.cells.get(cell.key) ?? [],
      block: (block && alarmed.blocks.get(block.key)) ?? [],
      of: `${group} ${block?.label ?? ''}`,
    };
  };
  const requested = (cell: Cell): string | null => {
    if (!sized) return null;
    const value = sized.requests.get(cell.uid)?.[sized.by] ?? null;
    if (value === null) return `no ${sized.by === 'cpu' ? 'CPU' : 'memory'}: drawn as small as can be`;
    return sized.by === 'cpu' ? `${format('cores', value)} cores` : format('bytes', value);
  };
  return (
    <div class="map-host" ref={host}>
      {picture?.layout.cells.length === cells.length * 4 && (
        <MapCanvas
          picture={picture}
          look={look}
          label={`Map of ${cells.length} pods by ${group}, coloured by ${colouring.label}`}
          describedBy={describedBy}
          keyOf={(place) => at(place)?.key ?? ''}
          indexOf={(key) => index.get(key) ?? null}
          tip={(place) => {
            const cell = at(place);
            return cell && <CellTip cell={cell} firing={firing(cell)} colouring={colouring} size={requested(cell)} />;
          }}
          spoken={(place) => {
            const cell = at(place);
            return cell ? cellWords(cell, firing(cell), colouring, `${place + 1} of ${cells.length}`) : '';
          }}
          onOpen={(place) => {
            const cell = at(place);
            if (cell) goTo(podLink({ cluster: cell.cluster, pod_uid: cell.uid }));
          }}
          onHeading={group === 'workload' ? null : (block) => openGroup(groups[block], group)}
        />
      )}
    </div>
  );
}

/** A node's name leads to its page, a namespace's narrows the map to it. */
function openGroup(it: Group | undefined, group: GroupBy): void {
  const first = it?.cells[0];
  if (!first) return;
  if (group === 'node' && first.node !== null) goTo(nodeLink({ cluster: first.cluster, node: first.node }));
  if (group === 'namespace' && first.namespace !== null) setQuery({ namespace: first.namespace });
}

function lookOf(colouring: Colouring, shown: 'light' | 'dark'): Look {
  const ink = INK[shown];
  return {
    colours: coloursOf(colouring, shown),
    edged: colouring.edged,
    marks: colouring.marks,
    edge: CELL_EDGE[shown],
    ground: ink.ground,
    block: ink.ground,
    blockEdge: ink.hatch,
    text: ink.text,
    font: FONT,
    alarm: ALARM_INK[shown],
  };
}

/** The element's width, renewed as it changes; 0 until it is known. */
function useWidth(host: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const read = () => setWidth(Math.floor(element.clientWidth));
    const observer = new ResizeObserver(read);
    observer.observe(element);
    read();
    return () => observer.disconnect();
  }, []);
  return width;
}

function useCoarse(): boolean {
  const query = useMemo(() => window.matchMedia('(pointer: coarse)'), []);
  const [coarse, setCoarse] = useState(query.matches);
  useEffect(() => {
    const changed = () => setCoarse(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, [query]);
  return coarse;
}
