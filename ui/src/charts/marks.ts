import type uPlot from 'uplot';
import { spoken } from '../format/number';
import { PATHS } from '../app/icons';
import { barsOf } from './alarms';
import { together } from '../alarms/spans';
import { limitInFrame } from './axis';
import { HAPPENING_ICONS, sparse } from './happening';
import type { Ink } from './ink';
import { emptyStretches, newest } from './model';
import type { ChartModel } from './model';

/** What is drawn on a chart besides its series: stretches without data, names of limits, moments at which something happened. */

/** Hatches the stretches in which nothing is known, and says so where there is room. */
export function drawEmpty(plot: uPlot, model: ChartModel, ink: Ink): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio || 1;
  for (const [from, to] of emptyStretches(model)) {
    const left = Math.max(bbox.left, plot.valToPos(from, 'x', true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to, 'x', true));
    if (right - left < 2 * ratio) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.clip();
    ctx.strokeStyle = ink.hatch;
    ctx.lineWidth = ratio;
    ctx.beginPath();
    const gap = 7 * ratio;
    // Anchored to the canvas, not to the stretch, so that the pattern does not crawl while time goes on.
    for (let x = Math.floor((left - bbox.height) / gap) * gap; x < right; x += gap) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.font = scaledFont(ink.font, ratio);
    const text = 'no data';
    const width = ctx.measureText(text).width;
    if (right - left > width + 24 * ratio) {
      const x = (left + right) / 2;
      const y = bbox.top + bbox.height / 2;
      ctx.fillStyle = ink.ground;
      ctx.fillRect(x - width / 2 - 4 * ratio, y - 9 * ratio, width + 8 * ratio, 18 * ratio);
      ctx.fillStyle = ink.text;
      ctx.textAlign = 'center';
      ctx.textBaseline = 'middle';
      ctx.fillText(text, x, y);
    }
    ctx.restore();
  }
}

/** Hatches the stretches that are marked, with an edge at both sides; at least so wide that they are seen. */
export function drawBands(plot: uPlot, model: ChartModel, ink: Ink): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio || 1;
  const end = bbox.left + bbox.width;
  for (const band of model.bands ?? []) {
    const left = Math.max(bbox.left, plot.valToPos(band.start, 'x', true));
    const right = Math.min(end, Math.max(plot.valToPos(band.end, 'x', true), left + 4 * ratio));
    if (right <= bbox.left || left >= end) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.clip();
    ctx.fillStyle = `${ink.limit}${band.soft === true ? '14' : '22'}`;
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    if (band.soft === true) {
      ctx.fillStyle = ink.limit;
      ctx.fillRect(left, bbox.top, right - left, 3 * ratio);
      ctx.restore();
      continue;
    }
    ctx.strokeStyle = ink.limit;
    ctx.lineWidth = ratio;
    ctx.beginPath();
    const gap = 6 * ratio;
    for (let x = Math.floor((left - bbox.height) / gap) * gap; x < right; x += gap) {
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x + bbox.height, bbox.top + bbox.height);
    }
    for (const x of [left + ratio / 2, right - ratio / 2]) {
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
    }
    ctx.stroke();
    ctx.restore();
  }
}

/** Height of a bar, and from one to the next. */
const BAR_PX = 3;
const BAR_STEP_PX = 4;
/** Bars begin in the room above the plot, so that they cover as little of it as can be. */
const BAR_ABOVE_PX = 8;

/** A bar above the plot for each alarm while it was in ALARM, hollow where it was on something within; a shade below. */
export function drawAlarms(plot: uPlot, model: ChartModel, ink: Ink): void {
  const alarms = model.alarms ?? [];
  if (alarms.length === 0) return;
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio || 1;
  const end = bbox.left + bbox.width;
  const ends = ({ start, end: until }: { start: number; end: number }): [number, number] | null => {
    const left = Math.max(bbox.left, plot.valToPos(start, 'x', true));
    const right = Math.min(end, Math.max(plot.valToPos(until, 'x', true), left + 3 * ratio));
    return right <= bbox.left || left >= end ? null : [left, right];
  };
  ctx.save();
  ctx.fillStyle = `${ink.limit}10`;
  for (const one of together(alarms.flatMap(({ spans }) => spans))) {
    const found = ends(one);
    if (found) ctx.fillRect(found[0], bbox.top, found[1] - found[0], bbox.height);
  }
  ctx.fillStyle = ink.limit;
  ctx.strokeStyle = ink.limit;
  ctx.lineWidth = ratio;
  ctx.setLineDash([]);
  for (const [place, bar] of barsOf(alarms).entries()) {
    const top = bbox.top + (place * BAR_STEP_PX - BAR_ABOVE_PX) * ratio;
    for (const one of bar.spans) {
      const found = ends(one);
      if (!found) continue;
      const [left, right] = found;
      if (bar.own) ctx.fillRect(left, top, right - left, BAR_PX * ratio);
      else
        ctx.strokeRect(left + ratio / 2, top + ratio / 2, Math.max(ratio, right - left - ratio), (BAR_PX - 1) * ratio);
    }
  }
  ctx.restore();
}

