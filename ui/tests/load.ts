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

/** Uses 20 ms of a processor every 100 ms: by its own account, as 20 ms of the clock are less of one that others want too. */
const WORK = `setInterval(() => {
  const before = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(before);
    if (user + system >= 20_000) return;
  }
}, 100)`;

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

interface Sample {
  /** Microseconds since 1970 before the count was read, and after. */
  before: number;
  after: number;
  used: number;
}

/** The kernel's count over some time, read many times a second. */
export interface Watch {
  /**
   * The least and the most that the unit can have used between two moments (microseconds since 1970), as the count
   * only rises; `null` when the moments are not within what was watched.
   */
  between: (start: number, end: number) => { least: number; most: number } | null;
  stop: () => void;
}

const SAMPLE_MS = 5;

/** Begins to read the kernel's count of a unit. */
export function watchUsage(load: Load): Watch {
  const samples: Sample[] = [];
  const read = () => {
    const before = wallMicroseconds();
    const used = usedMicroseconds(load);
    samples.push({ before, after: wallMicroseconds(), used });
  };
  read();
  const timer = setInterval(read, SAMPLE_MS);
  /** The last count that was read before a moment, and the first that was read after it. */
  const around = (moment: number): { low: number; high: number } | null => {
    const low = samples.findLast((sample) => sample.after <= moment);
    const high = samples.find((sample) => sample.before >= moment);
    return low && high ? { low: low.used, high: high.used } : null;
  };
  return {
    between: (start, end) => {
      const [from, to] = [around(start), around(end)];
      return from && to ? { least: to.low - from.high, most: to.high - from.low } : null;
    },
    stop: () => clearInterval(timer),
  };
}

function wallMicroseconds(): number {
  return (performance.timeOrigin + performance.now()) * 1000;
}

/** Microseconds of processor time that the unit has used, by the kernel's own count. */
function usedMicroseconds({ usage }: Load): number {
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
