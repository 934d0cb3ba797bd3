/** Where blocks and cells lie, in CSS pixels. Pure; looks at names, counts and sizes, never at what is coloured. */

export interface Block {
  x: number;
  y: number;
  width: number;
  height: number;
  /** Index of its first cell; its cells follow each other. */
  first: number;
  count: number;
}

export interface Layout {
  width: number;
  height: number;
  blocks: readonly Block[];
  /** x, y, width and height of each cell, four numbers for each. */
  cells: Float32Array;
}

/** Height of a block's name. */
export const HEADING = 16;
/** Between a block's edge and its cells. */
export const PADDING = 3;
/** Between blocks. */
export const BETWEEN = 6;
/** A block is wide enough for the begin of its name. */
const NARROWEST = 92;

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export function cellRect(layout: Layout, index: number): Rect {
  const at = index * 4;
  const { cells } = layout;
  return { x: cells[at] ?? 0, y: cells[at + 1] ?? 0, width: cells[at + 2] ?? 0, height: cells[at + 3] ?? 0 };
}

/** How equal cells are packed: the size of a cell with its gap, and how many rows of them a block has. */
export interface Frame {
  pitch: number;
  rows: number;
}

const ROWS = [2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24];
const LARGEST = 44;

/** The size of cell and rows of block with which all blocks fit the height, cells as large as can be. */
export function chooseFrame(counts: readonly number[], width: number, height: number, smallest: number): Frame {
  for (let pitch = LARGEST; pitch >= smallest; pitch -= 1) {
    const best = flattest(counts, width, pitch);
    if (best.height <= height || pitch === smallest) return { pitch, rows: best.rows };
  }
  return { pitch: smallest, rows: 5 };
}

function flattest(counts: readonly number[], width: number, pitch: number): { rows: number; height: number } {
  let best = { rows: 5, height: Number.POSITIVE_INFINITY };
  for (const rows of ROWS) {
    const height = shelves(counts, width, { pitch, rows }, () => undefined);
    if (height < best.height) best = { rows, height };
  }
  return best;
}

/** Whether a frame that was chosen earlier will still do, so that a pod more or less does not resize all others. */
export function frameFits(
  frame: Frame,
  counts: readonly number[],
  width: number,
  height: number,
  smallest: number,
): boolean {
  if (frame.pitch < smallest) return false;
  const taken = shelves(counts, width, frame, () => undefined);
  return taken <= height * 1.15 && (frame.pitch >= LARGEST || taken >= height * 0.55);
}

/** Equal cells in blocks, blocks one after another in rows. */
export function packEqual(counts: readonly number[], width: number, frame: Frame): Layout {
  const cells = new Float32Array(counts.reduce((sum, count) => sum + count, 0) * 4);
  const blocks: Block[] = [];
  const side = frame.pitch - gap(frame.pitch);
  let at = 0;
  const height = shelves(counts, width, frame, (index, x, y, columns, wide, high) => {
    const count = counts[index] ?? 0;
    blocks.push({ x, y, width: wide, height: high, first: at, count });
    for (let place = 0; place < count; place += 1, at += 1) {
      cells[at * 4] = x + PADDING + (place % columns) * frame.pitch;
      cells[at * 4 + 1] = y + HEADING + Math.floor(place / columns) * frame.pitch;
      cells[at * 4 + 2] = side;
      cells[at * 4 + 3] = side;
    }
  });
  return { width, height, blocks, cells };
}

function gap(pitch: number): number {
  return pitch >= 14 ? 2 : 1;
}

type Place = (index: number, x: number, y: number, columns: number, width: number, height: number) => void;

/** Goes through the blocks from left to right and from row to row; returns the height that they take. */
function shelves(counts: readonly number[], width: number, { pitch, rows }: Frame, place: Place): number {
  const most = Math.max(1, Math.floor((width - 2 * PADDING + gap(pitch)) / pitch));
  const fewest = Math.max(1, Math.floor((NARROWEST - 2 * PADDING + gap(pitch)) / pitch));
  let x = 0;
  let y = 0;
  let tallest = 0;
  for (const [index, count] of counts.entries()) {
    const columns = Math.min(most, Math.max(Math.ceil(count / rows), fewest));
    const wide = Math.min(width, Math.max(NARROWEST, columns * pitch - gap(pitch) + 2 * PADDING));
    const high = HEADING + Math.ceil(count / columns) * pitch - gap(pitch) + PADDING;
    if (x > 0 && x + wide > width) {
      x = 0;
      y += tallest + BETWEEN;
      tallest = 0;
    }
    place(index, x, y, columns, wide, high);
    x += wide + BETWEEN;
    tallest = Math.max(tallest, high);
  }
  return y + tallest;
}

/** What one cell of the size of all others would take, to choose a height for sized cells. */
const AREA_OF_CELL = 300;
/** No block is smaller than its name and a row of cells below it. */
const LEAST_BLOCK = 84 * 84;

/**
 * Cells as large as their weights. Blocks lie in strips (Bederson, Shneiderman and Wattenberg 2002: "Ordered and
 * quantum treemaps"), which keep their order whatever the weights; the cells of a block are squarified (Bruls,
 * Huizing and van Wijk 2000), as thin ones cannot be compared. A block is given more than its share for its name, so
 * that cells of different blocks can be compared too.
 */
