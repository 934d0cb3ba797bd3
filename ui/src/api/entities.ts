import { ask } from './http';

/** The types of entity that the inventory lists. */
export type EntityType = 'node' | 'node_disk' | 'node_filesystem' | 'node_network' | 'pod' | 'pod_network' | 'container';

export type Value = number | string | boolean | null;

export type HealthState = 'live' | 'stale' | 'gone';

export interface Health {
  state: HealthState;
  reason: string | null;
}

/** One entity with its newest row. Identity columns stand beside the fields named here. */
export interface Entity {
  id: string;
  cluster?: string | null;
  node?: string | null;
  namespace?: string | null;
  pod?: string | null;
  pod_uid?: string | null;
  container?: string | null;
  container_id?: string | null;
  time: string;
  attributes: Readonly<Record<string, Value>>;
  /** Measurements that have a value; deltas are the increase within `interval_usec`. */
  latest: Readonly<Record<string, Value>>;
  health: Health;
  readonly [column: string]: unknown;
}

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
export async function listEntities(type: EntityType, { where = {}, columns, health, top }: EntityFilter, signal?: AbortSignal): Promise<Listing> {
  const entities: Entity[] = [];
  let after: string | null = null;
  do {
    const params = new URLSearchParams({ limit: String(top?.limit ?? PAGE) });
    for (const [column, values] of Object.entries(where)) for (const value of [values].flat()) params.append(column, value);
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
export async function searchEntities(type: EntityType, search: string, limit: number, signal: AbortSignal): Promise<Entity[]> {
  const params = new URLSearchParams({ search, limit: String(limit), health: PRESENT.join(',') });
  return ((await ask(`/api/entities/${type}?${params.toString()}`, { signal })) as Answer).entities;
}

function value(entity: Entity, column: string): unknown {
  return entity.latest[column] ?? entity.attributes[column] ?? entity[column];
}

/** A number of the newest row; `null` when it is absent. */
export function number(entity: Entity, column: string): number | null {
  const found = value(entity, column);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

/** A text of the newest row, of whatever kind of column; empty counts as absent. */
export function text(entity: Entity, column: string): string | null {
  const found = value(entity, column);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** A boolean likewise. */
export function flag(entity: Entity, column: string): boolean | null {
  const found = value(entity, column);
  return typeof found === 'boolean' ? found : null;
}

/** The increase of a delta column per second of its interval; `null` in an entity's first row. */
export function rate(entity: Entity, column: string): number | null {
  const increase = number(entity, column);
  const usec = number(entity, 'interval_usec');
  return increase === null || usec === null || usec <= 0 ? null : (increase * 1e6) / usec;
}

/** A delta column of microseconds as a share of time: 1 for a whole core, a disk always busy, a pressure of 100 %. */
export function share(entity: Entity, column: string): number | null {
  const perSecond = rate(entity, column);
  return perSecond === null ? null : perSecond / 1e6;
}

/** `a / b`, absent when either is or when `b` is zero. */
export function ratio(a: number | null, b: number | null): number | null {
  return a === null || b === null || b === 0 ? null : a / b;
}
