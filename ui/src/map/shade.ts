import { number, ratio } from '../api/row';
import type { Entity } from '../api/row';
import * as cgroup from '../measures/cgroup';
import { format } from '../format/number';
import type { Cell } from './cell';

/** What the map colours by: a value of a pod, and the steps of the scale that it falls into. Pure. */

/** Counts over the range by uid, for what is no column of a pod's newest row. Null until they are known. */
export interface Counts {
  restarts: ReadonlyMap<string, number> | null;
  errors: ReadonlyMap<string, number> | null;
}

export interface Shade {
  id: string;
  label: string;
  /** What the colours mean, in a sentence. */
  help: string;
  /** Lower ends of the second and all further steps. */
  steps: readonly number[];
  value: (cell: Cell, counts: Counts) => number | null;
  /** The value as a person reads it. */
  write: (value: number) => string;
  /** What is used, where the value is a share of something. */
  detail?: (cell: Cell) => string | null;
  /** Why a pod may have no value. */
  absent: string;
}

const percent = (share: number) => format('percent', share * 100);
const count = (value: number) => format('count', value);
const of = (cell: Cell, read: (row: Entity) => number | null) => (cell.row ? read(cell.row) : null);
const cpuOf = (cell: Cell) => {
  const used = of(cell, cgroup.cpuUsed);
  return used === null ? null : `${format('cores', used)} cores`;
};
const memoryOf = (cell: Cell) => {
  const used = of(cell, cgroup.memoryUsed);
  return used === null ? null : format('bytes', used);
};

/** Whether the Kubernetes API tells of it. */
const watched = (cell: Cell) => cell.phase !== null || cell.row?.known_as !== undefined;

const OF_LIMIT = [0.25, 0.5, 0.75, 0.9, 0.97];
const OF_NODE = [0.01, 0.02, 0.05, 0.1, 0.25];

export const SHADES: readonly Shade[] = [
  {
    id: 'cpu',
    label: 'CPU, of the node',
    help: 'Processors used now, as a share of those of the node.',
    steps: OF_NODE,
    value: (cell) => of(cell, (row) => ratio(cgroup.cpuUsed(row), number(row, 'node_cpu_cores'))),
    write: percent,
    detail: cpuOf,
    absent: 'not running, or in its first interval',
  },
  {
    id: 'cpu-limit',
    label: 'CPU, of the limit',
    help: 'Processors used now, as a share of the limit of the pod.',
    steps: OF_LIMIT,
    value: (cell) => of(cell, (row) => ratio(cgroup.cpuUsed(row), cgroup.cpuLimit(row))),
    write: percent,
    detail: cpuOf,
    absent: 'not every container has a CPU limit, or it is not running',
  },
  {
    id: 'memory',
    label: 'Memory, of the node',
    help: 'Working set (usage less inactive file) as a share of the memory of the node.',
    steps: OF_NODE,
    value: (cell) => of(cell, (row) => ratio(cgroup.memoryUsed(row), number(row, 'node_memory_total_bytes'))),
    write: percent,
    detail: memoryOf,
    absent: 'not running',
  },
  {
    id: 'memory-limit',
    label: 'Memory, of the limit',
    help: 'Working set (usage less inactive file) as a share of the limit of the pod.',
    steps: OF_LIMIT,
    value: (cell) => of(cell, cgroup.memoryShare),
    write: percent,
    detail: memoryOf,
    absent: 'not every container has a memory limit, or it is not running',
  },
  {
    id: 'throttling',
    label: 'Throttling',
    help: 'Share of the scheduling periods in which the CPU limit ran out.',
    steps: [0.01, 0.05, 0.1, 0.25, 0.5],
    value: (cell) => of(cell, cgroup.throttled),
    write: percent,
    absent: 'no CPU limit for the whole pod, or it is not running',
  },
  {
    id: 'restarts',
    label: 'Restarts in the range',
    help: 'Restarts of its containers within the time range of the page.',
    steps: [1, 2, 5, 10, 50],
    // Only those that restarted are counted; the others did not, where the API would have told.
    value: (cell, { restarts }) => (restarts === null ? null : (restarts.get(cell.uid) ?? (watched(cell) ? 0 : null))),
    write: count,
    absent: 'the Kubernetes API is not watched',
  },
  {
    id: 'errors',
    label: 'Log errors in the range',
    help: 'Log lines of level error or fatal within the time range of the page.',
    steps: [1, 5, 20, 100, 1000],
    // A pod without a line among them wrote none; none are known where the question was not answered.
    value: (cell, { errors }) => (errors === null ? null : (errors.get(cell.uid) ?? 0)),
    write: count,
    absent: 'the range is longer than three hours, or logs are not collected',
  },
];

/** The step that a value falls into, 0 the least. */
export function stepOf(steps: readonly number[], value: number): number {
  let step = 0;
  for (const limit of steps) {
    if (value < limit) break;
    step += 1;
  }
  return step;
}

/** The scale in words: of each step what falls into it. */
export function stepTexts({ steps }: Pick<Shade, 'steps'>): string[] {
  const whole = steps.every((step) => Number.isInteger(step));
  const write = whole ? count : (share: number) => `${Number((share * 100).toPrecision(3))}\u00a0%`;
  return [0, ...steps].map((from, at) => {
    const to = steps[at];
    if (to === undefined) return `${write(from)} or more`;
    if (at === 0) return whole && to === 1 ? 'none' : `below ${write(to)}`;
    if (whole) return to - from === 1 ? write(from) : `${write(from)} to ${write(to - 1)}`;
    return `from ${write(from)}`;
  });
}
