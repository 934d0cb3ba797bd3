import uPlot from 'uplot';
import type { Zone } from '../format/time';
import { dash, faded } from '../theme/palette';
import { limitInFrame, splits, tickText, timeTexts, upperEnd } from './axis';
import { hatch } from './hatch';
import { seriesColour } from './ink';
import type { Ink } from './ink';
import { drawAlarms, drawBands, drawEmpty, drawHappenings, drawLimits } from './marks';
import { drawPoints } from './points';
import { stacked, withGaps } from './model';
import type { ChartModel, ChartSeries } from './model';

/** A model in the form that the plotting library takes. */
export interface Prepared {
  model: ChartModel;
  /** The series in the order of the plot: stacks from the top down, then lines, then limits. */
  order: readonly ChartSeries[];
  data: uPlot.AlignedData;
  highest: number;
}

/** Stacks summed, gaps marked, limits that are far off left out of the picture. */
export function prepare(model: ChartModel): Prepared {
  const stack = model.series.filter((series) => series.shape === 'stack');
  const lines = model.series.filter((series) => series.shape === 'line');
  const sums = stacked(stack.map((series) => series.values));
  let highest = 0;
  for (const values of [...sums.slice(-1), ...lines.map((line) => line.values)]) {
    for (const value of values) if (value !== null && value > highest) highest = value;
  }
  const limits = model.series.filter((series) => {
    if (series.shape !== 'limit') return false;
    return series.framed === true || series.values.some((value) => value !== null && limitInFrame(value, highest));
  });
  const order = [...[...stack].reverse(), ...lines, ...limits];
  const columns = [...[...sums].reverse(), ...lines.map((line) => line.values), ...limits.map((limit) => limit.values)];
  return {
    model,
    order,
    data: [[...model.times], ...columns.map((values) => withGaps(values))] as uPlot.AlignedData,
    highest,
  };
}

/** What makes a new plot necessary rather than new data in the old one. */
export function structure(prepared: Prepared): string {
  return JSON.stringify([
    prepared.model.unit,
    prepared.model.bars,
    prepared.order.map((s) => [s.key, s.shape, s.tone, s.quiet, s.hatched]),
  ]);
}

/** The parts of the options that change without a new plot. */
export interface Current {
  readonly prepared: Prepared;
}

/** Room around the plot itself, in CSS pixels: for what is laid over a chart. */
export const LEFT_AXIS = 62;
export const RIGHT_PAD = 12;
export const TOP_PAD = 8;
export const BOTTOM_AXIS = 22;

/** Options for a plot of the present structure. `current` is read at each drawing. */
export function options(
  current: Current,
  ink: Ink,
  zone: Zone,
  size: { width: number; height: number },
  hooks: uPlot.Hooks.Arrays,
  cursorBind: uPlot.Cursor.Bind,
): uPlot.Options {
  const { order, model } = current.prepared;
  const stackSize = order.filter((series) => series.shape === 'stack').length;
  const axis = { font: ink.font, stroke: ink.text, grid: { stroke: ink.grid, width: 1 }, ticks: { show: false } };
  const utc = zone === 'utc';
  return {
    ...size,
    ms: 1,
    padding: [TOP_PAD, RIGHT_PAD, 0, 0],
    legend: { show: false },
    ...(utc ? { tzDate: (ms: number) => asUtc(ms) } : {}),
    cursor: { y: false, drag: { x: true, y: false, setScale: false, dist: 4 }, points: { size: 6 }, bind: cursorBind },
    select: { show: true, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: true, range: () => [current.prepared.model.span.start, current.prepared.model.span.end] },
      y: {
        range: () => {
          const { model: now, highest } = current.prepared;
          return [
            now.bottom ?? 0,
            upperEnd(
              now.unit,
              highest,
              now.series.filter((series) => series.shape === 'limit'),
              now.top,
            ),
          ];
        },
      },
    },
    axes: [
      {
        ...axis,
        size: BOTTOM_AXIS,
        gap: 5,
        space: 76,
        values: (_, times, __, ___, step) => timeTexts(times, step, zone),
      },
      {
        ...axis,
        size: LEFT_AXIS,
        gap: 6,
        splits: (plot) => splits(model.unit, plot.scales.y?.max ?? 1),
        values: (_, values) => values.map((value) => tickText(model.unit, value)),
      },
    ],
    series: [
      {},
      ...order.map((series, index) =>
        model.bars === true && series.shape === 'stack'
          ? barOptions(series, ink)
          : seriesOptions(series, index, stackSize, order, ink),
      ),
    ],
    bands: [
      ...(model.bars === true
        ? []
        : Array.from({ length: Math.max(0, stackSize - 1) }, (_, index) => ({
            series: [index + 1, index + 2] as uPlot.Band.Bounds,
            // The library fills with whatever the canvas takes; its types name texts only.
            fill: area(order[index], ink) as string,
          }))),
      ...between(model, order, ink),
    ],
    hooks: {
      ...hooks,
      drawClear: [(plot) => drawEmpty(plot, current.prepared.model, ink)],
      draw: [
        (plot) => drawLimits(plot, current.prepared.model, ink, current.prepared.highest),
        (plot) => drawBands(plot, current.prepared.model, ink),
        (plot) => drawAlarms(plot, current.prepared.model, ink),
        (plot) => drawHappenings(plot, current.prepared.model, ink),
        (plot) => drawPoints(plot, current.prepared.model, ink),
      ],
    },
  };
}

