import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { logsLink, minuteOf } from '../routes/links';
import type { LogScope } from '../routes/links';

/** Whose log lines belong to the charts below: what a page is about. `null` where there are none to be had. */
export const LinesOf = createContext<LogScope | null>(null);

/** The way from a chart to the lines: of the minute at a moment, else of the range that is shown. */
export function useLines(): ((time: number | null) => string) | null {
  const scope = useContext(LinesOf);
  return scope && ((time) => logsLink(scope, time === null ? {} : minuteOf(time)));
}
