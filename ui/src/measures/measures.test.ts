import { describe, expect, it } from 'vitest';
import { rate, ratio } from '../api/row';
import type { Entity, Value } from '../api/row';
import * as cgroup from './cgroup';
import * as node from './node';
import * as parts from './parts';

const entity = (latest: Record<string, Value>, rest: Record<string, unknown> = {}): Entity => ({
  id: 'x',
  time: '2026-11-23T08:00:00Z',
  attributes: {},
  latest,
  health: { state: 'live', reason: null },
  ...rest,
});

describe('rates', () => {
  it('are increases over the measured interval, not the nominal one', () => {
    expect(rate(entity({ interval_usec: 10_500_000, network_rx_bytes: 10_500 }), 'network_rx_bytes')).toBe(1000);
  });
  it('are absent in a first row', () => {
    expect(rate(entity({ network_rx_bytes: 1 }), 'network_rx_bytes')).toBeNull();
    expect(rate(entity({ interval_usec: 1e7 }), 'network_rx_bytes')).toBeNull();
    expect(ratio(1, 0)).toBeNull();
  });
});

describe('node', () => {
  const memory = {
    node_memory_total_bytes: 1000,
    memory_free_bytes: 200,
    memory_buffers_bytes: 20,
    memory_cached_bytes: 330,
    memory_slab_reclaimable_bytes: 50,
    memory_shmem_bytes: 100,
  };
  it('sets cache apart from what is in use, and counts shared memory as use', () => {
    expect(node.memoryCache(entity(memory))).toBe(300);
    expect(node.memoryUsed(entity(memory))).toBe(500);
    expect(node.memoryShare(entity(memory))).toBe(0.5);
  });
  it('is absent without its parts', () => {
    expect(node.memoryUsed(entity({ node_memory_total_bytes: 1000 }))).toBeNull();
    expect(node.pressure(entity({ interval_usec: 1e7 }))).toBeNull();
  });
  it('names the resource that is shortest', () => {
    const row = entity({
      interval_usec: 1e7,
      cpu_pressure_some_usec: 1e6,
      io_pressure_some_usec: 2e6,
      memory_pressure_some_usec: 0,
    });
    expect(node.pressure(row)).toEqual({ of: 'I/O', share: 0.2 });
  });
});

describe('cgroup', () => {
  it('has a limit only with a quota', () => {
    expect(cgroup.cpuLimit(entity({ cpu_quota_usec: 50_000, cpu_period_usec: 100_000 }))).toBe(0.5);
    expect(cgroup.cpuLimit(entity({ cpu_period_usec: 100_000 }))).toBeNull();
    expect(cgroup.throttled(entity({ cpu_periods: 0, cpu_throttled_periods: 0 }))).toBeNull();
  });
  it('is named by what is known', () => {
    expect(cgroup.containerName(entity({}, { container: 'web', container_id: 'abc' }))).toBe('web');
    expect(cgroup.containerName(entity({}, { container: null, container_id: '/system.slice/ssh.service' }))).toBe(
      'ssh.service',
    );
    expect(cgroup.containerName(entity({}, { container: null, container_id: '0123456789abcdef' }))).toBe(
      '0123456789ab',
    );
    expect(cgroup.containerPlace(entity({}, { namespace: 'shop', pod: 'web-1' }))).toBe('shop / web-1');
    expect(cgroup.containerPlace(entity({ cgroup_path: '/system.slice/ssh.service' }))).toBe('/system.slice');
    expect(cgroup.containerPlace(entity({ cgroup_path: '/init.scope' }))).toBe('/');
  });
});

describe('parts', () => {
  it('fill up as df says', () => {
    const row = entity({ filesystem_size_bytes: 100, filesystem_free_bytes: 40, filesystem_available_bytes: 30 });
    expect(parts.filesystemShare(row)).toBeCloseTo(60 / 90);
  });
  it('wait nothing when nothing was asked of them', () => {
    expect(parts.diskWait(entity({ disk_read_usec: 0, disk_reads: 0, disk_write_usec: 0, disk_writes: 0 }))).toBeNull();
    expect(parts.diskWait(entity({ disk_read_usec: 3000, disk_reads: 2, disk_write_usec: 1000, disk_writes: 2 }))).toBe(
      0.001,
    );
  });
});
