import { PATHS } from '../app/icons';
import { HEADING, PADDING } from './layout';
import type { Block, Layout } from './layout';

/** Drawing the map: a pass over the cells for each colour, so that the canvas changes its colour a few times only. */

/** What stands for a cell that has no value: an edge without a fill. */
export const HOLLOW = -1;

export type Mark = 'cross' | 'dot' | null;

export interface Look {
  /** Colours by place; the first `edged` of them get an edge, as they hardly differ from the ground. */
  colours: readonly string[];
  edged: number;
  /** The mark on cells of a place. */
  marks: readonly Mark[];
  edge: string;
  ground: string;
  block: string;
  blockEdge: string;
  text: string;
  font: string;
  /** What marks where an alarm goes off. */
  alarm: string;
}

export interface Picture {
  layout: Layout;
  /** The name of each block, and what is said besides where there is room. */
  labels: readonly (readonly [name: string, more: string])[];
  /** The place in `colours` of each cell, or {@link HOLLOW}. */
  places: Int8Array;
  /** Of each cell, how bad the alarms on it are: 0 none, and {@link CRITICAL} the worst. */
  alarms: Uint8Array;
  /** Likewise of each block, with how many there are. */
  blockAlarms: readonly { level: number; count: number }[];
}

/** The level from which an alarm has a frame besides its corner. */
export const CRITICAL = 3;

/** Draws everything. `ratio` is canvas pixels for each CSS pixel. */
export function paint(ctx: CanvasRenderingContext2D, picture: Picture, look: Look, ratio: number): void {
  const { layout } = picture;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, layout.width, layout.height);
  paintBlocks(ctx, picture, look, ratio);
  for (let place = HOLLOW; place < look.colours.length; place += 1) paintPlace(ctx, picture, look, ratio, place);
  paintAlarms(ctx, picture, look);
}

function paintBlocks(
  ctx: CanvasRenderingContext2D,
  { layout, labels, blockAlarms }: Picture,
  look: Look,
  ratio: number,
): void {
  ctx.fillStyle = look.block;
  for (const block of layout.blocks) ctx.fillRect(block.x, block.y, block.width, block.height);
  ctx.strokeStyle = look.blockEdge;
  ctx.lineWidth = 1 / ratio;
  ctx.beginPath();
  const half = 0.5 / ratio;
  for (const block of layout.blocks)
    ctx.rect(snap(block.x, ratio) + half, snap(block.y, ratio) + half, block.width - half * 2, block.height - half * 2);
  ctx.stroke();
  ctx.fillStyle = look.text;
  ctx.font = look.font;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const [index, block] of layout.blocks.entries()) {
    const alarms = blockAlarms[index];
    const taken = alarms && alarms.count > 0 ? paintBell(ctx, block, alarms, look) : 0;
    const room = block.width - 2 * PADDING - taken;
    const [name, more] = labels[index] ?? ['', ''];
    const whole = `${name}${more}`;
    const text = ctx.measureText(whole).width <= room ? whole : fitted(ctx, name, room);
    if (text !== '') ctx.fillText(text, block.x + PADDING + 1, block.y + HEADING / 2 + 0.5);
  }
}

