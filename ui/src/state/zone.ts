import { computed } from '@preact/signals';
import type { Zone } from '../format/time';
import { query, setQuery } from '../routes/location';

/** The zone in which times are written: the reader's own, or UTC by `zone=utc` in the address. */
export const zone = computed<Zone>(() => (query.value.get('zone') === 'utc' ? 'utc' : 'local'));

export function setZone(next: Zone): void {
  setQuery({ zone: next === 'utc' ? 'utc' : null }, { replace: true });
}
