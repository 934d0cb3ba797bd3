import type uPlot from 'uplot';
import type { Ink } from './ink';
import type { ChartModel, ChartPoint } from './model';

const SIZE_PX = 4.5;

/**
 * Marks points by what they were counted as: breaching ones are diamonds, others discs, those that did not count
 * small rings. What is missing is a ring on the axis; with a filling it was counted as something.
 */
export function drawPoints(plot: uPlot, model: ChartModel, ink: Ink): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio || 1;
  for (const point of model.points ?? []) {
    const x = plot.valToPos(point.time, 'x', true);
    if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) continue;
    const y = point.value === null ? bbox.top + bbox.height : plot.valToPos(point.value, 'y', true);
    if (y < bbox.top - 1 || y > bbox.top + bbox.height + 1) continue;
    ctx.save();
    ctx.lineWidth = 1.6 * ratio;
    mark(ctx, point, x, y, SIZE_PX * ratio, ink);
    ctx.restore();
  }
}

function mark(ctx: CanvasRenderingContext2D, { kind }: ChartPoint, x: number, y: number, size: number, ink: Ink): void {
  const bad = kind === 'breaching' || kind === 'filled-breaching';
  ctx.strokeStyle = bad ? ink.limit : ink.text;
  ctx.fillStyle = kind === 'breaching' ? ink.limit : kind === 'not' ? ink.text : ink.ground;
  if (kind === 'breaching') diamond(ctx, x, y, size * 1.15);
  else disc(ctx, x, y, kind === 'left-out' ? size * 0.65 : kind === 'not' ? size * 0.8 : size);
  ctx.fill();
  ctx.stroke();
  if (kind === 'filled-breaching' || kind === 'filled-not') {
    ctx.fillStyle = bad ? ink.limit : ink.text;
    if (bad) diamond(ctx, x, y, size * 0.6);
    else disc(ctx, x, y, size * 0.4);
    ctx.fill();
  }
}

function disc(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
}

function diamond(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  ctx.beginPath();
  ctx.moveTo(x, y - radius);
  ctx.lineTo(x + radius, y);
  ctx.lineTo(x, y + radius);
  ctx.lineTo(x - radius, y);
  ctx.closePath();
}
