import { dateTime } from '../format/time';
import type { Zone } from '../format/time';

/** Moments as a field for date and time has them: `2026-11-23T08:00`, in a zone. Pure. */

/** Empty where there is none. Seconds are written only where they are not zero. */
export function fieldMoment(ms: number | null, zone: Zone): string {
  return ms === null ? '' : dateTime(ms, zone).replace(' ', 'T').replace(/:00$/, '');
}

/** Milliseconds; `null` for what is no moment. */
export function momentOfField(text: string, zone: Zone): number | null {
  if (text === '') return null;
  const ms = Date.parse(zone === 'utc' ? `${text}Z` : text);
  return Number.isNaN(ms) ? null : ms;
}
