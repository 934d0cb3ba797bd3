import { describe, expect, it } from 'vitest';
import { beside, blockOf, cellAt, headingAt } from './find';
import { cellRect, chooseFrame, frameFits, packEqual, packWeighted, squarified, strips } from './layout';
import type { Layout, Rect } from './layout';

const counts = (nodes: number, pods: number) => Array.from({ length: nodes }, () => pods);

function overlap(a: Rect, b: Rect): boolean {
  const e = 1e-3;
  return a.x + a.width > b.x + e && b.x + b.width > a.x + e && a.y + a.height > b.y + e && b.y + b.height > a.y + e;
}

/** Every cell in its block, no two on each other, nothing outside. */
function sound(layout: Layout): void {
  const cells = Array.from({ length: layout.cells.length / 4 }, (_, index) => cellRect(layout, index));
  for (const block of layout.blocks) {
    expect(block.x).toBeGreaterThanOrEqual(0);
    expect(block.x + block.width).toBeLessThanOrEqual(layout.width + 1e-3);
    expect(block.y + block.height).toBeLessThanOrEqual(layout.height + 1e-3);
    const own = cells.slice(block.first, block.first + block.count);
    for (const [index, cell] of own.entries()) {
      expect(cell.x).toBeGreaterThanOrEqual(block.x);
      expect(cell.y).toBeGreaterThanOrEqual(block.y);
      expect(cell.x + cell.width).toBeLessThanOrEqual(block.x + block.width + 1e-3);
      expect(cell.y + cell.height).toBeLessThanOrEqual(block.y + block.height + 1e-3);
      expect(own.slice(index + 1).some((other) => overlap(cell, other))).toBe(false);
    }
  }
  for (const [index, block] of layout.blocks.entries())
    expect(layout.blocks.slice(index + 1).some((other) => overlap(block, other))).toBe(false);
}

describe('equal cells', () => {
  it.each([
    ['one pod', [1], 1240],
    ['a few nodes', [25, 12, 3, 40], 1240],
    ['uneven namespaces', [900, 3, 1, 60, 2], 1240],
    ['a telephone', [25, 25, 25, 110, 1], 350],
  ])('of %s lie side by side within their blocks', (_, of, width) => {
    const frame = chooseFrame(of, width, 600, 11);
    const layout = packEqual(of, width, frame);
    sound(layout);
    expect(layout.cells.length).toBe(of.reduce((a, b) => a + b, 0) * 4);
  });

  it('are as large as fits, never smaller than can be hit', () => {
    expect(chooseFrame([4, 4], 1240, 600, 11).pitch).toBe(44);
    const large = chooseFrame(counts(200, 25), 1240, 800, 11);
    expect(large.pitch).toBe(11);
    const middle = chooseFrame(counts(20, 25), 1240, 400, 11);
    expect(packEqual(counts(20, 25), 1240, middle).height).toBeLessThanOrEqual(400);
    expect(packEqual(counts(20, 25), 1240, { ...middle, pitch: middle.pitch + 1 }).height).toBeGreaterThan(400);
  });

  it('keep their places when one comes at the end of a later block', () => {
    const before = [25, 25, 25];
    const after = [25, 25, 26];
    const frame = chooseFrame(before, 1240, 600, 11);
    expect(frameFits(frame, after, 1240, 600, 11)).toBe(true);
    const a = packEqual(before, 1240, frame);
    const b = packEqual(after, 1240, frame);
    for (let index = 0; index < 50; index += 1) expect(cellRect(b, index)).toEqual(cellRect(a, index));
  });

  it('are resized when they no longer fit, or could be far larger', () => {
    const frame = chooseFrame(counts(20, 25), 1240, 400, 11);
    expect(frameFits(frame, counts(60, 25), 1240, 400, 11)).toBe(false);
    expect(frameFits(frame, counts(4, 25), 1240, 400, 11)).toBe(false);
    expect(frameFits({ pitch: 11, rows: 4 }, counts(2, 2), 1240, 400, 18)).toBe(false);
  });
});

describe('weighted cells', () => {
  const weights = [
    [4, 2, 1, 1],
    [8, 0.5, 0.5],
    [1, 1, 1, 1, 1, 1],
  ];

  it('fill their blocks, in proportion to their weights', () => {
    const layout = packWeighted(weights, 1000, 500);
    sound(layout);
    const area = (index: number) => {
      const { width, height } = cellRect(layout, index);
      return (width + 1) * (height + 1);
    };
    expect(area(0) / area(1)).toBeCloseTo(2, 1);
    expect(area(1) / area(2)).toBeCloseTo(2, 1);
    // In different blocks too, nearly: names take room.
    expect(area(4) / area(0)).toBeGreaterThan(1.6);
    expect(area(4) / area(0)).toBeLessThan(2.4);
  });

  it('come out the same every time, and empty without weights', () => {
    expect(packWeighted(weights, 1000, 500)).toEqual(packWeighted(weights, 1000, 500));
    expect(packWeighted([], 1000, 500).height).toBe(0);
    expect(packWeighted([[0, 0]], 1000, 500).blocks).toEqual([]);
  });
});

