import { ask } from './http';
import type { Entity, EntityType, HealthState } from './row';

/** What a listing is narrowed to. */
export interface EntityFilter {
  /** Exact values of identity and attribute columns; any of several. */
  where?: Readonly<Record<string, string | readonly string[]>>;
  /** Attribute and measurement columns to get; all when left out. */
  columns?: readonly string[];
  /** States to get; all when left out. */
  health?: readonly HealthState[];
  /** Only the first `limit` by this column or metric, largest first. */
  top?: { by: string; limit: number };
}

interface Answer {
  entities: Entity[];
  next: string | null;
}

/** Entities of one page of an answer, and of all pages: bounds what a browser is asked to hold. */
const PAGE = 2000;
const MOST = 10_000;

export interface Listing {
  entities: Entity[];
  /** True when there are more than the page takes. */
  cut: boolean;
}

/** What is there now: gone entities have to be asked for. */
export const PRESENT: readonly HealthState[] = ['live', 'stale'];

/** Every entity of a type that fits the filter, page by page. */
export async function listEntities(
  type: EntityType,
  { where = {}, columns, health, top }: EntityFilter,
  signal?: AbortSignal,
): Promise<Listing> {
  const entities: Entity[] = [];
  let after: string | null = null;
  do {
    const params = new URLSearchParams({ limit: String(top?.limit ?? PAGE) });
    for (const [column, values] of Object.entries(where))
      for (const value of [values].flat()) params.append(column, value);
    if (top) params.set('sort', `-${top.by}`);
    if (columns) params.set('columns', columns.join(','));
    if (health) params.set('health', health.join(','));
    if (after !== null) params.set('after', after);
    const answer = (await ask(`/api/entities/${type}?${params.toString()}`, { signal })) as Answer;
    entities.push(...answer.entities);
    after = answer.next;
  } while (after !== null && !top && entities.length < MOST);
  return { entities, cut: after !== null };
}

/** The first present entities whose names have the words in them. */
export async function searchEntities(
  type: EntityType,
  search: string,
  limit: number,
  signal: AbortSignal,
  { where = {}, columns }: Pick<EntityFilter, 'where' | 'columns'> = {},
): Promise<Entity[]> {
  const params = new URLSearchParams({ search, limit: String(limit), health: PRESENT.join(',') });
  for (const [column, values] of Object.entries(where))
    for (const value of [values].flat()) params.append(column, value);
  if (columns) params.set('columns', columns.join(','));
  return ((await ask(`/api/entities/${type}?${params.toString()}`, { signal })) as Answer).entities;
}
