import { computed } from '@preact/signals';
import { query } from '../routes/location';

/** What the page is narrowed to, from the address. `null` is everything. */
export interface Scope {
  cluster: string | null;
  node: string | null;
  namespace: string | null;
}

export const scope = computed<Scope>(() => ({
  cluster: query.value.get('cluster'),
  node: query.value.get('node'),
  namespace: query.value.get('namespace'),
}));

/** The scope as exact values of columns. */
export function scopeWhere(it: Partial<Scope>): Record<string, string> {
  return Object.fromEntries(Object.entries(it).filter((entry): entry is [string, string] => entry[1] !== null));
}
