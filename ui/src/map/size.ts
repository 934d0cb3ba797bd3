import type { Cell } from './cell';

/** How large a cell is drawn. Pure. */

export const SIZES = ['equal', 'cpu', 'memory'] as const;

export type SizeBy = (typeof SIZES)[number];

/** What a pod has requested, by uid: cores and bytes. */
export type Requests = ReadonlyMap<string, { cpu: number | null; memory: number | null }>;

/** No cell is smaller than this share of the middle one: it could neither be seen nor hit. */
const LEAST = 0.12;
/** And none larger than so many of it: a single pod that asks for a whole node would leave nothing for all others. */
const MOST = 40;

/** Weights of cells; of those that request nothing the least, as they would be nothing else. */
export function weightsOf(
  cells: readonly Cell[],
  by: 'cpu' | 'memory',
  requests: Requests,
  middle = middleOf(cells, by, requests),
): number[] {
  return cells.map((cell) => Math.min(Math.max(requests.get(cell.uid)?.[by] ?? 0, middle * LEAST), middle * MOST));
}

/** The middle one of the requests there are; 1 where there is none, so that all are equal. */
export function middleOf(cells: readonly Cell[], by: 'cpu' | 'memory', requests: Requests): number {
  const known = cells
    .map((cell) => requests.get(cell.uid)?.[by] ?? 0)
    .filter((value) => value > 0)
    .sort((a, b) => a - b);
  return known[known.length >> 1] ?? 1;
}
