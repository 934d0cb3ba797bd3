import type { AlarmSummary, Contributor, Labels } from '../api/alarms';
import { severityOf, severityRank } from './order';
import { placeOf } from './place';

/** Which firing alarms are about an entity or something within it. Pure. */

export interface Concern {
  alarm: AlarmSummary;
  contributor: Contributor;
}

/** What an entity is called; what is not known is left out. */
export type Place = Readonly<Record<string, string | null | undefined>>;

/**
 * Series in ALARM that carry every name of the place: its own, and those of what is within it, which have more names.
 * A cluster or a kind that one side does not name tells nothing against it. Worst first. `several` is whether there
 * is more than one cluster.
 */
export function concerns(alarms: readonly AlarmSummary[], place: Place, several = true): Concern[] {
  const fits = isWithin(place, several);
  if (fits === null || alarms.length === 0) return [];
  return candidates(alarms, place)
    .filter(({ its }) => fits(its))
    .map(({ concern }) => concern);
}

/** What labels name, by column. */
type Names = Partial<Record<string, string>>;

/** A series in ALARM with what it names. */
export interface Firing {
  its: Names;
  concern: Concern;
}

interface Index {
  all: readonly Firing[];
  by: ReadonlyMap<string, readonly Firing[]>;
}

/** Tables ask for each of their rows: what all rows have in common is found once for an answer. */
const indexes = new WeakMap<readonly AlarmSummary[], Index>();

/** Names that no series of a place lacks, the most telling first. */
const STRICT = ['pod', 'workload', 'service', 'volume_claim', 'namespace', 'node'] as const;

function candidates(alarms: readonly AlarmSummary[], place: Place): readonly Firing[] {
  const { all, by } = indexOf(alarms);
  // A pod may go by its uid alone.
  const name = STRICT.find((one) => typeof place[one] === 'string' && !(one === 'pod' && place.pod_uid));
  return name === undefined ? all : (by.get(`${name}\t${place[name] ?? ''}`) ?? []);
}

/** Every series in ALARM, the worst first. */
export function firingOf(alarms: readonly AlarmSummary[]): readonly Firing[] {
  return indexOf(alarms).all;
}

function indexOf(alarms: readonly AlarmSummary[]): Index {
  const known = indexes.get(alarms);
  if (known) return known;
  const all = alarms
    .flatMap((alarm) =>
      alarm.in_alarm.map((contributor) => ({
        its: placeOf(contributor.labels),
        concern: { alarm, contributor },
        rank: severityRank(severityOf(alarm)),
      })),
    )
    .sort((a, b) => a.rank - b.rank);
  const by = new Map<string, Firing[]>();
  for (const one of all) {
    for (const name of STRICT) {
      const value = one.its[name];
      if (value === undefined) continue;
      const key = `${name}\t${value}`;
      const held = by.get(key);
      if (held) held.push(one);
      else by.set(key, [one]);
    }
  }
  const made = { all, by };
  indexes.set(alarms, made);
  return made;
}

/** Names that a series need not have: what it does not say is not held against it. */
export const LOOSE: ReadonlySet<string> = new Set(['cluster', 'workload_kind']);

/** What is known of a place. */
export function namesOf(place: Place): [string, string][] {
  return Object.entries(place).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

/** The cluster, where a place is a whole one. */
export function wholeCluster(place: Place): string | null {
  // A name that is null is one that is not known yet: such a place is something within the cluster.
  const others = Object.entries(place).some(([name, value]) => name !== 'cluster' && value !== undefined);
  return others ? null : (place.cluster ?? null);
}

/**
 * A test of names: whether they are those of the place or of something within it. Of a whole cluster is only what
 * names it, unless it is the only one. `null` where a place has no name of its own: then nothing is told apart.
 */
export function isWithin(place: Place, several: boolean): ((its: Names) => boolean) | null {
  const cluster = wholeCluster(place);
  if (cluster !== null) {
    return (its) => its.cluster === cluster || (!several && its.cluster === undefined && Object.keys(its).length > 0);
  }
  const wanted = namesOf(place);
  if (wanted.every(([name]) => LOOSE.has(name))) return null;
  return (its) =>
    wanted.every(([name, value]) => (its[name] === undefined ? lacks(its, name, place) : its[name] === value));
}

/** Whether a name may be lacking. */
function lacks(its: Names, name: string, place: Place): boolean {
  if (name === 'pod') return its.pod_uid !== undefined && its.pod_uid === place.pod_uid;
  if (name === 'pod_uid') return typeof place.pod === 'string';
  return LOOSE.has(name);
}

/** Names of what can lie within something else. */
const WITHIN = [
  'namespace',
  'node',
  'workload',
  'service',
  'pod',
  'pod_uid',
  'container',
  'container_id',
  'volume_claim',
];

/** What a pod is part of, or goes by: naming it besides does not make a series one of something within the pod. */
const OF_PODS = new Set(['namespace', 'node', 'workload', 'service', 'pod', 'pod_uid']);

/** Whether labels within a place are about the place itself, not about something in it. */
export function isAbout(place: Place, labels: Labels): boolean {
  const its = placeOf(labels);
  const ofPod = typeof place.pod === 'string' || typeof place.pod_uid === 'string';
  return WITHIN.every(
    (name) => its[name] === undefined || typeof place[name] === 'string' || (ofPod && OF_PODS.has(name)),
  );
}
