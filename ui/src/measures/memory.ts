import { number } from '../api/row';
import type { Entity } from '../api/row';

/**
 * What a cgroup's memory consists of, told so that nothing is counted twice. Pure.
 *
 * The kernel's counters overlap: shared memory is inside `file`, dirty pages are inside the active and inactive file
 * pages, and kernel memory is inside `usage`, which is the whole. Source: Documentation/admin-guide/cgroup-v2.rst,
 * "memory.stat", and for v1 cgroup-v1/memory.rst, section 5.2.
 */

/** The counters, in bytes. Null is one that this kernel does not have. */
export interface MemoryCounters {
  usage: number;
  anon: number;
  /** Shared memory included. */
  file: number;
  shmem: number | null;
  activeFile: number | null;
  inactiveFile: number | null;
  dirty: number | null;
  writeback: number | null;
}

/** Parts that add up to the usage, in bytes. */
export interface MemorySplit {
  /** Heaps and stacks. Gone only with its process, or to swap. */
  anon: number;
  /** Shared memory and tmpfs. Like anon, though the kernel counts it as file. */
  shmem: number;
  /** What the kernel holds for it, socket buffers, and pages that no other counter has. */
  kernel: number;
  /** Cache that has to be written to a disk before it can be given up. */
  dirty: number;
  /** Cache used of late, clean: can be given up at once, and is read again at a cost. */
  activeFile: number;
  /** Cache not used of late, clean: the first to be given up. */
  inactiveFile: number;
}

/** Splits the usage. The parts are never negative and add up to it, or to a little more where counters were read apart. */
export function splitMemory(counters: MemoryCounters): MemorySplit {
  const { usage, anon, file } = counters;
  const shmem = Math.min(counters.shmem ?? 0, file);
  const cache = file - shmem;
  // A kernel that does not tell their age: all of the cache counts as used of late.
  const aged = (counters.activeFile ?? 0) + (counters.inactiveFile ?? 0) > 0;
  const active = aged ? (counters.activeFile ?? 0) : cache;
  const inactive = aged ? (counters.inactiveFile ?? 0) : 0;
  const dirty = Math.min((counters.dirty ?? 0) + (counters.writeback ?? 0), active + inactive);
  // Written pages begin on the inactive list, so what is dirty is taken from there first.
  const dirtyInactive = Math.min(dirty, inactive);
  return {
    anon,
    shmem,
    // Cache on neither list (locked, or on its way between them) cannot be given up, so it belongs here too.
    kernel: Math.max(0, usage - anon - shmem - active - inactive),
    dirty,
    activeFile: Math.max(0, active - (dirty - dirtyInactive)),
    inactiveFile: inactive - dirtyInactive,
  };
}

/** What would be given back at once if memory became short. */
export function reclaimable({ activeFile, inactiveFile }: MemorySplit): number {
  return activeFile + inactiveFile;
}

/** What stays however short memory becomes; dirty pages only until they are written. */
export function unreclaimable({ anon, shmem, kernel, dirty }: MemorySplit): number {
  return anon + shmem + kernel + dirty;
}

/** The split of a newest row; null where the memory controller is off. */
export function memorySplit(row: Entity): MemorySplit | null {
  const usage = number(row, 'memory_usage_bytes');
  const anon = number(row, 'memory_anon_bytes');
  const file = number(row, 'memory_file_bytes');
  if (usage === null || anon === null || file === null) return null;
  return splitMemory({
    usage,
    anon,
    file,
    shmem: number(row, 'memory_shmem_bytes'),
    activeFile: number(row, 'memory_active_file_bytes'),
    inactiveFile: number(row, 'memory_inactive_file_bytes'),
    dirty: number(row, 'memory_dirty_bytes'),
    writeback: number(row, 'memory_writeback_bytes'),
  });
}

/** A part of the split: what it is called, whether it can be given back. */
export interface MemoryPart {
  id: keyof MemorySplit;
  label: string;
  help: string;
  /** Place in the palette. */
  tone: number;
  reclaimable: boolean;
}

/** In the order in which they are stacked: what stays lies below. */
export const MEMORY_PARTS: readonly MemoryPart[] = [
  {
    id: 'anon',
    label: 'anonymous',
    help: 'Heaps and stacks. Gone only with their process, or to swap.',
    tone: 0,
    reclaimable: false,
  },
  {
    id: 'shmem',
    label: 'shared, tmpfs',
    help: 'Shared memory and files on tmpfs. Stays like anonymous memory, though the kernel counts it as file.',
    tone: 3,
    reclaimable: false,
  },
  {
    id: 'kernel',
    label: 'kernel and others',
    help: 'What the kernel holds for it: page tables, slabs, socket buffers, locked pages.',
    tone: 1,
    reclaimable: false,
  },
  {
    id: 'dirty',
    label: 'dirty or being written',
    help: 'Page cache that has to be written to a disk before it can be given up.',
    tone: 5,
    reclaimable: false,
  },
  {
    id: 'activeFile',
    label: 'active file, can be reclaimed',
    help: 'Page cache used of late. It can be given up at once, but is read from the disk again when it is needed.',
    tone: 6,
    reclaimable: true,
  },
  {
    id: 'inactiveFile',
    label: 'inactive file, can be reclaimed',
    help: 'Page cache not used of late: the first to be given up.',
    tone: 2,
    reclaimable: true,
  },
];
