import { ask } from './http';

/** A stored log line. What is not known is left out. */
export interface LogLine {
  /** Stands for this one line, in addresses too. */
  id: string;
  /** RFC 3339 with nanoseconds where the runtime wrote them. */
  time: string;
  cluster?: string;
  node?: string;
  namespace?: string;
  pod?: string;
  pod_uid?: string;
  container?: string;
  container_id?: string;
  /** `stdout` or `stderr`; of a host log its name. */
  stream?: string;
  file?: string;
  offset?: number;
  sequence?: number;
  joined_lines?: number;
  level?: string;
  truncated_bytes?: number;
  invalid_bytes?: number;
  stamped_time?: string;
  message: string;
  /** The line that a context was asked around. */
  anchor?: boolean;
  readonly [column: string]: unknown;
}

/** Values of a column; `not` for all others. `*` stands for any characters, `null` for no value. */
export type LogFilter = readonly (string | null)[] | { readonly not: readonly (string | null)[] };

export type LogFilters = Readonly<Record<string, LogFilter>>;

/** Which lines: all that a question, its histogram and a live tail have in common. */
export interface LogSelection {
  filters: LogFilters;
  /** In the log language; empty is every line. */
  query: string;
}

export interface LogQuestion extends LogSelection {
  start: string;
  end: string;
  order?: LogOrder;
  limit?: number;
  /** The `next` of the page before. */
  after?: string;
  context?: { around: string; before: number; after: number };
  histogram?: { buckets: number };
  facets?: readonly string[];
  facet_values?: number;
  patterns?: { limit: number };
  /** False where only counts are wanted. */
  lines?: boolean;
}

export type LogOrder = 'newest' | 'oldest';

export interface LogBucket {
  time: string;
  total: number;
  /** Counts by level; `""` is lines without one. */
  levels: Readonly<Record<string, number>>;
}

export interface LogHistogram {
  start: string;
  period_seconds: number;
  buckets: readonly LogBucket[];
}

export interface LogFacet {
  values: readonly { value: string; count: number }[];
  /** Lines with values that are not listed. */
  other: number;
  /** How many different values there are. */
  distinct: number;
  /** Lines without a value. */
  missing: number;
  /** There were more values than are told apart: `distinct` is the least that there are. */
  capped?: boolean;
}

export interface LogPattern {
  /** A line's template, `<*>` for what differs. */
  pattern: string;
  count: number;
  share: number;
  first: string;
  last: string;
  level?: string;
  trend?: readonly number[];
  sample?: string;
}

export interface LogStats {
  scanned_rows?: number;
  matched_rows?: number | null;
  elapsed_ms?: number;
  /** False when not everything in the range was taken into account; `notes` say why. */
  complete?: boolean;
  notes?: readonly string[];
}

/** Only what was asked for is present. */
export interface LogAnswer {
  lines?: readonly LogLine[];
  next?: string | null;
  histogram?: LogHistogram;
  facets?: Readonly<Record<string, LogFacet>>;
  patterns?: readonly LogPattern[];
  stats?: LogStats;
}

/** Asks for lines, counts, facets or patterns. */
export async function askLogs(question: LogQuestion, signal?: AbortSignal): Promise<LogAnswer> {
  return (await ask('/api/logs', { method: 'POST', body: question, signal })) as LogAnswer;
}

/** A stretch of time in which lines of a log were lost or left out. */
export interface LossBand {
  log_source: string;
  namespace?: string | null;
  pod?: string | null;
  container?: string | null;
  start: string;
  end: string;
  kind: 'lost' | 'limited' | 'refused' | 'excluded';
  bytes?: number | null;
  entries?: number | null;
}

export interface LogLedger {
  sources: readonly Readonly<Record<string, unknown>>[];
  bands: readonly LossBand[];
}

/** What became of the logs of a selection: the stretches in which something is missing. */
export async function askLedger(
  question: { start: string; end: string; filters: LogFilters },
  signal?: AbortSignal,
): Promise<LogLedger> {
  return (await ask('/api/logs/ledger', { method: 'POST', body: question, signal })) as LogLedger;
}
