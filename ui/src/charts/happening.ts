import { createContext } from 'preact';
import type { IconName } from '../app/icons';
import type { ChartModel } from './model';

/** Something that happened at a moment and may be why a line goes up or down. Drawn over every chart of a page. */
export interface Happening {
  /** Milliseconds. */
  time: number;
  kind: HappeningKind;
  /** What happened, in a few words. */
  label: string;
}

export type HappeningKind = 'deploy' | 'scale' | 'restart' | 'oom' | 'node';

/** The icon of each kind, on the canvas and in lists. */
export const HAPPENING_ICONS: Readonly<Record<HappeningKind, IconName>> = {
  deploy: 'deploy',
  scale: 'scale',
  restart: 'restart',
  oom: 'bad',
  node: 'nodes',
};

/** Where several fall on one place, the one that says most. */
const WEIGHT: readonly HappeningKind[] = ['oom', 'node', 'deploy', 'scale', 'restart'];

/** What happened to the subject of a page. One question for the page, not for each chart. */
export const HappeningsOf = createContext<readonly Happening[]>([]);

/** Those within what a chart shows, in the order of time. */
export function within(model: ChartModel, all: readonly Happening[]): Happening[] {
  return all.filter(({ time }) => time >= model.span.start && time <= model.span.end).sort((a, b) => a.time - b.time);
}

/** A place on the chart that stands for one or several. */
export interface Place {
  time: number;
  kind: HappeningKind;
  count: number;
}

/** Puts together what would be drawn nearer than `gap` milliseconds: a comb of lines says less than one with a number. */
export function placed(happenings: readonly Happening[], gap: number): Place[] {
  const places: (Place & { last: number })[] = [];
  for (const { time, kind } of happenings) {
    const before = places.at(-1);
    if (before && time - before.time < gap) {
      before.count += 1;
      before.last = time;
      if (WEIGHT.indexOf(kind) < WEIGHT.indexOf(before.kind)) before.kind = kind;
    } else {
      places.push({ time, kind, count: 1, last: time });
    }
  }
  return places.map(({ time, kind, count }) => ({ time, kind, count }));
}

/** As {@link placed}, but never more places than `most`: a chart is for its lines, not for what is written over them. */
export function sparse(happenings: readonly Happening[], gap: number, most: number): Place[] {
  let wide = gap;
  let places = placed(happenings, wide);
  while (places.length > most) {
    wide *= 1.5;
    places = placed(happenings, wide);
  }
  return places;
}

/** Those that belong to the point at a moment: within its period, or within a reach of it, as marks are drawn apart. */
export function near(happenings: readonly Happening[], time: number, reach: number): Happening[] {
  return happenings
    .filter((one) => one.time >= time - reach && one.time < time + reach)
    .sort((a, b) => Math.abs(a.time - time) - Math.abs(b.time - time));
}

/** Those of each period, for a chart as a table. */
export function during(happenings: readonly Happening[], start: number, period: number): Happening[] {
  return happenings.filter(({ time }) => time >= start && time < start + period);
}
