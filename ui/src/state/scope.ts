import { computed } from '@preact/signals';
import { query } from '../routes/location';

/** What the page is narrowed to, from the address. `null` is everything. */
export interface Scope {
  cluster: string | null;
  node: string | null;
  namespace: string | null;
  /** Kind and name: `Deployment/web`. */
  workload: string | null;
}

export const scope = computed<Scope>(() => ({
  cluster: query.value.get('cluster'),
  node: query.value.get('node'),
  namespace: query.value.get('namespace'),
  workload: query.value.get('workload'),
}));

/** The scope as exact values of columns. */
export function scopeWhere({ workload, ...it }: Partial<Scope>): Record<string, string> {
  const direct = Object.entries(it).filter((entry): entry is [string, string] => entry[1] !== null);
  const [kind, name] = splitWorkload(workload ?? null);
  return {
    ...Object.fromEntries(direct),
    ...(kind === null ? {} : { workload_kind: kind }),
    ...(name === null ? {} : { workload: name }),
  };
}

/** Kind and name of a workload in the scope; a name alone is of any kind. */
export function splitWorkload(text: string | null): readonly [kind: string | null, name: string | null] {
  if (text === null) return [null, null];
  const at = text.indexOf('/');
  return at < 0 ? [null, text] : [text.slice(0, at), text.slice(at + 1)];
}
