import { describe, expect, it } from 'vitest';
import { CELL_EDGE, HEAT, SEVERITY_COLOURS } from './heat';
import { GROUND, LEVEL_COLOURS, SERIES } from './palette';
import type { Theme } from './palette';

type Rgb = [number, number, number];

const linear = (hex: string): Rgb =>
  [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as Rgb;

const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Severity 1.0 of Machado, Oliveira and Fernandes 2009, on linear RGB. */
const BLINDNESS = {
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
} as const;

const seen = (kind: keyof typeof BLINDNESS, rgb: Rgb): Rgb =>
  BLINDNESS[kind].map((row) => Math.min(1, Math.max(0, row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]))) as Rgb;

function lab([r, g, b]: Rgb): Rgb {
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const distance = (a: Rgb, b: Rgb) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe.each(['light', 'dark'] as Theme[])('%s palette', (theme) => {
  it('has the contrast that graphics need on its ground', () => {
    for (const colour of SERIES[theme]) expect(contrast(colour, GROUND[theme]), colour).toBeGreaterThanOrEqual(3);
  });
  it('can be told apart with and without all kinds of cones', () => {
    for (const [i, a] of SERIES[theme].entries()) {
      for (const b of SERIES[theme].slice(i + 1)) {
        expect(distance(lab(linear(a)), lab(linear(b))), `${a} ${b}`).toBeGreaterThan(30);
        for (const kind of ['deuteranopia', 'protanopia'] as const) {
          expect(
            distance(lab(seen(kind, linear(a))), lab(seen(kind, linear(b)))),
            `${a} ${b} with ${kind}`,
          ).toBeGreaterThan(20);
        }
      }
    }
  });
  it('tells neighbouring levels of a histogram apart, and all of them from the ground', () => {
    const levels = Object.values(LEVEL_COLOURS).map((both) => both[theme]);
    for (const [at, level] of levels.entries()) {
      expect(contrast(level, GROUND[theme]), level).toBeGreaterThanOrEqual(3);
      const next = levels[at + 1];
      if (next === undefined) continue;
      expect(distance(lab(linear(level)), lab(linear(next))), `${level} ${next}`).toBeGreaterThan(20);
      for (const kind of ['deuteranopia', 'protanopia'] as const)
        expect(
          distance(lab(seen(kind, linear(level))), lab(seen(kind, linear(next)))),
          `${level} ${next} with ${kind}`,
        ).toBeGreaterThan(15);
    }
  });
  it('goes through the scale of the map in even steps of lightness, with and without all kinds of cones', () => {
    const sign = theme === 'light' ? -1 : 1;
    for (const see of [
      linear,
      ...(['deuteranopia', 'protanopia'] as const).map((kind) => (hex: string) => seen(kind, linear(hex))),
    ]) {
      for (const [at, step] of HEAT[theme].entries()) {
        const next = HEAT[theme][at + 1];
        if (next === undefined) continue;
        const [a, b] = [lab(see(step)), lab(see(next))];
        expect((b[0] - a[0]) * sign, `lightness from ${step} to ${next}`).toBeGreaterThan(6);
        expect(distance(a, b), `${step} ${next}`).toBeGreaterThan(12);
      }
    }
    // The hottest stands out of the ground; what does not is given an edge that does.
    expect(contrast(HEAT[theme].at(-1) ?? '', GROUND[theme])).toBeGreaterThan(7);
    expect(contrast(CELL_EDGE[theme], GROUND[theme])).toBeGreaterThanOrEqual(2.9);
    for (const step of HEAT[theme].slice(2)) expect(contrast(step, GROUND[theme]), step).toBeGreaterThan(2.3);
  });
  it('tells the severities of the map apart', () => {
    const all = Object.values(SEVERITY_COLOURS).map((both) => both[theme]);
    for (const [at, a] of all.entries())
      for (const b of all.slice(at + 1)) {
        expect(distance(lab(linear(a)), lab(linear(b))), `${a} ${b}`).toBeGreaterThan(20);
        for (const kind of ['deuteranopia', 'protanopia'] as const)
          expect(
            distance(lab(seen(kind, linear(a))), lab(seen(kind, linear(b)))),
            `${a} ${b} with ${kind}`,
          ).toBeGreaterThan(18);
      }
  });
});
