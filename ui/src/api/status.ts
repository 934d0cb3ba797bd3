import { ask } from './http';

/** A table in a tier, as the store holds it. */
export interface TableStatus {
  name: string;
  rows: number;
  bytes: number;
  files: number;
  hot_rows: number;
  hot_bytes: number;
  /** Microseconds since 1970. */
  oldest_usec: number | null;
  newest_usec: number | null;
}

/** What the server says about itself. */
export interface Status {
  version: string;
  cluster: string | null;
  started: string;
  uptime_seconds: number;
  agents: number;
  own: { cpu_seconds: number; resident_bytes: number; threads: number; open_files: number } | null;
  tables_url: string;
  tables: TableStatus[];
  wal: { folder: string; segments: number; bytes: number; last_position: number; poisoned: boolean };
  last_flush_usec: number | null;
  flush_failures: number;
  free_bytes: number | null;
  /** What log and tables may take together; null or absent without a bound. */
  disk_budget_bytes?: number | null;
  /** The slowest questions since the start, slowest first. Absent from an older server. */
  slow_queries?: readonly SlowQuery[];
}

/** A question that took long. */
export interface SlowQuery {
  /** How it was asked: `sql`, `metrics`, `logs`, … */
  language: string;
  text: string;
  took_ms: number;
  rows?: number | null;
  /** RFC 3339. */
  at: string;
  /** Why it failed, where it did. */
  error?: string | null;
}

export async function askStatus(signal?: AbortSignal): Promise<Status> {
  return (await ask('/api/status', { signal })) as Status;
}
