import { describe, expect, it } from 'vitest';
import { BLOCK_ROWS, blocksOf, WHOLE_ROWS } from './blocks';

const none = { near: null, heights: new Map<number, number>(), focused: null };
const drawn = (blocks: ReturnType<typeof blocksOf>) => blocks.filter((one) => one.drawn).map((one) => one.index);

describe('blocks', () => {
  it('hold every row once', () => {
    const blocks = blocksOf(1234, none);
    expect(blocks[0]?.from).toBe(0);
    expect(blocks.at(-1)?.to).toBe(1234);
    for (const [at, { from }] of blocks.entries()) expect(from).toBe(at === 0 ? 0 : blocks[at - 1]?.to);
    expect(blocksOf(0, none)).toEqual([]);
  });

  it('are drawn at the top before anybody has looked, then only where it is near or has the focus', () => {
    expect(drawn(blocksOf(5000, none))).toEqual(Array.from({ length: WHOLE_ROWS / BLOCK_ROWS }, (_, index) => index));
    expect(drawn(blocksOf(5000, { ...none, near: new Set([40, 41]), focused: 3 }))).toEqual([3, 40, 41]);
  });

  it('are as high as they were, else as the others are for each of their rows', () => {
    const heights = new Map([
      [0, 2000],
      [1, 3000],
    ]);
    const blocks = blocksOf(BLOCK_ROWS * 3 + 10, { near: new Set(), heights, focused: null });
    expect(blocks.map((one) => one.height)).toEqual([2000, 3000, 2500, 500]);
  });
});
