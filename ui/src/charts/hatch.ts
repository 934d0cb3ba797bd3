import { faded } from '../theme/palette';

const held = new Map<string, CanvasPattern>();

/** Slanting lines of a colour on a pale ground of it, as a fill. The same one each time. */
export function hatch(colour: string): string | CanvasPattern {
  const ratio = Math.max(1, Math.round(window.devicePixelRatio || 1));
  const key = `${colour} ${ratio}`;
  const before = held.get(key);
  if (before) return before;
  const side = 8 * ratio;
  const tile = document.createElement('canvas');
  tile.width = side;
  tile.height = side;
  const ctx = tile.getContext('2d');
  if (!ctx) return faded(colour, 0.14);
  ctx.fillStyle = faded(colour, 0.1);
  ctx.fillRect(0, 0, side, side);
  ctx.strokeStyle = faded(colour, 0.4);
  ctx.lineWidth = ratio;
  ctx.beginPath();
  // Three times, so that lines meet at the edges of the tile.
  for (const from of [-side, 0, side]) {
    ctx.moveTo(from - ratio, side + ratio);
    ctx.lineTo(from + side + ratio, -ratio);
  }
  ctx.stroke();
  const made = ctx.createPattern(tile, 'repeat');
  if (!made) return faded(colour, 0.14);
  held.set(key, made);
  return made;
}