describe('rectangles', () => {
  const within = { x: 10, y: 20, width: 300, height: 200 };
  const areas = [5, 1, 9, 3, 3, 3, 1, 0.2];
  const total = areas.reduce((a, b) => a + b, 0);

  it.each([
    ['strips', strips],
    ['squares', squarified],
  ])('%s have their areas and fill the whole', (_, divide) => {
    const made = divide(areas, within);
    for (const [index, { x, y, width, height }] of made.entries()) {
      expect(width * height).toBeCloseTo(((areas[index] ?? 0) / total) * 60_000, 3);
      expect(x).toBeGreaterThanOrEqual(10 - 1e-6);
      expect(y).toBeGreaterThanOrEqual(20 - 1e-6);
      expect(x + width).toBeLessThanOrEqual(310 + 1e-6);
      expect(y + height).toBeLessThanOrEqual(220 + 1e-6);
      expect(made.slice(index + 1).some((other) => overlap(made[index] ?? other, other))).toBe(false);
    }
  });

  it('squares are no slivers, strips keep the order', () => {
    const aspect = ({ width, height }: Rect) => Math.max(width / height, height / width);
    const many = Array.from({ length: 200 }, (_, index) => 1 + (index % 7));
    expect(Math.max(...squarified(many, within).map(aspect))).toBeLessThan(3);
    const made = strips(many, within);
    for (const [index, rect] of made.entries()) {
      const next = made[index + 1];
      if (next) expect(next.y > rect.y || (next.y === rect.y && next.x > rect.x)).toBe(true);
    }
  });
});

describe('finding', () => {
  const of = [25, 12, 3];
  const layout = packEqual(of, 600, { pitch: 20, rows: 5 });

  it('the cell under a point, the gap included, and nothing between blocks', () => {
    for (let index = 0; index < 40; index += 1) {
      const { x, y, width, height } = cellRect(layout, index);
      expect(cellAt(layout, x + width / 2, y + height / 2)).toBe(index);
      expect(cellAt(layout, x + 0.1, y + 0.1)).toBe(index);
    }
    const first = layout.blocks[0];
    expect(cellAt(layout, (first?.x ?? 0) + 5, (first?.y ?? 0) + 4)).toBeNull();
    expect(headingAt(layout, (first?.x ?? 0) + 5, (first?.y ?? 0) + 4)).toBe(0);
    expect(cellAt(layout, -5, -5)).toBeNull();
    expect(cellAt(layout, 599, 599)).toBeNull();
    expect(headingAt(layout, 599, 599)).toBeNull();
    expect(blockOf(layout, 24)).toBe(0);
    expect(blockOf(layout, 25)).toBe(1);
  });

  it('what lies beside a cell', () => {
    expect(beside(layout, 0, 'right')).toBe(1);
    expect(beside(layout, 1, 'left')).toBe(0);
    expect(beside(layout, 0, 'down')).toBe(5);
    expect(beside(layout, 5, 'up')).toBe(0);
    expect(beside(layout, 4, 'right')).toBe(25);
    expect(beside(layout, 25, 'left')).toBe(4);
    expect(beside(layout, 0, 'left')).toBe(0);
    expect(beside(layout, 0, 'up')).toBe(0);
  });

  it('every cell by arrows from the first', () => {
    const seen = new Set([0]);
    const open = [0];
    while (open.length > 0) {
      const from = open.pop() ?? 0;
      for (const direction of ['left', 'right', 'up', 'down'] as const) {
        const to = beside(layout, from, direction);
        if (!seen.has(to)) {
          seen.add(to);
          open.push(to);
        }
      }
    }
    expect(seen.size).toBe(40);
  });
});

describe('5,000 pods on 200 nodes', () => {
  const of = counts(200, 25);

  /** The best of a few: the machine of a test has other things to do besides. */
  function best(run: () => void): number {
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < 5; at += 1) {
      const begin = performance.now();
      run();
      least = Math.min(least, performance.now() - begin);
    }
    return least;
  }

  it('are laid out and found within a part of a frame', () => {
    const frame = chooseFrame(of, 1240, 800, 11);
    const layout = packEqual(of, 1240, frame);
    expect(best(() => chooseFrame(of, 1240, 800, 11))).toBeLessThan(50);
    expect(best(() => packEqual(of, 1240, frame))).toBeLessThan(16);
    expect(
      best(() =>
        packWeighted(
          of.map((n) => Array.from({ length: n }, (_, i) => 1 + (i % 5))),
          1240,
          800,
        ),
      ),
    ).toBeLessThan(50);
    expect(best(() => cellAt(layout, 700, layout.height - 30))).toBeLessThan(4);
    expect(best(() => beside(layout, 2500, 'down'))).toBeLessThan(8);
  });
});
