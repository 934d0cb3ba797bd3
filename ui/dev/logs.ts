import type { ServerResponse } from 'node:http';
import { Refusal } from './answers.ts';
import { chance, level as wander } from './noise.ts';
import type { Thing } from './thing.ts';

/** Invented log lines of the invented world. For work on the page only: the language is a small part of the real one. */

interface Line {
  id: string;
  time: string;
  [column: string]: unknown;
}

interface Body {
  start?: string;
  end?: string;
  filters?: Record<string, (string | null)[]>;
  query?: string;
  order?: 'newest' | 'oldest';
  limit?: number;
  after?: string;
  context?: { around: string; before: number; after: number };
  histogram?: { buckets: number };
  facets?: string[];
  facet_values?: number;
  patterns?: { limit: number };
  lines?: boolean;
}

const LEVELS = ['error', 'warn', 'info', 'info', 'info', 'info', 'debug', 'trace', undefined] as const;
const WORDS = ['checkout', 'cart', 'payment', 'timeout', 'retry', 'session', 'cache', 'order'];
/** One line of each container in so many milliseconds. */
const EVERY = 1000;

const ESC = '\u001b';
const pick = <T>(list: readonly T[], seed: string): T => list[Math.floor(chance(seed) * list.length)] as T;

function message(seed: string, level: string | undefined): string {
  const kind = chance(`${seed} kind`);
  const n = Math.floor(chance(`${seed} n`) * 900);
  const word = pick(WORDS, `${seed} word`);
  if (kind < 0.35)
    return JSON.stringify({
      level: level ?? 'info',
      msg: `${word} handled`,
      http: {
        method: pick(['GET', 'POST'], `${seed} m`),
        path: `/api/${word}/${n}`,
        status: pick([200, 200, 200, 404, 500], `${seed} s`),
      },
      duration_ms: n,
      trace_id: Math.floor(chance(`${seed} t`) * 2 ** 48).toString(16),
      tags: ['a', word],
    });
  if (kind < 0.55)
    return `${ESC}[32mINFO${ESC}[0m ${ESC}[1m${word}${ESC}[22m took ${ESC}[33m${n}ms${ESC}[0m <script>alert(1)</script>`;
  if (kind < 0.6)
    return `java.lang.IllegalStateException: ${word} is closed\n\tat shop.${word}.Service.call(Service.java:${n})\n\tat java.base/java.lang.Thread.run(Thread.java:840)\nCaused by: java.io.IOException: connection reset\n\t... 12 more`;
  if (kind < 0.62) return `very long ${'abcdefghij '.repeat(400)}end`;
  return `10.0.${n % 255}.7 - - "GET /${word}/${n} HTTP/1.1" ${pick(['200', '200', '304', '500'], `${seed} c`)} ${n * 17} "-" "curl/8.5"`;
}

function lineAt(thing: Thing, index: number): Line {
  const seed = `${String(thing.names.container_id)} ${index}`;
  const level = pick(LEVELS, `${seed} level`);
  const ms = index * EVERY + Math.floor(chance(seed) * 900);
  return {
    id: `${index}.${String(thing.names.container_id).slice(-10).replaceAll('/', '_')}`,
    time: `${new Date(ms).toISOString().slice(0, -1)}456789Z`,
    ...Object.fromEntries(Object.entries(thing.names).filter(([, value]) => value !== null)),
    stream: chance(`${seed} stream`) < 0.2 ? 'stderr' : 'stdout',
    file: '/var/log/pods/x/0.log',
    offset: index * 120,
    sequence: index,
    ...(level === undefined ? {} : { level }),
    ...(chance(`${seed} cut`) < 0.004 ? { truncated_bytes: 20_480 } : {}),
    message: message(seed, level),
  };
}

function fieldOf(line: Line, name: string): string | undefined {
  if (name in line) return String(line[name]);
  try {
    let at: unknown = JSON.parse(String(line.message));
    for (const part of name.replace(/^json\./, '').split('.')) at = (at as Record<string, unknown> | undefined)?.[part];
    return at === undefined || typeof at === 'object' ? undefined : (at as string | number | boolean).toString();
  } catch {
    return undefined;
  }
}

