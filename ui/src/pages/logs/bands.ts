import type { LossBand } from '../../api/logs';
import type { ChartBand } from '../../charts/model';
import { exact, format } from '../../format/number';
import { clockTime, dateTime, parseMoment } from '../../format/time';
import type { Zone } from '../../format/time';

const WORDS: Readonly<Record<LossBand['kind'], string>> = {
  lost: 'lost before they were read',
  limited: 'left out by the rate limit',
  refused: 'refused by the server or lost on the agent’s disk',
  excluded: 'left out by a rule',
};

/** How much it was: bytes where only these are known. */
export function amount(band: LossBand): string {
  if (typeof band.entries === 'number' && band.entries > 0)
    return band.entries === 1 ? '1 line' : `${exact('count', band.entries)} lines`;
  if (typeof band.bytes === 'number') return format('bytes', band.bytes);
  return 'lines';
}

/** Whose log it was. */
export function bandPlace(band: LossBand): string {
  const parts = [band.namespace, band.pod, band.container].filter((part) => typeof part === 'string' && part !== '');
  return parts.length > 0 ? parts.join(' / ') : band.log_source;
}

/** The whole sentence. */
export function bandWords(band: LossBand, zone: Zone): string {
  const [start, end] = [parseMoment(band.start) ?? 0, parseMoment(band.end) ?? 0];
  return `${amount(band)} ${WORDS[band.kind]}, ${dateTime(start, zone)} to ${clockTime(end, zone)}: ${bandPlace(band)}`;
}

/** For the histogram. */
export function chartBands(bands: readonly LossBand[]): ChartBand[] {
  return bands.map((band) => ({
    start: parseMoment(band.start) ?? 0,
    end: parseMoment(band.end) ?? 0,
    label: `${amount(band)} ${WORDS[band.kind]} (${bandPlace(band)})`,
  }));
}
