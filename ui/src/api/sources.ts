import { ask } from './http';

/** A kernel feature that some columns need. */
export interface Feature {
  name: string;
  present: boolean;
  /** What is dark without it, and how to get it. */
  meaning: string;
}

/** What an agent says of itself (crates/agent, `status.rs`), with the moment the server heard it. */
export interface Agent {
  agent: string;
  node: string;
  cluster: string;
  version: string;
  uid: number;
  gid: number;
  groups: number[];
  /** Effective capabilities by name, without `CAP_`. */
  capabilities: string[];
  started: string;
  last_seen: string;
  interval_seconds: number;
  /** Less than the above when reading costs more than it may. */
  wanted_interval_seconds: number;
  /** Age of the oldest row that the server does not have yet; 0 when it has all. */
  lag_seconds: number;
  spool: {
    bytes: number;
    frames: number;
    rows: number;
    disk_bytes: number;
    memory_bytes: number;
    dropped_frames: number;
    dropped_rows: number;
    refused_frames: number;
    write_failures: number;
  };
  ship: { frames: number; rows: number; again: number; failures_in_a_row: number; last_failure: string | null };
  own: {
    cpu_seconds: number;
    resident_bytes: number | null;
    tick_cpu_seconds: number;
    ticks: number;
    missed_ticks: number;
  };
  /** What became of log lines; absent where none are read. */
  logs?: AgentLogs;
  cgroup_version: string | null;
  features: Feature[];
}

/** An agent's ledger of log lines, since its start. */
export interface AgentLogs {
  /** Bytes that containers wrote, as far as they were seen. */
  written_bytes: number;
  read_bytes: number;
  /** Gone before they could be read. */
  lost_bytes: number;
  /** Left behind on purpose, as reading had fallen too far back. */
  skipped_bytes: number;
  unread_bytes: number;
  entries: number;
  acknowledged_entries: number;
  /** Left out by a limit. */
  limited_entries: number;
  /** That the server would not take. */
  refused_entries: number;
  lag_seconds: number;
}

export type SourceState = 'ok' | 'unreadable' | 'absent' | 'untried';

/** One file, or all files of a name, that an agent reads or would like to; or what the server reads itself. */
export interface Source {
  /** Null: the server. */
  agent: string | null;
  /** Null: the server, which is on no node that it knows of. */
  node: string | null;
  path: string;
  /** What it feeds, in words. */
  feeds: string;
  state: SourceState;
  /** A real path of the pattern. */
  example: string | null;
  reason: string | null;
  /** The right that is missing, and how to give it. */
  missing_right: string | null;
  /** Octal. */
  mode: string | null;
  /** uid:gid. */
  owner: string | null;
  reads: number;
  /** Null when they are not counted. */
  bytes: number | null;
  errors: number;
  last_read: string | null;
  last_error: string | null;
}

/** What a reader has rights for, by a name of its own, and what the next step up would add. */
export interface Rung {
  cluster: string;
  /** Null: the server, which reads for the whole cluster. */
  node: string | null;
  in_force: string;
  /** One line: what is read with these rights. */
  title: string;
  /** What is measured. */
  has: string[];
  /** Null at the top. */
  next: NextRung | null;
}

export interface NextRung {
  rung: string;
  /** What would be measured besides. */
  adds: string[];
  /** The right that is missing, in plain words. */
  needs: string;
  /** The command that gives it. */
  how: string;
}

export interface SourcesAnswer {
  agents: Agent[];
  sources: Source[];
  /** Absent from an older server. */
  rungs?: Rung[];
}

/** What every agent reads, by which right, and what is missing. */
export async function askSources(signal?: AbortSignal): Promise<SourcesAnswer> {
  return (await ask('/api/sources', { signal })) as SourcesAnswer;
}