/** A bar from the begin of each period. The sums are drawn from the top down, so each covers all but its own part. */
function barOptions(series: ChartSeries, ink: Ink): uPlot.Series {
  const colour = seriesColour(ink.theme, series);
  const paths = uPlot.paths.bars?.({ size: [0.86, 40], align: 1 });
  return { stroke: colour, fill: colour, width: 0, points: { show: false }, ...(paths ? { paths } : {}) };
}

function seriesOptions(
  series: ChartSeries,
  index: number,
  stackSize: number,
  order: readonly ChartSeries[],
  ink: Ink,
): uPlot.Series {
  if (series.shape === 'limit') {
    return { stroke: ink.limit, width: 1, dash: [5, 4], points: { show: false } };
  }
  const stroke = seriesColour(ink.theme, series);
  const place = series.shape === 'stack' ? stackSize - 1 - index : index - stackSize;
  const common: uPlot.Series = {
    stroke,
    width: 1.5,
    dash: [...dash(place)],
    points: { show: false, ...isolated(stroke) },
  };
  if (series.shape !== 'stack') return common;
  const lowest = order[index + 1]?.shape !== 'stack';
  return { ...common, width: series.quiet === true ? 1 : 1.25, ...(lowest ? { fill: area(series, ink) } : {}) };
}

/** A value alone between two gaps has no line to be seen by, so it gets a point. */
function isolated(stroke: string): uPlot.Series.Points {
  return {
    show: true,
    size: 4,
    fill: stroke,
    filter: (plot, place) => {
      const values = plot.data[place] ?? [];
      const alone: number[] = [];
      for (let at = 0; at < values.length; at += 1) {
        if (typeof values[at] !== 'number') continue;
        if (!reaches(values, at, -1) && !reaches(values, at, 1)) alone.push(at);
      }
      return alone;
    },
  };
}

/** Whether the line goes on from a point in a direction, over points that are stepped over. */
function reaches(values: ArrayLike<number | null | undefined>, from: number, by: 1 | -1): boolean {
  for (let at = from + by; at >= 0 && at < values.length; at += by) {
    if (values[at] === null) return false;
    if (values[at] !== undefined) return true;
  }
  return false;
}

/** What is between two series, where both are drawn. */
function between({ between: keys }: ChartModel, order: readonly ChartSeries[], ink: Ink): uPlot.Band[] {
  const [upper, lower] = (keys ?? []).map((key) => order.findIndex((series) => series.key === key) + 1);
  if (upper === undefined || lower === undefined || upper === 0 || lower === 0) return [];
  return [{ series: [upper, lower], fill: faded(ink.limit, 0.1) }];
}

function area(series: ChartSeries | undefined, ink: Ink): string | CanvasPattern {
  if (!series) return 'transparent';
  if (series.hatched === true) return hatch(seriesColour(ink.theme, series));
  return faded(seriesColour(ink.theme, series), series.quiet === true ? 0.14 : 0.42);
}

/** A date whose local fields read as UTC's, which is what the plot's tick finder looks at. */
function asUtc(ms: number): Date {
  return new Date(ms + new Date(ms).getTimezoneOffset() * 60_000);
}
