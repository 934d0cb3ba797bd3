// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { Entity } from '../api/row';
import { capacityBytes, claimsOf, inodeShare, secondsToFull, usedBytes, usedShare } from './volume';

function entity(own: Record<string, unknown>, latest: Record<string, number>): Entity {
  return {
    id: 'x',
    cluster: 'c',
    namespace: 'data',
    time: '',
    attributes: {},
    latest,
    health: { state: 'live', reason: null },
    ...own,
  };
}

describe('a claim', () => {
  const claim = entity({ object_name: 'claim-1' }, { storage_capacity_bytes: 1000 });
  it('is joined with the volumes of its name in its namespace', () => {
    const volumes = [
      entity({ volume_claim: 'claim-1' }, { volume_used_bytes: 40, volume_capacity_bytes: 400 }),
      entity({ volume_claim: 'claim-1' }, { volume_used_bytes: 60, volume_capacity_bytes: 400 }),
      entity({ volume_claim: 'claim-1', namespace: 'other' }, { volume_used_bytes: 300 }),
      entity({}, { volume_used_bytes: 999 }),
    ];
    const [joined] = claimsOf([claim], volumes);
    if (!joined) throw new Error('no claim');
    expect(joined.mounts).toHaveLength(2);
    expect(usedBytes(joined)).toBe(60);
    expect(capacityBytes(joined)).toBe(400);
    expect(usedShare(joined)).toBeCloseTo(0.15);
    expect(inodeShare(joined)).toBeNull();
  });
  it('without mounts has a size and no use', () => {
    const it = { claim, mounts: [] };
    expect([usedBytes(it), capacityBytes(it), usedShare(it)]).toEqual([null, 1000, null]);
  });
});

describe('the time to full', () => {
  it('goes by the growth of the range', () => {
    expect(secondsToFull([null, 100, null, 160], 10, 460)).toBe(100);
  });
  it('is absent without growth, without size and from one value', () => {
    expect(secondsToFull([100, 90], 10, 460)).toBeNull();
    expect(secondsToFull([100, 200], 10, null)).toBeNull();
    expect(secondsToFull([100, null], 10, 460)).toBeNull();
  });
});
