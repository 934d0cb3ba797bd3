import type { Concern, Firing } from '../alarms/concern';
import { severityOf, severityRank } from '../alarms/order';
import type { Cell } from './cell';
import type { Group, GroupBy } from './group';

/** Which alarms go off on what the map draws. Pure. */

/** How bad the worst alarm on something is, by its tag `severity`; the least first, as on a scale. */
export const ALARM_LEVELS = ['none', 'info', 'warning', 'critical'] as const;

export type AlarmLevel = (typeof ALARM_LEVELS)[number];

export interface Alarmed {
  /** By the key of a cell, the worst first. Cells without one are left out. */
  cells: ReadonlyMap<string, readonly Concern[]>;
  /** By the key of a block: what goes off on the block's own, and on what lies in it and is no pod. */
  blocks: ReadonlyMap<string, readonly Concern[]>;
  /** What goes off on neither. */
  elsewhere: readonly Concern[];
}

export const NO_ALARMS: Alarmed = { cells: new Map(), blocks: new Map(), elsewhere: [] };

/** Each series in ALARM (the worst first) at the pod that it names, else at the block that it names. */
export function alarmedOf(
  firing: readonly Firing[],
  cells: readonly Cell[],
  groups: readonly Group[],
  by: GroupBy,
): Alarmed {
  if (firing.length === 0) return NO_ALARMS;
  const byName = listed(cells, (cell) => cell.name);
  const byUid = listed(cells, (cell) => cell.uid);
  const byBlock = listed(groups, (group) => blockName(group, by));
  const atCells = new Map<string, Concern[]>();
  const atBlocks = new Map<string, Concern[]>();
  const elsewhere: Concern[] = [];
  for (const { its, concern } of firing) {
    const found =
      its.pod_uid !== undefined
        ? (byUid.get(its.pod_uid) ?? [])
        : its.pod !== undefined
          ? (byName.get(its.pod) ?? []).filter((cell) => agrees(its.namespace, cell.namespace))
          : null;
    if (found === null) {
      const blocks = (byBlock.get(blockOf(its, by) ?? '') ?? []).filter((group) =>
        agrees(its.cluster, group.cells[0]?.cluster ?? null),
      );
      for (const block of blocks) add(atBlocks, block.key, concern);
      if (blocks.length === 0) elsewhere.push(concern);
      continue;
    }
    const there = found.filter((cell) => agrees(its.cluster, cell.cluster));
    for (const cell of there) add(atCells, cell.key, concern);
    if (there.length === 0) elsewhere.push(concern);
  }
  return { cells: atCells, blocks: atBlocks, elsewhere };
}

/** A cluster or namespace that one side does not name tells nothing against it. */
function agrees(said: string | undefined, known: string | null): boolean {
  return said === undefined || known === null || said === known;
}

type Names = Firing['its'];

/** What the block is called that names belong to. */
function blockOf(its: Names, by: GroupBy): string | null {
  switch (by) {
    case 'node':
      return its.node ?? null;
    case 'namespace':
      return its.namespace ?? null;
    case 'workload':
      return its.namespace === undefined || its.workload === undefined ? null : `${its.namespace}\t${its.workload}`;
  }
}

/** The same of a block: all of its cells agree in what it is grouped by. */
function blockName({ cells }: Group, by: GroupBy): string | null {
  const [first] = cells;
  if (!first) return null;
  switch (by) {
    case 'node':
      return first.node;
    case 'namespace':
      return first.namespace;
    case 'workload':
      return first.namespace === null || first.workload === null
        ? null
        : `${first.namespace}\t${first.workload.slice(first.workload.indexOf(' ') + 1)}`;
  }
}

function listed<T>(all: readonly T[], nameOf: (one: T) => string | null): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const name = nameOf(one);
    if (name !== null) add(found, name, one);
  }
  return found;
}

function add<T>(to: Map<string, T[]>, key: string, one: T): void {
  const held = to.get(key);
  if (held) held.push(one);
  else to.set(key, [one]);
}

/** The level of the worst of some. */
export function levelOf(concerns: readonly Concern[] | undefined): AlarmLevel {
  const [worst] = concerns ?? [];
  if (!worst) return 'none';
  const rank = severityRank(severityOf(worst.alarm));
  return rank <= CRITICAL ? 'critical' : rank <= WARNING ? 'warning' : 'info';
}

const CRITICAL = severityRank('error');
const WARNING = severityRank('warning');

/** The alarms of some, each once, in their order. */
export function alarmNames(concerns: readonly Concern[]): string[] {
  return [...new Set(concerns.map(({ alarm }) => alarm.name))];
}
