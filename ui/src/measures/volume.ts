import { number, ratio, text } from '../api/row';
import type { Entity } from '../api/row';
import { trendKey } from '../tables/trends';

/** A claim with what the kubelets say of the volumes that pods mount through it. Absent stays absent. */
export interface Claim {
  claim: Entity;
  /** A row for each pod that mounts it. */
  mounts: readonly Entity[];
}

/** Joins claims with the rows of volumes that name them. */
export function claimsOf(claims: readonly Entity[], volumes: readonly Entity[]): Claim[] {
  const mounts = new Map<string, Entity[]>();
  for (const volume of volumes) {
    const name = text(volume, 'volume_claim');
    if (name === null) continue;
    const key = trendKey([text(volume, 'cluster'), text(volume, 'namespace'), name]);
    mounts.set(key, [...(mounts.get(key) ?? []), volume]);
  }
  return claims.map((claim) => ({ claim, mounts: mounts.get(claimKey(claim)) ?? [] }));
}

export const claimKey = (claim: Entity) =>
  trendKey([text(claim, 'cluster'), text(claim, 'namespace'), text(claim, 'object_name')]);

/** Every pod sees the same file system, so the largest figure is the newest that is whole. */
function greatest(mounts: readonly Entity[], column: string): number | null {
  const values = mounts.map((mount) => number(mount, column)).filter((value) => value !== null);
  return values.length === 0 ? null : Math.max(...values);
}

export const usedBytes = (it: Claim) => greatest(it.mounts, 'volume_used_bytes');

/** The file system's size as the kubelet sees it; before a pod mounts it, what the volume is said to hold. */
export const capacityBytes = (it: Claim) =>
  greatest(it.mounts, 'volume_capacity_bytes') ?? number(it.claim, 'storage_capacity_bytes');
export const requestBytes = (it: Claim) => number(it.claim, 'storage_request_bytes');
export const usedShare = (it: Claim) => ratio(usedBytes(it), capacityBytes(it));
export const inodeShare = (it: Claim) =>
  ratio(greatest(it.mounts, 'volume_inodes_used'), greatest(it.mounts, 'volume_inodes'));

/** Seconds until it is full when it goes on to grow as it did; absent where it does not grow. */
export function secondsToFull(values: readonly (number | null)[], periodSeconds: number, size: number | null) {
  const known = values.flatMap((value, at) => (value === null ? [] : [{ at, value }]));
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last || size === null || last.at === first.at) return null;
  const perSecond = (last.value - first.value) / ((last.at - first.at) * periodSeconds);
  return perSecond <= 0 ? null : Math.max(0, (size - last.value) / perSecond);
}
