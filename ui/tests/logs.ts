import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Logs as kubelet and the host leave them, in a folder that the agent under test takes for `/var/log`. */
export interface Logs {
  root: string;
  /** The moment of the newest line, milliseconds. */
  end: number;
}

/** Lines of `shop/web-1/app`: one each half second, every fiftieth an error. */
export const WEB_LINES = 1200;
export const WEB_ERRORS = WEB_LINES / 50;
/** Lines of `shop/api-1/app`, JSON. */
export const API_LINES = 100;

const UIDS = { 'web-1': 'a0000000-0000-4000-8000-000000000001', 'api-1': 'a0000000-0000-4000-8000-000000000002' };
export type Pod = keyof typeof UIDS;

function file(root: string, pod: Pod): string {
  return join(root, 'pods', `shop_${pod}_${UIDS[pod]}`, 'app', '0.log');
}

/** A line as the container runtime writes it (CRI). */
function cri(ms: number, stream: 'stdout' | 'stderr', text: string): string {
  return `${new Date(ms).toISOString().replace('Z', '000000Z')} ${stream} F ${text}\n`;
}

/** Writes logs of the last ten minutes. */
export function makeLogs(): { logs: Logs; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'kansoku-page-logs-'));
  const end = Math.floor(Date.now() / 1000) * 1000;
  for (const pod of Object.keys(UIDS) as Pod[]) mkdirSync(join(file(root, pod), '..'), { recursive: true });
  const web = Array.from({ length: WEB_LINES }, (_, n) => {
    const at = end - (WEB_LINES - 1 - n) * 500;
    return n % 50 === 0
      ? cri(at, 'stderr', `level=error msg="connection reset by peer" n=${n}`)
      : cri(at, 'stdout', `level=info GET /item/${n} took ${n % 90}ms n=${n}`);
  });
  writeFileSync(file(root, 'web-1'), web.join(''));
  const api = Array.from({ length: API_LINES }, (_, n) =>
    cri(
      end - (API_LINES - 1 - n) * 1000,
      'stdout',
      JSON.stringify({ level: 'warn', msg: 'slow answer', http: { status: n % 4 === 0 ? 503 : 200 }, n }),
    ),
  );
  api.push(cri(end, 'stdout', '\u001b[31mred\u001b[0m and <b>bold</b>'));
  writeFileSync(file(root, 'api-1'), api.join(''));
  return { logs: { root, end }, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Writes more lines of a pod, now. */
export function append({ root }: Logs, pod: Pod, texts: readonly string[]): void {
  appendFileSync(file(root, pod), texts.map((text) => cri(Date.now(), 'stdout', text)).join(''));
}

const WAIT_MS = 60_000;

/** Waits until the server has all of them. */
export async function waitForLogs(url: string): Promise<void> {
  const end = Date.now() + WAIT_MS;
  const wanted = WEB_LINES + API_LINES + 1;
  let last = '';
  while (Date.now() < end) {
    const response = await fetch(`${url}/api/logs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ filters: { namespace: ['shop'] }, histogram: { buckets: 10 }, lines: false }),
    });
    last = await response.text();
    if (response.ok) {
      const { histogram } = JSON.parse(last) as { histogram: { buckets: { total: number }[] } };
      if (histogram.buckets.reduce((sum, bucket) => sum + bucket.total, 0) === wanted) return;
    }
    await sleep(500);
  }
  throw new Error(`the server did not have ${wanted} log lines after ${WAIT_MS / 1000} s; it last said: ${last}`);
}