/** Writes each limit's name on its line; one far above the picture is named at the upper edge with an arrow. */
export function drawLimits(plot: uPlot, model: ChartModel, ink: Ink, highest: number): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio || 1;
  ctx.save();
  ctx.font = scaledFont(ink.font, ratio);
  ctx.textAlign = 'right';
  let above = 0;
  for (const limit of model.series) {
    if (limit.shape !== 'limit') continue;
    const value = newest(limit.values);
    if (value === null) continue;
    const inside = limit.framed === true || limitInFrame(value, highest);
    const text = `${limit.label} ${spoken(model.unit, value)}${inside ? '' : ' ↑'}`;
    const width = ctx.measureText(text).width;
    const x = bbox.left + bbox.width - 4 * ratio;
    const line = inside ? plot.valToPos(value, 'y', true) : bbox.top;
    const below = !inside || line - bbox.top < 16 * ratio;
    const y = below ? line + (4 + above * 15) * ratio : line - 15 * ratio;
    if (!inside) above += 1;
    ctx.globalAlpha = 0.85;
    ctx.fillStyle = ink.ground;
    ctx.fillRect(x - width - 3 * ratio, y - ratio, width + 6 * ratio, 14 * ratio);
    ctx.globalAlpha = 1;
    ctx.fillStyle = ink.limit;
    ctx.textBaseline = 'top';
    ctx.fillText(text, x, y);
  }
  ctx.restore();
}

const MARK_PX = 18;
const MOST_MARKS = 14;
const MARK_EACH_PX = 36;

/** A dashed line at each moment at which something happened, its icon at the upper edge; near ones share one with their number. */
export function drawHappenings(plot: uPlot, model: ChartModel, ink: Ink): void {
  const happenings = model.happenings ?? [];
  if (happenings.length === 0) return;
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio || 1;
  const gap = ((model.span.end - model.span.start) * MARK_PX * ratio) / Math.max(1, bbox.width);
  const most = Math.min(MOST_MARKS, Math.max(4, Math.floor(bbox.width / ratio / MARK_EACH_PX)));
  for (const { time, kind, count } of sparse(happenings, gap, most)) {
    const x = Math.round(plot.valToPos(time, 'x', true)) + 0.5;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const colour = kind === 'oom' || kind === 'node' ? ink.limit : ink.text;
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.globalAlpha = 0.7;
    ctx.lineWidth = ratio;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top + 13 * ratio);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.setLineDash([]);
    ctx.font = scaledFont(ink.font, ratio);
    const number = count > 1 ? String(count) : '';
    const wide = 13 * ratio + (number === '' ? 0 : ctx.measureText(number).width + 2 * ratio);
    // At the right edge the icon would be cut off, so it stands before the line.
    const left = Math.min(x - 6 * ratio, bbox.left + bbox.width - wide);
    ctx.fillStyle = ink.ground;
    ctx.fillRect(left - ratio, bbox.top - ratio, wide + ratio, 14 * ratio);
    ctx.fillStyle = colour;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'top';
    if (number !== '') ctx.fillText(number, left + 14 * ratio, bbox.top + ratio);
    ctx.translate(left, bbox.top);
    ctx.scale((12 * ratio) / 16, (12 * ratio) / 16);
    ctx.lineWidth = 1.6;
    ctx.lineCap = 'round';
    ctx.stroke(new Path2D(PATHS[HAPPENING_ICONS[kind]]));
    ctx.restore();
  }
}

function scaledFont(font: string, ratio: number): string {
  return font.replace(/^(\d+)px/, (_, size: string) => `${Number(size) * ratio}px`);
}
