import { address } from '../routes/location';
import { EventReader } from './events';
import { reachable } from './http';
import type { LogLine, LogSelection } from './logs';
import { Problem, problemOf, readProblem } from './problem';
import { authorization, tokenWanted } from './token';

/** What comes over a live tail. */
export type TailMessage =
  | { kind: 'lines'; lines: readonly LogLine[] }
  /** Lines that were not sent: there were more in a second than asked for, or this page was too slow. */
  | { kind: 'dropped'; lines: number; why: 'rate' | 'slow' };

export interface TailQuestion extends LogSelection {
  /** Lines in a second at most. */
  rate: number;
  /** Stored lines from this moment on come first. */
  since?: string;
}

/**
 * Follows new lines until the signal ends it or the server does. `EventSource` could send neither a body nor the
 * token, so this reads the stream itself.
 */
export async function followLogs(
  question: TailQuestion,
  signal: AbortSignal,
  heard: (message: TailMessage) => void,
  opened: () => void,
): Promise<void> {
  let response: Response;
  try {
    response = await fetch(address('/api/logs/tail'), {
      method: 'POST',
      headers: { Accept: 'text/event-stream', 'Content-Type': 'application/json', ...authorization() },
      body: JSON.stringify(question),
      signal,
    });
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    reachable.value = false;
    throw new Problem('The server does not answer. Is it running?', 'No connection', 0, 'unreachable');
  }
  reachable.value = true;
  if (response.status === 401) tokenWanted.value = true;
  if (!response.ok || !response.body) throw await readProblem(response);
  opened();
  const reader = response.body.getReader();
  const events = new EventReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    for (const { event, data } of events.push(value)) {
      const message = messageOf(event, data);
      if (message) heard(message);
    }
  }
}

/** An event of the tail; a problem, with which it ends, is thrown. `null` for kinds that this page does not know. */
export function messageOf(event: string, data: string): TailMessage | null {
  if (event !== 'lines' && event !== 'dropped' && event !== 'problem') return null;
  let body: { lines?: unknown; why?: unknown };
  try {
    body = JSON.parse(data) as typeof body;
  } catch {
    throw new Problem(
      `An event of the tail is not JSON: ${data.slice(0, 100)}`,
      'Malformed answer',
      200,
      'malformed_answer',
    );
  }
  if (event === 'problem') throw problemOf(body, 200, '');
  if (event === 'lines') return { kind: 'lines', lines: Array.isArray(body.lines) ? (body.lines as LogLine[]) : [] };
  return { kind: 'dropped', lines: Number(body.lines) || 0, why: body.why === 'slow' ? 'slow' : 'rate' };
}
