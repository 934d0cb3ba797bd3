/** A row of the inventory, and how its columns are read. Pure. */

/** The types of entity that the inventory lists. */
export type EntityType =
  'node' | 'node_disk' | 'node_filesystem' | 'node_network' | 'pod' | 'pod_network' | 'container' | 'volume' | 'object';

/** A map is labels, conditions and the like. */
export type Value = number | string | boolean | null | Readonly<Record<string, string | null>>;

export type HealthState = 'live' | 'stale' | 'gone';

export interface Health {
  state: HealthState;
  reason: string | null;
}

/** What a pod is called and belongs to, as the Kubernetes API tells it. */
export interface KnownAs {
  workload_kind?: string;
  workload?: string;
  services?: readonly string[];
  labels?: Readonly<Record<string, string>>;
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
  /** Absent where the API is not watched. */
  known_as?: KnownAs;
  time: string;
  attributes: Readonly<Record<string, Value>>;
  /** Measurements that have a value; deltas are the increase within `interval_usec`. */
  latest: Readonly<Record<string, Value>>;
  health: Health;
  readonly [column: string]: unknown;
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

/** A column of names and values: labels, conditions, addresses. Empty when it is absent. */
export function map(entity: Entity, column: string): Readonly<Record<string, string>> {
  const found = value(entity, column);
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(Object.entries(found).map(([name, one]) => [name, typeof one === 'string' ? one : '']));
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
