import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A unit of its own, in which a process uses a known share of a processor. */
export interface Load {
  /** The `container_id` of the unit. */
  id: string;
  /** The file in which the kernel counts its processor time. */
  usage: string;
}

const ROOT = '/sys/fs/cgroup';
const SLICE = 'kansoku_page.slice';
const UNIT = 'busy.service';

/** Works for 20 ms of every 100. */
const WORK = `setInterval(() => { const end = Date.now() + 20; while (Date.now() < end); }, 100)`;

/** Starts it; `null` where this user may not make control groups. */
export function startLoad(): { load: Load; stop: () => Promise<void> } | null {
  const v2 = existsSync(join(ROOT, 'cgroup.controllers'));
  const v1 = ['cpu', 'cpuacct', 'memory', 'pids'].map((name) => join(ROOT, name)).filter((path) => existsSync(path));
  const folders = (v2 ? [ROOT] : v1).map((tree) => join(tree, SLICE, UNIT));
  try {
    if (v2) delegate();
    for (const folder of folders) mkdirSync(folder, { recursive: true });
  } catch {
    remove(folders);
    return null;
  }
  const child = spawn(process.execPath, ['-e', WORK], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  for (const folder of folders) writeFileSync(join(folder, 'cgroup.procs'), String(child.pid));
  const usage = v2 ? join(ROOT, SLICE, UNIT, 'cpu.stat') : join(ROOT, 'cpuacct', SLICE, UNIT, 'cpuacct.usage');
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    await sleep(200);
    remove(folders);
  };
  return { load: { id: `/${SLICE}/${UNIT}`, usage }, stop };
}

/** Microseconds of processor time that the unit has used, by the kernel's own count. */
export function usedMicroseconds({ usage }: Load): number {
  const text = readFileSync(usage, 'utf8');
  return usage.endsWith('cpu.stat') ? Number(/^usage_usec (\d+)/m.exec(text)?.[1]) : Number(text) / 1000;
}

/** On v2 a group has the controllers that its parent hands down. */
function delegate(): void {
  mkdirSync(join(ROOT, SLICE), { recursive: true });
  for (const folder of [ROOT, join(ROOT, SLICE)])
    writeFileSync(join(folder, 'cgroup.subtree_control'), '+cpu +memory +pids');
}

function remove(folders: readonly string[]): void {
  for (const folder of [...folders, ...folders.map((unit) => join(unit, '..'))]) {
    try {
      rmdirSync(folder);
    } catch {
      // Not made, or still in use: an empty control group costs nothing.
    }
  }
}
