import { ask } from './http';

/** A process that reads a node. Members that an agent does not send are absent. */
export interface Agent {
  agent: string;
  node?: string | null;
  cluster?: string | null;
  version?: string | null;
  uid?: number | null;
  gid?: number | null;
  capabilities?: string[] | string | null;
  last_seen?: string | null;
  lag_seconds?: number | null;
  spool?: Readonly<Record<string, unknown>> | null;
  own?: Readonly<Record<string, unknown>> | null;
}

export type SourceState = 'ok' | 'unreadable' | 'absent' | 'untried';

/** One file, or all files of a name, that an agent reads or would like to. */
export interface Source {
  agent: string;
  node?: string | null;
  /** The part of the agent that reads it. */
  source?: string | null;
  path: string;
  /** What it feeds, in words or as columns. */
  feeds?: string[] | string | null;
  state: SourceState;
  example?: string | null;
  reason?: string | null;
  missing_right?: string | null;
  remedy?: string | null;
  mode?: string | null;
  owner?: string | null;
  reads?: number | null;
  bytes?: number | null;
  errors?: number | null;
  last_read?: string | null;
  last_error?: string | null;
}

export interface SourcesAnswer {
  agents: Agent[];
  sources: Source[];
}

/** What every agent reads, by which right, and what is missing. */
export async function askSources(signal?: AbortSignal): Promise<SourcesAnswer> {
  return (await ask('/api/sources', { signal })) as SourcesAnswer;
}

/** What a source feeds, as one text. */
export function feedsText(source: Source): string {
  return Array.isArray(source.feeds) ? source.feeds.join(', ') : (source.feeds ?? '');
}