function fits(line: Line, { filters = {}, query = '' }: Body): boolean {
  for (const [name, values] of Object.entries(filters)) {
    const own = fieldOf(line, name) ?? null;
    if (
      !values.some(
        (value) =>
          value === own || (value?.includes('*') === true && own?.startsWith(value.replace(/\*.*/, '')) === true),
      )
    )
      return false;
  }
  for (const [, minus, name, quoted, bare] of query.matchAll(/(-?)(?:([\w.]+):)?(?:"([^"]*)"|([^\s"]+))/g)) {
    const word = (quoted ?? bare ?? '').toLowerCase();
    const found =
      name === undefined
        ? String(line.message).toLowerCase().includes(word)
        : fieldOf(line, name)?.toLowerCase() === word || (word === '*' && fieldOf(line, name) !== undefined);
    if (found === (minus === '-')) return false;
  }
  return true;
}

function sources(things: readonly Thing[]): Thing[] {
  return things
    .filter(
      (thing) =>
        thing.type === 'container' &&
        thing.attributes.container_kind !== 'slice' &&
        thing.attributes.container_kind !== 'sandbox',
    )
    .slice(0, 60);
}

/** Lines of a range in order; bounded, as the invented world has no end. */
function* between(things: readonly Thing[], body: Body, from: number, to: number): Generator<Line> {
  const newest = body.order !== 'oldest';
  const all = sources(things);
  const [first, last] = [Math.ceil(from / EVERY), Math.floor(to / EVERY)];
  for (let step = 0; step <= last - first; step += 1) {
    const index = newest ? last - step : first + step;
    const some = all
      .filter((thing) => chance(`${String(thing.names.container_id)} ${index} on`) < wander('lines', index, 0.5, 0.9))
      .map((thing) => lineAt(thing, index))
      .filter((line) => fits(line, body) && Date.parse(line.time) <= to);
    some.sort((a, b) => (newest ? -1 : 1) * a.time.localeCompare(b.time));
    yield* some;
  }
}

/** The answer of `/api/logs`. */
export function logs(things: readonly Thing[], body: Body): unknown {
  const bad = /[()]/.exec(body.query ?? '');
  if (bad) throw new Refusal(400, 'invalid_query', `“${bad[0]}” has no partner`, { line: 1, column: bad.index + 1 });
  const to = Date.parse(body.end ?? '') || Date.now();
  const from = Date.parse(body.start ?? '') || to - 3600_000;
  if (body.context) return context(things, body.context);
  const answer: Record<string, unknown> = {
    stats: { scanned_rows: 120_000, matched_rows: null, elapsed_ms: 41, complete: true },
  };
  if (body.lines !== false) {
    const [after, skip] = (body.after ?? `${body.order === 'oldest' ? from : to}/0`).split('/').map(Number) as [
      number,
      number,
    ];
    const lines: Line[] = [];
    let left = skip;
    const limit = body.limit ?? 200;
    for (const line of between(
      things,
      body,
      body.order === 'oldest' ? after : from,
      body.order === 'oldest' ? to : after,
    )) {
      if (left > 0) left -= 1;
      else if (lines.length < limit) lines.push(line);
      else break;
    }
    answer.lines = lines;
    const last = lines.at(-1);
    const lastSecond = last === undefined ? 0 : Math.floor(Date.parse(last.time) / EVERY) * EVERY;
    const same = lines.filter((line) => Math.floor(Date.parse(line.time) / EVERY) * EVERY === lastSecond).length;
    answer.next =
      lines.length < limit ? null : `${body.order === 'oldest' ? lastSecond : lastSecond + EVERY - 1}/${same}`;
  }
  if (body.histogram || body.facets || body.patterns) {
    const period = Math.max(1, Math.ceil((to - from) / 1000 / (body.histogram?.buckets ?? 60)));
    const step = Math.max(1, Math.floor((to - from) / 3000_000));
    const buckets = new Map<number, { time: string; total: number; levels: Record<string, number> }>();
    const counts = new Map<string, Map<string, number>>();
    const patterns = new Map<
      string,
      { count: number; first: string; last: string; level: string | undefined; sample: string; trend: number[] }
    >();
    let total = 0;
    for (const line of between(things, { ...body, order: 'oldest' }, from, Math.min(to, from + (to - from) / step))) {
      total += 1;
      const at = from + (Date.parse(line.time) - from) * step;
      const time = Math.floor(at / (period * 1000)) * period * 1000;
      const bucket = buckets.get(time) ?? { time: new Date(time).toISOString(), total: 0, levels: {} };
      const name = typeof line.level === 'string' ? line.level : '';
      bucket.total += 1;
      bucket.levels[name] = (bucket.levels[name] ?? 0) + 1;
      buckets.set(time, bucket);
      for (const facet of body.facets ?? []) {
        const value = fieldOf(line, facet);
        const own = counts.get(facet) ?? new Map<string, number>();
        counts.set(facet, own);
        own.set(value ?? '\0', (own.get(value ?? '\0') ?? 0) + 1);
      }
      if (body.patterns) {
        const text = String(line.message).split('\n')[0] ?? '';
        const key = text
          .replaceAll(/\d+|abcdefghij /g, '<*>')
          .replaceAll(/(?:<\*>[. ]?)+/g, '<*>')
          .slice(0, 160);
        const held = patterns.get(key) ?? {
          count: 0,
          first: line.time,
          last: line.time,
          level: name || undefined,
          sample: text,
          trend: new Array<number>(20).fill(0),
        };
        held.count += 1;
        held.last = line.time;
        const place = Math.min(19, Math.floor(((Date.parse(line.time) - from) / (to - from)) * 20));
        held.trend[place] = (held.trend[place] ?? 0) + 1;
        patterns.set(key, held);
      }
    }
    if (body.histogram)
      answer.histogram = {
        start: new Date(from).toISOString(),
        period_seconds: period,
        buckets: [...buckets.values()],
      };
    if (body.facets)
      answer.facets = Object.fromEntries(
        body.facets.map((facet) => {
          const own = counts.get(facet) ?? new Map<string, number>();
          const missing = own.get('\0') ?? 0;
          own.delete('\0');
          const sorted = [...own].sort((a, b) => b[1] - a[1]);
          const shown = sorted.slice(0, body.facet_values ?? 10);
          const other = sorted.slice(shown.length).reduce((sum, [, count]) => sum + count, 0);
          return [
            facet,
            { values: shown.map(([value, count]) => ({ value, count })), other, distinct: sorted.length, missing },
          ];
        }),
      );
    if (body.patterns)
      answer.patterns = [...patterns]
        .map(([pattern, held]) => ({ pattern, share: held.count / total, ...held }))
        .sort((a, b) => b.count - a.count)
        .slice(0, body.patterns.limit);
  }
  return answer;
}

