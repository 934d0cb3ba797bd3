/** Levels of log lines, worst first. `''` is a line in which none was found. */
export const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', ''] as const;

export type Level = (typeof LEVELS)[number];

/** What a level is called where there is one to be named. */
export function levelWord(level: string | undefined): string {
  return level === undefined || level === '' ? 'no level' : level;
}

/** A known level; unknown words count as none. */
export function levelOf(text: string | undefined): Level {
  return LEVELS.find((level) => level === text) ?? '';
}
