import type { Cell } from './cell';

/** What the blocks of the map stand for. Pure. */

export const GROUPS = ['node', 'namespace', 'workload'] as const;

export type GroupBy = (typeof GROUPS)[number];

export interface Group {
  key: string;
  label: string;
  cells: readonly Cell[];
}

const NOWHERE: Readonly<Record<GroupBy, string>> = {
  node: 'not on a node',
  namespace: 'namespace not known',
  workload: 'workload not known',
};

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/**
 * The cells in blocks, blocks by name as people read it (`worker-2` before `worker-10`), those without one last.
 * Neither order looks at a value, so nothing moves when one changes.
 */
export function grouped(cells: readonly Cell[], by: GroupBy): Group[] {
  const clusters = new Set(cells.map((cell) => cell.cluster));
  const several = clusters.size > 1;
  const found = new Map<string, { label: string | null; cells: Cell[] }>();
  for (const cell of cells) {
    const label = labelOf(cell, by);
    const key = `${cell.cluster ?? ''}\t${label ?? ''}`;
    const group = found.get(key);
    if (group) group.cells.push(cell);
    else
      found.set(key, {
        label: label === null ? null : several ? `${cell.cluster ?? '–'} / ${label}` : label,
        cells: [cell],
      });
  }
  return [...found]
    .sort(([, a], [, b]) =>
      a.label === null || b.label === null
        ? Number(a.label === null) - Number(b.label === null)
        : collator.compare(a.label, b.label),
    )
    .map(([key, group]) => ({ key, label: group.label ?? NOWHERE[by], cells: group.cells }));
}

function labelOf(cell: Cell, by: GroupBy): string | null {
  switch (by) {
    case 'node':
      return cell.node;
    case 'namespace':
      return cell.namespace;
    case 'workload':
      return cell.workload === null ? null : `${cell.namespace ?? ''} / ${cell.workload}`;
  }
}
