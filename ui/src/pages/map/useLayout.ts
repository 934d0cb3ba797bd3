import { useMemo, useRef } from 'preact/hooks';
import type { Cell } from '../../map/cell';
import type { Group } from '../../map/group';
import { chooseFrame, frameFits, packEqual, packWeighted } from '../../map/layout';
import type { Frame, Layout } from '../../map/layout';
import { middleOf, weightsOf } from '../../map/size';
import type { Requests } from '../../map/size';
import { measured } from './MapCanvas';

/** What decides where cells lie. */
interface Wanted {
  groups: readonly Group[];
  width: number;
  /** A finger needs larger cells. */
  coarse: boolean;
  /** What cells are sized by; null for all equal. */
  sized: { by: 'cpu' | 'memory'; requests: Requests } | null;
}

const SMALLEST = 11;
const SMALLEST_COARSE = 18;
/** What stands above the map. */
const ABOVE = 250;
const LEAST_HEIGHT = 380;

/** The layout; the same one as long as cells, width and sizes stay, so that values change in place. */
export function useLayout({ groups, width, coarse, sized }: Wanted): Layout | null {
  const frame = useRef<Frame | null>(null);
  const made = useRef<{ subject: string; layout: Layout } | null>(null);
  return useMemo(() => {
    if (width <= 0) return null;
    const begin = performance.now();
    const counts = groups.map((group) => group.cells.length);
    // The middle of all, not of each block: cells of different blocks are compared too.
    const middle =
      sized &&
      middleOf(
        groups.flatMap((group) => group.cells),
        sized.by,
        sized.requests,
      );
    const weights =
      sized && groups.map((group) => weightsOf(group.cells, sized.by, sized.requests, middle ?? undefined));
    const subject = subjectOf(groups, width, coarse, weights);
    if (made.current?.subject === subject) return made.current.layout;
    const height = Math.max(LEAST_HEIGHT, window.innerHeight - ABOVE);
    let layout: Layout;
    if (weights) {
      layout = packWeighted(weights, width, height);
    } else {
      const smallest = coarse ? SMALLEST_COARSE : SMALLEST;
      if (!frame.current || !frameFits(frame.current, counts, width, height, smallest))
        frame.current = chooseFrame(counts, width, height, smallest);
      layout = packEqual(counts, width, frame.current);
    }
    made.current = { subject, layout };
    measured('map: layout', begin);
    return layout;
  }, [groups, width, coarse, sized?.by, sized?.requests]);
}

/** All that the layout depends on, as a text: short enough to compare, cheaper than to lay out again. */
function subjectOf(
  groups: readonly Group[],
  width: number,
  coarse: boolean,
  weights: readonly (readonly number[])[] | null,
): string {
  const keys = groups.map((group) => `${group.key}:${group.cells.map((cell: Cell) => cell.key).join()}`).join('\n');
  return `${width} ${coarse} ${weights === null ? '' : weights.flat().join()}\n${keys}`;
}