function paintPlace(
  ctx: CanvasRenderingContext2D,
  { layout, places }: Picture,
  look: Look,
  ratio: number,
  place: number,
): void {
  const { cells } = layout;
  const edged = place < look.edged;
  const inset = edged ? 0.5 / ratio : 0;
  let any = false;
  ctx.beginPath();
  for (let index = 0; index < places.length; index += 1) {
    if (places[index] !== place) continue;
    any = true;
    const at = index * 4;
    const x = snap(cells[at] ?? 0, ratio);
    const y = snap(cells[at + 1] ?? 0, ratio);
    const right = snap((cells[at] ?? 0) + (cells[at + 2] ?? 0), ratio);
    const bottom = snap((cells[at + 1] ?? 0) + (cells[at + 3] ?? 0), ratio);
    ctx.rect(
      x + inset,
      y + inset,
      Math.max(1 / ratio, right - x - 2 * inset),
      Math.max(1 / ratio, bottom - y - 2 * inset),
    );
  }
  if (!any) return;
  if (place !== HOLLOW) {
    ctx.fillStyle = look.colours[place] ?? look.block;
    ctx.fill();
  }
  if (edged) {
    ctx.strokeStyle = look.edge;
    ctx.lineWidth = 1 / ratio;
    ctx.setLineDash(place === HOLLOW ? [2, 2] : []);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  const mark = look.marks[place];
  if (mark) paintMarks(ctx, layout, places, place, mark, look);
}

/** Marks say without colour which cells are the worst. */
function paintMarks(
  ctx: CanvasRenderingContext2D,
  { cells }: Layout,
  places: Int8Array,
  place: number,
  mark: 'cross' | 'dot',
  look: Look,
): void {
  ctx.beginPath();
  for (let index = 0; index < places.length; index += 1) {
    if (places[index] !== place) continue;
    const at = index * 4;
    const wide = cells[at + 2] ?? 0;
    const high = cells[at + 3] ?? 0;
    const x = (cells[at] ?? 0) + wide / 2;
    const y = (cells[at + 1] ?? 0) + high / 2;
    const reach = Math.min(wide, high, 20) * 0.26;
    if (mark === 'cross') {
      ctx.moveTo(x - reach, y - reach);
      ctx.lineTo(x + reach, y + reach);
      ctx.moveTo(x + reach, y - reach);
      ctx.lineTo(x - reach, y + reach);
    } else {
      ctx.moveTo(x + reach * 0.6, y);
      ctx.arc(x, y, reach * 0.6, 0, 2 * Math.PI);
    }
  }
  ctx.strokeStyle = look.ground;
  ctx.fillStyle = look.ground;
  ctx.lineWidth = 1.5;
  if (mark === 'cross') ctx.stroke();
  else ctx.fill();
}

/** The bell at the right end of a block's name with the number of alarms; a frame besides for critical ones. The width taken. */
function paintBell(
  ctx: CanvasRenderingContext2D,
  block: Block,
  { level, count }: { level: number; count: number },
  look: Look,
): number {
  const number = String(count);
  const width = BELL + 2 + ctx.measureText(number).width;
  const left = block.x + block.width - PADDING - width - 1;
  ctx.save();
  ctx.fillStyle = look.alarm;
  ctx.strokeStyle = look.alarm;
  ctx.fillText(number, left + BELL + 2, block.y + HEADING / 2 + 0.5);
  if (level >= CRITICAL) {
    ctx.lineWidth = 2;
    ctx.strokeRect(block.x + 1, block.y + 1, block.width - 2, block.height - 2);
  }
  ctx.translate(left, block.y + (HEADING - BELL) / 2);
  ctx.scale(BELL / 16, BELL / 16);
  ctx.lineWidth = 2;
  ctx.lineCap = 'round';
  ctx.stroke(new Path2D(PATHS.alarms));
  ctx.restore();
  return width + 4;
}

/** Size of a bell. */
const BELL = 12;
/** In a cell whose shorter side is less there is no room for a corner: all of its edge is marked. */
const LEAST_CORNER_SIDE = 7;
const FRAME = 1.5;

/**
 * A corner on each cell on which an alarm goes off, with a frame where it is critical; a frame alone where there is no
 * room. Each is drawn by itself: one path of a thousand triangles takes four times as long.
 */
function paintAlarms(ctx: CanvasRenderingContext2D, { layout: { cells }, alarms }: Picture, look: Look): void {
  ctx.setLineDash([]);
  ctx.lineWidth = FRAME;
  ctx.strokeStyle = look.alarm;
  for (let index = 0; index < alarms.length; index += 1) {
    const level = alarms[index] ?? 0;
    if (level === 0) continue;
    const at = index * 4;
    const [x, y, wide, high] = [cells[at] ?? 0, cells[at + 1] ?? 0, cells[at + 2] ?? 0, cells[at + 3] ?? 0];
    const side = Math.min(wide, high);
    const hasRoom = side >= LEAST_CORNER_SIDE;
    if (hasRoom) {
      const size = Math.max(5, Math.min(side * 0.5, 10));
      // The ground around it keeps it apart from a dark cell.
      corner(ctx, x + wide, y, size + 2, look.ground);
      corner(ctx, x + wide, y, size, look.alarm);
    }
    if (hasRoom && level < CRITICAL) continue;
    const inset = hasRoom ? FRAME / 2 : -FRAME / 2;
    ctx.strokeRect(x + inset, y + inset, Math.max(0.5, wide - 2 * inset), Math.max(0.5, high - 2 * inset));
  }
}

/** A triangle in an upper right corner. */
function corner(ctx: CanvasRenderingContext2D, right: number, top: number, size: number, colour: string): void {
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.moveTo(right - size, top);
  ctx.lineTo(right, top);
  ctx.lineTo(right, top + size);
  ctx.fill();
}

/** To whole pixels of the canvas, so that edges are sharp and gaps even. */
function snap(value: number, ratio: number): number {
  return Math.round(value * ratio) / ratio;
}

/** As much of a text as there is room for. */
function fitted(ctx: CanvasRenderingContext2D, text: string, room: number): string {
  if (ctx.measureText(text).width <= room) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (ctx.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return low < 2 ? '' : `${text.slice(0, low)}…`;
}

/** The most pixels that every browser gives a canvas. */
const MOST_PIXELS = 16_000_000;

/** Canvas pixels for each CSS pixel: the screen's own, less where the canvas would be too large. */
export function pixelRatio(width: number, height: number, screen: number): number {
  const most = Math.sqrt(MOST_PIXELS / Math.max(1, width * height));
  return Math.min(Math.max(1, screen), Math.max(0.5, most));
}