function context(
  things: readonly Thing[],
  { around, before, after }: { around: string; before: number; after: number },
): unknown {
  const [index = '0', id = ''] = around.split('.');
  const thing = sources(things).find((one) => String(one.names.container_id).slice(-10).replaceAll('/', '_') === id);
  if (!thing) return { lines: [] };
  const lines: Line[] = [];
  for (let at = Number(index) - before; at <= Number(index) + after; at += 1)
    lines.push({ ...lineAt(thing, at), ...(at === Number(index) ? { anchor: true } : {}) });
  return { lines };
}

/** The answer of `/api/logs/ledger`: some loss in each range. */
export function ledger(things: readonly Thing[], body: Body): unknown {
  const to = Date.parse(body.end ?? '') || Date.now();
  const from = Date.parse(body.start ?? '') || to - 3600_000;
  const thing = sources(things).at(-1);
  if (!thing) return { sources: [], bands: [] };
  const band = (share: number, length: number, kind: string, rest: object) => ({
    log_source: 'shop/checkout/uid/app',
    namespace: thing.names.namespace,
    pod: thing.names.pod,
    container: thing.names.container,
    start: new Date(from + (to - from) * share).toISOString(),
    end: new Date(from + (to - from) * (share + length)).toISOString(),
    kind,
    ...rest,
  });
  return {
    sources: [],
    bands: [
      band(0.3, 0.05, 'lost', { bytes: 482_133, entries: null }),
      band(0.9985, 0.0005, 'limited', { bytes: 12_000, entries: 311 }),
    ],
  };
}

/** Answers `/api/logs/tail`: a few lines in a second, now and then a gap. */
export function tail(things: readonly Thing[], body: Body, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  let from = Date.now() - 60_000;
  const timer = setInterval(() => {
    const to = Date.now();
    const lines = [...between(things, { ...body, order: 'oldest' }, from, to)].slice(0, 400);
    from = to;
    if (lines.length > 0) response.write(`event: lines\ndata: ${JSON.stringify({ lines })}\n\n`);
    if (Math.floor(to / 1000) % 20 === 0) response.write('event: dropped\ndata: {"lines":120,"why":"rate"}\n\n');
    response.write(': still here\n\n');
  }, 1000);
  response.on('close', () => clearInterval(timer));
}
