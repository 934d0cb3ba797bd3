import { number, rate, ratio, share } from '../api/row';
import type { Entity } from '../api/row';

/** Disks, file systems and interfaces of a node. Absent stays absent. */

/** Used space by `df`'s rule: what is reserved for root counts as used. */
export function filesystemShare(it: Entity): number | null {
  const used = filesystemUsed(it);
  const available = number(it, 'filesystem_available_bytes');
  return used === null || available === null ? null : ratio(used, used + available);
}

export function filesystemUsed(it: Entity): number | null {
  const size = number(it, 'filesystem_size_bytes');
  const free = number(it, 'filesystem_free_bytes');
  return size === null || free === null ? null : size - free;
}

export function inodeShare(it: Entity): number | null {
  const all = number(it, 'filesystem_inodes');
  const free = number(it, 'filesystem_inodes_free');
  return all === null || free === null ? null : ratio(all - free, all);
}

/** Share of the time in which an operation was under way. */
export const diskBusy = (it: Entity) => share(it, 'disk_busy_usec');

/** Mean seconds of an operation, waiting included; absent when there was none. */
export function diskWait(it: Entity): number | null {
  const usec = (number(it, 'disk_read_usec') ?? 0) + (number(it, 'disk_write_usec') ?? 0);
  const operations = (number(it, 'disk_reads') ?? 0) + (number(it, 'disk_writes') ?? 0);
  const mean = ratio(usec, operations);
  return mean === null ? null : mean / 1e6;
}

/** Reads and writes per second. */
export function diskOperations(it: Entity): number | null {
  const reads = rate(it, 'disk_reads');
  const writes = rate(it, 'disk_writes');
  return reads === null || writes === null ? null : reads + writes;
}

/** Sum of two rates, absent when either is. */
export function both(it: Entity, a: string, b: string): number | null {
  const first = rate(it, a);
  const second = rate(it, b);
  return first === null || second === null ? null : first + second;
}
