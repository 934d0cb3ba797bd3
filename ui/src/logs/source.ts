import type { LogLine, LossBand } from '../api/logs';
import { parseMoment } from '../format/time';

/** The rows of the list of lines, wherever they come from. */
export interface LineSource {
  /** Another number when rows are others than before, not only more. */
  readonly epoch: number;
  readonly count: number;
  /** A line; `null` while it is not held. */
  line: (row: number) => LogLine | null;
  /** What was lost or left out between a line and the one before it. */
  bandsBefore: (row: number) => readonly LossBand[];
}

/** Milliseconds of a line's time. */
export function timeOf(line: LogLine): number {
  return parseMoment(line.time) ?? 0;
}

/**
 * Where a stretch of loss stands in a list: before the first line that is past it as one reads on; the number of
 * lines when it is beyond the last.
 */
export function bandPlace(times: readonly number[], order: 'newest' | 'oldest', start: number, end: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const time = times[middle] ?? 0;
    const before = order === 'newest' ? time > end : time < start;
    if (before) low = middle + 1;
    else high = middle;
  }
  return low;
}
