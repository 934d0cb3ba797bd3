/**
 * A long table is drawn in blocks of rows, and only those near the window: thousands of rows with a dozen cells each
 * cost seconds to lay out. The others are kept open by an empty row of their height. Pure.
 */

/** Rows of a block. */
export const BLOCK_ROWS = 50;

/** Tables of up to so many rows are drawn whole. */
export const WHOLE_ROWS = 200;

/** Height of a row as the style sheet has it, for blocks that were never drawn. */
const ROW_PX = 32;

export interface Block {
  index: number;
  /** Rows from here, to before there. */
  from: number;
  to: number;
  drawn: boolean;
  /** What it takes while it is not drawn, in pixels. */
  height: number;
}

/** What is known of the blocks of a table. */
export interface Known {
  /** Those near the window; `null` before anybody has looked. */
  near: ReadonlySet<number> | null;
  /** Heights of blocks that were drawn. */
  heights: ReadonlyMap<number, number>;
  /** One that has the focus: it must not vanish under it. */
  focused: number | null;
}

/** The blocks of so many rows. Before anybody has looked, those that fit into a whole table are drawn. */
export function blocksOf(rows: number, { near, heights, focused }: Known): Block[] {
  const whole = [...heights.values()];
  const usual = whole.length === 0 ? BLOCK_ROWS * ROW_PX : whole.reduce((a, b) => a + b, 0) / whole.length;
  return Array.from({ length: Math.ceil(rows / BLOCK_ROWS) }, (_, index) => {
    const from = index * BLOCK_ROWS;
    const to = Math.min(rows, from + BLOCK_ROWS);
    return {
      index,
      from,
      to,
      drawn: (near ? near.has(index) : to <= WHOLE_ROWS) || index === focused,
      height: Math.round(heights.get(index) ?? (usual * (to - from)) / BLOCK_ROWS),
    };
  });
}
