import type { Place } from './concern';
import { namesOf } from './concern';

/** An entity as the value of a query key: `cluster=demo,namespace=shop`. Pure. */

export function aboutText(place: Place): string {
  return namesOf(place)
    .map(([name, value]) => `${name}=${value.replace(/[%,]/g, encodeURIComponent)}`)
    .join(',');
}

/** The entity again; `null` where the text names none. */
export function aboutOf(text: string | null): Place | null {
  const pairs = (text ?? '').split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=');
    const value = decoded(pair.slice(at + 1));
    return at < 1 || value === null || value === '' ? [] : [[pair.slice(0, at), value]];
  });
  return pairs.length === 0 ? null : Object.fromEntries(pairs);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** What the columns are called, the most particular first. */
const WORDS: readonly (readonly [column: string, word: string])[] = [
  ['container', 'container'],
  ['container_id', 'container'],
  ['pod', 'pod'],
  ['pod_uid', 'pod'],
  ['volume_claim', 'volume'],
  ['service', 'service'],
  ['workload', 'workload'],
  ['namespace', 'namespace'],
  ['node', 'node'],
  ['cluster', 'cluster'],
];

/** An entity in words, by its most particular name: `namespace shop`. */
export function aboutWords(place: Place): string {
  for (const [column, word] of WORDS) {
    const value = place[column];
    if (typeof value === 'string') return `${word} ${value}`;
  }
  return 'this';
}
