import { address } from '../routes/location';
import { authorization } from './token';

/** The server's own figures, which it tells in the text format of Prometheus only. */

export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** What `/metrics` says; empty where it may not be read. */
export async function askOwnFigures(signal?: AbortSignal): Promise<readonly Sample[]> {
  const response = await fetch(address('/metrics'), {
    headers: { Accept: 'text/plain', ...authorization() },
    ...(signal ? { signal } : {}),
  });
  return response.ok ? parseExposition(await response.text()) : [];
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ([-+.\deEInfNa]+)(?: \d+)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** The samples of a text. Comments, and lines that are none of the format, are passed over. */
export function parseExposition(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const [, name, labels = '', number = ''] = LINE.exec(line) ?? [];
    if (name === undefined) continue;
    const value = Number(number.replace(/Inf$/, 'Infinity'));
    if (Number.isNaN(value)) continue;
    samples.push({
      name,
      labels: Object.fromEntries(
        [...labels.matchAll(LABEL)].map(([, key = '', raw = '']) => [
          key,
          raw.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter)),
        ]),
      ),
      value,
    });
  }
  return samples;
}

/** The sum of the samples of a name; null where there are none. */
export function sampleSum(samples: readonly Sample[], name: string): number | null {
  const found = samples.filter((sample) => sample.name === name);
  return found.length === 0 ? null : found.reduce((sum, sample) => sum + sample.value, 0);
}

/** How a route is used: how often, how long each time, how long at most for most. */
export interface RouteFigures {
  route: string;
  count: number;
  meanSeconds: number | null;
  /** The upper end of the bucket that nineteen of twenty answers lie in or below; null without answers. */
  p95Seconds: number | null;
  /** Answers with a status of 400 or above. */
  failed: number;
}

export function routesOf(samples: readonly Sample[]): RouteFigures[] {
  const name = 'kansoku_http_request_duration_seconds';
  const of = (suffix: string, route: string) =>
    samples.filter((sample) => sample.name === `${name}${suffix}` && sample.labels.route === route);
  const routes = [...new Set(samples.filter((it) => it.name === `${name}_count`).map((it) => it.labels.route ?? ''))];
  return routes.map((route) => {
    const count = of('_count', route)[0]?.value ?? 0;
    const seconds = of('_sum', route)[0]?.value ?? 0;
    const bucket = of('_bucket', route)
      .map((it) => ({ to: Number((it.labels.le ?? '').replace('+Inf', 'Infinity')), n: it.value }))
      .sort((a, b) => a.to - b.to)
      .find((it) => it.n >= count * 0.95);
    const failed = samples
      .filter((it) => it.name === 'kansoku_http_requests_total' && it.labels.route === route)
      .filter((it) => Number(it.labels.status) >= 400)
      .reduce((sum, it) => sum + it.value, 0);
    return {
      route,
      count,
      meanSeconds: count > 0 ? seconds / count : null,
      p95Seconds: count > 0 && bucket ? bucket.to : null,
      failed,
    };
  });
}
