import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Rows of the node that charts need to draw a line. */
const ROWS = 4;
const START_MS = 60_000;
const DATA_MS = 120_000;

/**
 * Starts the server under test, or takes the one that runs at `KANSOKU_URL`. The binary is `KANSOKU_BIN`, else the
 * one that `cargo build` left. Its address is handed to the tests in `KANSOKU_UNDER_TEST`.
 */
export default async function setup(): Promise<() => void> {
  const given = process.env.KANSOKU_URL;
  if (given !== undefined && given !== '') {
    process.env.KANSOKU_UNDER_TEST = given.replace(/\/$/, '');
    await waitForRows(process.env.KANSOKU_UNDER_TEST);
    return () => undefined;
  }
  const data = mkdtempSync(join(tmpdir(), 'kansoku-page-'));
  const child = spawn(binary(), ['up', '--listen', '127.0.0.1:0', '--data', data], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => {
    child.kill('SIGTERM');
    rmSync(data, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    process.env.KANSOKU_UNDER_TEST = await address(child);
    await waitForRows(process.env.KANSOKU_UNDER_TEST);
  } catch (fault) {
    stop();
    throw fault;
  }
  return stop;
}

function binary(): string {
  const built = process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, '../../target');
  const path = process.env.KANSOKU_BIN ?? join(built, 'debug/kansoku');
  if (!existsSync(path)) throw new Error(`there is no server to test at ${path}: run ./test browser, or set KANSOKU_BIN or KANSOKU_URL`);
  return path;
}

/** The address that the server prints once it listens. */
async function address(child: ChildProcess): Promise<string> {
  let said = '';
  const found = new Promise<string>((resolve, reject) => {
    const heard = (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const url = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(said)?.[0];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', heard);
    child.stderr?.on('data', heard);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the server ended with ${String(code)} before it listened:\n${said}`)));
  });
  const late = sleep(START_MS, null, { ref: false }).then(() => {
    throw new Error(`the server printed no address within ${START_MS / 1000} s:\n${said}`);
  });
  return Promise.race([found, late]);
}

/** Waits until the node has rows enough for a line in every chart. */
async function waitForRows(url: string): Promise<void> {
  const end = Date.now() + DATA_MS;
  let last = '';
  while (Date.now() < end) {
    try {
      const response = await fetch(`${url}/api/metrics`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ entity: 'node', metrics: [{ metric: 'cpu_usage_usec_per_second', statistic: 'Average' }], filters: {}, group_by: [], start: new Date(Date.now() - 600_000).toISOString(), end: new Date().toISOString(), period_seconds: 10 }),
      });
      last = await response.text();
      const series = (JSON.parse(last) as { series?: { values: (number | null)[] }[] }).series;
      if ((series?.[0]?.values.filter((value) => value !== null).length ?? 0) >= ROWS) return;
    } catch (fault) {
      last = String(fault);
    }
    await sleep(1000);
  }
  throw new Error(`the server at ${url} had fewer than ${ROWS} rows of its node after ${DATA_MS / 1000} s; it last said: ${last.slice(0, 500)}`);
}
