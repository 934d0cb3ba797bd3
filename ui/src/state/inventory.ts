import { signal } from '@preact/signals';
import { listEntities } from '../api/entities';
import { number } from '../api/row';
import type { EntityFilter, Listing } from '../api/entities';
import type { Entity, EntityType } from '../api/row';
import { NODE_COLUMNS } from '../measures/node';
import { interval, now } from './clock';
import { useResource } from './resource';
import type { Resource } from './resource';

/** The nodes that the server knows, for the scope bar and for deciding what an overview is of. */
export const nodes = signal<readonly Entity[] | null>(null);

interface Shared {
  edition: number;
  listing: Promise<Listing>;
}

const shared = new Map<string, Shared>();
const MOST_SHARED = 24;

/** One request for all parts of the page that want the same listing at the same moment. */
function listed(type: EntityType, filter: EntityFilter, edition: number): Promise<Listing> {
  const key = `${type} ${JSON.stringify(filter)}`;
  const held = shared.get(key);
  if (held?.edition === edition) return held.listing;
  const listing = listEntities(type, filter);
  shared.delete(key);
  shared.set(key, { edition, listing });
  listing.catch(() => {
    if (shared.get(key)?.listing === listing) shared.delete(key);
  });
  const oldest = shared.keys().next();
  if (shared.size > MOST_SHARED && oldest.done !== true) shared.delete(oldest.value);
  return listing;
}

/** The entities of a type, renewed with the page's clock. `filter` null lists nothing. */
export function useListing(type: EntityType, filter: EntityFilter | null): Resource<Listing> {
  const edition = now.value;
  return useResource(filter === null ? null : `${type} ${JSON.stringify(filter)}`, edition, () =>
    listed(type, filter ?? {}, edition),
  );
}

/** Every node, whatever its state, with what most pages need of it. */
export const EVERY_NODE: EntityFilter = { columns: NODE_COLUMNS };

/** Takes over a listing of nodes: who is there, and how often their rows come. */
export function noteNodes(entities: readonly Entity[]): void {
  nodes.value = entities;
  const lengths = entities
    .filter((node) => node.health.state === 'live')
    .map((node) => number(node, 'interval_usec'))
    .filter((usec) => usec !== null)
    .map((usec) => Math.max(1, Math.round(usec / 1e6)))
    .sort((a, b) => a - b);
  const middle = lengths[Math.floor(lengths.length / 2)];
  if (middle !== undefined) interval.value = middle;
}
