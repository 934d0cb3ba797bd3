import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const START_MS = 60_000;

/** A server that runs for tests, in a folder of its own. */
export interface Running {
  url: string;
  /** Ends it and removes what it kept. */
  stop: () => Promise<void>;
}

/** Starts the binary under test: `KANSOKU_BIN`, else the one that `cargo build` left. Port 0 takes a free one. */
export async function start(
  role: 'up' | 'server',
  settings: Readonly<Record<string, string>> = {},
  options: readonly string[] = [],
): Promise<Running> {
  const data = mkdtempSync(join(tmpdir(), 'kansoku-page-'));
  // Settings of the server that runs here are none of the tests'; a page that is not embedded yet may be named.
  const ours = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('KANSOKU_') || name === 'KANSOKU_PAGE_FOLDER',
  );
  const child = spawn(binary(), [role, '--listen', '127.0.0.1:0', '--data', data, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(ours), KANSOKU_LOG: 'warn', ...settings },
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const stop = async () => {
    child.kill('SIGTERM');
    const killed = sleep(10_000, null, { ref: false }).then(() => child.kill('SIGKILL'));
    await Promise.race([ended, killed]);
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  try {
    return { url: await address(child), stop };
  } catch (fault) {
    if (child.exitCode === null && child.pid !== undefined) await stop();
    throw fault;
  }
}

function binary(): string {
  const built = process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, '../../target');
  const path = process.env.KANSOKU_BIN ?? join(built, 'debug/kansoku');
  if (!existsSync(path))
    throw new Error(`there is no server to test at ${path}: run ./test browser, or set KANSOKU_BIN or KANSOKU_URL`);
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
