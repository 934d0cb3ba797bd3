import { map } from '../../api/row';
import type { Entity } from '../../api/row';

const collator = new Intl.Collator('en', { numeric: true });

/**
 * Which versions of a part the nodes have: the one of all nodes, or each with how many have it, newest first. Null
 * where none says. Pure.
 */
export function versionsOf(nodes: readonly Entity[], part: string): string | null {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const version = map(node, 'versions')[part];
    if (version !== undefined && version !== '') counts.set(version, (counts.get(version) ?? 0) + 1);
  }
  if (counts.size === 0) return null;
  return [...counts]
    .sort(([a], [b]) => collator.compare(b, a))
    .map(([version, count]) => (counts.size === 1 ? version : `${version} on ${count}`))
    .join(', ');
}
