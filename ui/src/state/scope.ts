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

/** The scope as filters of a metric question. */
export function scopeFilters(it: Scope): Record<string, string[]> {
  const filters: Record<string, string[]> = {};
  for (const key of ['cluster', 'node', 'namespace'] as const) {
    const value = it[key];
    if (value !== null) filters[key] = [value];
  }
  return filters;
}
