/** Moments and lengths of time as text. Zones are `local` or `utc`; every function is given the moment. */

export type Zone = 'local' | 'utc';

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: Zone, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  let made = formatters.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat('en-GB', {
      hourCycle: 'h23',
      ...options,
      ...(zone === 'utc' ? { timeZone: 'UTC' } : {}),
    });
    formatters.set(key, made);
  }
  return made;
}

function parts(ms: number, zone: Zone): Record<string, string> {
  const options = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  } as const;
  return Object.fromEntries(
    formatter(zone, options)
      .formatToParts(ms)
      .map((part) => [part.type, part.value]),
  );
}

/** `2026-11-23 08:00:05` */
export function dateTime(ms: number, zone: Zone): string {
  const p = parts(ms, zone);
  return `${p.year ?? ''}-${p.month ?? ''}-${p.day ?? ''} ${p.hour ?? ''}:${p.minute ?? ''}:${p.second ?? ''}`;
}

/** `08:00:05` */
export function clockTime(ms: number, zone: Zone): string {
  return dateTime(ms, zone).slice(11);
}

/** As short as the span allows: within a day only the time of day, beyond it the date too. */
export function momentIn(ms: number, spanMs: number, zone: Zone): string {
  const text = dateTime(ms, zone);
  if (spanMs <= 20 * 3600_000) return text.slice(11);
  return text.slice(5, 16);
}

/** The zone's own name, such as `UTC` or `Europe/Berlin`. */
export function zoneName(zone: Zone): string {
  return zone === 'utc' ? 'UTC' : new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

const STEPS: readonly (readonly [number, string])[] = [
  [86400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** The two largest parts: `2 d 4 h`, `3 min 20 s`, `12 s`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 0) return `-${duration(-seconds)}`;
  if (seconds < 1) return seconds === 0 ? '0\u00a0s' : `${Math.max(1, Math.round(seconds * 1000))}\u00a0ms`;
  let rest = Math.round(seconds);
  const found: string[] = [];
  for (const [size, name] of STEPS) {
    const count = Math.floor(rest / size);
    if (count === 0) {
      if (found.length > 0) break;
      continue;
    }
    found.push(`${count}\u00a0${name}`);
    rest -= count * size;
    if (found.length === 2) break;
  }
  return found.join(' ');
}

/** `12 s ago`; a moment in the future says so instead of hiding a wrong clock. */
export function ago(ms: number, nowMs: number): string {
  const seconds = Math.round((nowMs - ms) / 1000);
  if (seconds < -1) return `${duration(-seconds)} ahead`;
  return seconds <= 1 ? 'just now' : `${duration(seconds)} ago`;
}

/** Milliseconds of an RFC 3339 text with any number of fraction digits; `null` when it is none. */
export function parseMoment(text: string): number | null {
  const ms = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(ms) ? null : ms;
}
