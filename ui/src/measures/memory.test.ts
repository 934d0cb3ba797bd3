import { describe, expect, it } from 'vitest';
import type { Entity } from '../api/row';
import { MEMORY_PARTS, memorySplit, reclaimable, splitMemory, unreclaimable } from './memory';
import type { MemoryCounters } from './memory';

const MIB = 1024 ** 2;

const counters: MemoryCounters = {
  usage: 200 * MIB,
  anon: 80 * MIB,
  file: 100 * MIB,
  shmem: 10 * MIB,
  activeFile: 50 * MIB,
  inactiveFile: 40 * MIB,
  dirty: 5 * MIB,
  writeback: 1 * MIB,
};

const sum = (split: object) => Object.values(split as Record<string, number>).reduce((a, b) => a + b, 0);

describe('the split of memory', () => {
  it('adds up to the usage, each page once', () => {
    const split = splitMemory(counters);
    expect(split).toEqual({
      anon: 80 * MIB,
      shmem: 10 * MIB,
      kernel: 20 * MIB,
      dirty: 6 * MIB,
      activeFile: 50 * MIB,
      inactiveFile: 34 * MIB,
    });
    expect(sum(split)).toBe(counters.usage);
    expect(reclaimable(split) + unreclaimable(split)).toBe(counters.usage);
    expect(reclaimable(split)).toBe(84 * MIB);
  });

  it('takes what is dirty from the inactive pages first, then from the active, never more than there are', () => {
    const more = splitMemory({ ...counters, dirty: 60 * MIB, writeback: 0 });
    expect([more.inactiveFile, more.activeFile, more.dirty]).toEqual([0, 30 * MIB, 60 * MIB]);
    const all = splitMemory({ ...counters, dirty: 900 * MIB });
    expect([all.inactiveFile, all.activeFile, all.dirty]).toEqual([0, 0, 90 * MIB]);
    expect(sum(all)).toBe(counters.usage);
  });

  it('counts locked cache as what stays', () => {
    const locked = splitMemory({ ...counters, activeFile: 20 * MIB });
    expect(locked.kernel).toBe(50 * MIB);
    expect(sum(locked)).toBe(counters.usage);
  });

  it('takes the whole cache as active where the kernel does not tell its age', () => {
    const unknown = splitMemory({ ...counters, activeFile: null, inactiveFile: null, dirty: null, writeback: null });
    expect(unknown.activeFile).toBe(90 * MIB);
    expect(sum(unknown)).toBe(counters.usage);
    const old = splitMemory({ ...counters, shmem: null });
    expect(sum(old)).toBe(counters.usage);
  });

  it('is never negative, whatever was read apart', () => {
    for (let at = 0; at < 500; at += 1) {
      const draw = (n: number) => Math.abs(Math.sin(at * 7.13 + n * 3.7)) * 300 * MIB;
      const made = splitMemory({
        usage: draw(1),
        anon: draw(2),
        file: draw(3),
        shmem: draw(4),
        activeFile: at % 5 === 0 ? 0 : draw(5),
        inactiveFile: at % 7 === 0 ? 0 : draw(6),
        dirty: draw(7),
        writeback: draw(8),
      });
      for (const [part, value] of Object.entries(made)) expect(value, part).toBeGreaterThanOrEqual(0);
      expect(sum(made)).toBeGreaterThanOrEqual(draw(1) - 1);
    }
    expect(sum(splitMemory({ ...counters, usage: 0, anon: 0, file: 0 }))).toBeGreaterThanOrEqual(0);
  });

  it('names every part once', () => {
    expect(new Set(MEMORY_PARTS.map((part) => part.id))).toEqual(new Set(Object.keys(splitMemory(counters))));
  });

  it('is absent without the memory controller', () => {
    const row: Entity = {
      id: 'x',
      time: '',
      attributes: {},
      latest: { memory_usage_bytes: 10, memory_anon_bytes: 4, memory_file_bytes: 5, memory_inactive_file_bytes: 5 },
      health: { state: 'live', reason: null },
    };
    expect(memorySplit(row)).toMatchObject({ anon: 4, inactiveFile: 5, kernel: 1 });
    expect(memorySplit({ ...row, latest: {} })).toBeNull();
  });
});