export function packWeighted(weights: readonly (readonly number[])[], width: number, least: number): Layout {
  const all = weights.flat();
  const sum = all.reduce((a, b) => a + b, 0);
  const cells = new Float32Array(all.length * 4);
  if (all.length === 0 || sum <= 0 || width <= 0) return { width, height: 0, blocks: [], cells };
  const inner = Math.max(all.length * AREA_OF_CELL, least * width * 0.6) / sum;
  const wanted = weights.map((own) => {
    const side = Math.sqrt(own.reduce((a, b) => a + b, 0) * inner);
    return (side + 2 * PADDING + BETWEEN) * (side + HEADING + PADDING + BETWEEN);
  });
  const mean = wanted.reduce((a, b) => a + b, 0) / wanted.length;
  // Next to a very large block a small one would be a sliver without a name.
  const areas = wanted.map((area) => Math.max(area, LEAST_BLOCK, mean * 0.3));
  const height = areas.reduce((a, b) => a + b, 0) / width;
  const blocks: Block[] = [];
  let at = 0;
  for (const [index, rect] of strips(areas, { x: 0, y: 0, width: width + BETWEEN, height }).entries()) {
    const own = weights[index] ?? [];
    const block = {
      x: rect.x,
      y: rect.y,
      width: Math.max(4, rect.width - BETWEEN),
      height: Math.max(4, rect.height - BETWEEN),
    };
    blocks.push({ ...block, first: at, count: own.length });
    const inside = {
      x: block.x + PADDING,
      y: block.y + HEADING,
      width: Math.max(1, block.width - 2 * PADDING),
      height: Math.max(1, block.height - HEADING - PADDING),
    };
    for (const cell of squarified(own, inside)) {
      cells[at * 4] = cell.x;
      cells[at * 4 + 1] = cell.y;
      // A pixel is left between cells where there is one to leave.
      cells[at * 4 + 2] = cell.width > 3 ? cell.width - 1 : cell.width;
      cells[at * 4 + 3] = cell.height > 3 ? cell.height - 1 : cell.height;
      at += 1;
    }
  }
  return { width, height, blocks, cells };
}

/**
 * Rectangles of the given areas that fill one, near to squares, the largest first from the upper left. Equal ones keep
 * their order. The answer is in the order of the areas.
 */
export function squarified(areas: readonly number[], within: Rect): Rect[] {
  const out: Rect[] = areas.map(() => ({ x: within.x, y: within.y, width: 0, height: 0 }));
  const sum = areas.reduce((a, b) => a + b, 0);
  if (sum <= 0) return out;
  const scale = (within.width * within.height) / sum;
  const order = areas.map((_, index) => index).sort((a, b) => (areas[b] ?? 0) - (areas[a] ?? 0) || a - b);
  const size = (place: number) => (areas[order[place] ?? 0] ?? 0) * scale;
  let { x, y, width, height } = within;
  let from = 0;
  while (from < order.length) {
    const side = Math.min(width, height);
    let to = from + 1;
    let taken = size(from);
    // The largest and the smallest of a row are its first and its last.
    const worst = (last: number, all: number) =>
      Math.max((side * side * size(from)) / (all * all), (all * all) / (side * side * size(last)));
    while (to < order.length && worst(to, taken + size(to)) <= worst(to - 1, taken)) {
      taken += size(to);
      to += 1;
    }
    const across = side > 0 ? taken / side : 0;
    let at = 0;
    for (let place = from; place < to; place += 1) {
      const along = across > 0 ? size(place) / across : 0;
      out[order[place] ?? 0] =
        width >= height
          ? { x, y: y + at, width: across, height: along }
          : { x: x + at, y, width: along, height: across };
      at += along;
    }
    if (width >= height) {
      x += across;
      width -= across;
    } else {
      y += across;
      height -= across;
    }
    from = to;
  }
  return out;
}

/** Rectangles of the given areas (in any unit) that fill one, in order, in strips as near to squares as can be. */
export function strips(areas: readonly number[], within: Rect): Rect[] {
  const sum = areas.reduce((a, b) => a + b, 0);
  if (sum <= 0) return areas.map(() => ({ x: within.x, y: within.y, width: 0, height: 0 }));
  const scale = (within.width * within.height) / sum;
  const out: Rect[] = [];
  let y = within.y;
  let from = 0;
  while (from < areas.length) {
    let to = from;
    let taken = 0;
    let squareness = Number.POSITIVE_INFINITY;
    while (to < areas.length) {
      const next = taken + (areas[to] ?? 0) * scale;
      const aspect = meanAspect(areas, from, to + 1, next / within.width, scale);
      if (aspect > squareness) break;
      squareness = aspect;
      taken = next;
      to += 1;
    }
    if (to === from) to = from + 1;
    const high = taken / within.width;
    let x = within.x;
    for (let index = from; index < to; index += 1) {
      const wide = high > 0 ? ((areas[index] ?? 0) * scale) / high : 0;
      out.push({ x, y, width: wide, height: high });
      x += wide;
    }
    y += high;
    from = to;
  }
  return out;
}

function meanAspect(areas: readonly number[], from: number, to: number, height: number, scale: number): number {
  if (height <= 0) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let index = from; index < to; index += 1) {
    const wide = ((areas[index] ?? 0) * scale) / height;
    sum += wide > height ? wide / height : wide > 0 ? height / wide : 1e6;
  }
  return sum / (to - from);
}
