import type { Rung } from '../../api/sources';

/** Readers that have the same rights and the same next step. */
export interface RungGroup extends Omit<Rung, 'cluster' | 'node'> {
  key: string;
  /** Of each cluster its nodes, by name; `server` where the server reads for it too. */
  readers: readonly { cluster: string; nodes: readonly string[]; server: boolean }[];
}

const collator = new Intl.Collator('en', { numeric: true });

/** Puts readers of equal rights together. Those that could have more come first, then the larger groups. Pure. */
export function rungGroups(rungs: readonly Rung[]): RungGroup[] {
  const found = new Map<string, { rung: Rung; by: Map<string, { nodes: Set<string>; server: boolean }> }>();
  for (const rung of rungs) {
    const { in_force: inForce, title, has, next } = rung;
    const key = JSON.stringify([inForce, title, has, next && [next.rung, next.adds, next.needs, next.how]]);
    const group = found.get(key) ?? { rung, by: new Map<string, { nodes: Set<string>; server: boolean }>() };
    const held = group.by.get(rung.cluster) ?? { nodes: new Set(), server: false };
    if (rung.node === null) held.server = true;
    else held.nodes.add(rung.node);
    group.by.set(rung.cluster, held);
    found.set(key, group);
  }
  return [...found]
    .map(([key, { rung, by }]) => ({
      key,
      in_force: rung.in_force,
      title: rung.title,
      has: rung.has,
      next: rung.next,
      readers: [...by]
        .sort(([a], [b]) => collator.compare(a, b))
        .map(([cluster, { nodes, server }]) => ({ cluster, nodes: [...nodes].sort(collator.compare), server })),
    }))
    .sort(
      (a, b) =>
        Number(a.next === null) - Number(b.next === null) ||
        nodesOf(b) - nodesOf(a) ||
        collator.compare(a.in_force, b.in_force),
    );
}

const nodesOf = ({ readers }: RungGroup) => readers.reduce((sum, { nodes }) => sum + nodes.length, 0);

/** Who has the rights: `3 nodes`, `the server and 1 node of east, 2 nodes of west`. */
export function readersWords({ readers }: Pick<RungGroup, 'readers'>, severalClusters: boolean): string {
  return readers
    .map(({ cluster, nodes, server }) => {
      const who = [
        ...(server ? ['the server'] : []),
        ...(nodes.length > 0 ? [`${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}`] : []),
      ].join(' and ');
      return severalClusters && cluster !== '' ? `${who} of ${cluster}` : who;
    })
    .join(', ');
}
