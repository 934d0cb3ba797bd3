import { signal } from '@preact/signals';
import { address } from '../routes/location';
import { Problem, readProblem } from './problem';
import { authorization, tokenWanted } from './token';

/** Milliseconds that the server's clock is ahead of the browser's, from the `Date` header of its answers. */
export const serverAhead = signal(0);

/** False after a question got no answer at all, until one does. */
export const reachable = signal(true);

const TIMEOUT_MS = 35_000;

interface Question {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** Asks the server for JSON; `null` where it answers without a body. Rejects with {@link Problem}, or with the abort's own error when the caller gave up. */
export async function ask(path: string, question: Question = {}): Promise<unknown> {
  const { method = 'GET', body, signal: caller } = question;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const headers: Record<string, string> = { Accept: 'application/json', ...authorization() };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(address(path), {
      method,
      headers,
      signal: caller ? AbortSignal.any([caller, timeout]) : timeout,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (thrown) {
    if (caller?.aborted === true) throw thrown;
    reachable.value = false;
    throw timeout.aborted
      ? new Problem(`No answer within ${TIMEOUT_MS / 1000} seconds.`, 'The server is slow', 0, 'timeout')
      : new Problem('The server does not answer. Is it running?', 'No connection', 0, 'unreachable');
  }
  reachable.value = true;
  noteClock(response.headers.get('Date'));
  if (response.status === 401) tokenWanted.value = true;
  if (!response.ok) throw await readProblem(response);
  if (response.status === 204) return null;
  try {
    return (await response.json()) as unknown;
  } catch (thrown) {
    if (caller?.aborted === true) throw thrown;
    throw new Problem(`The answer to ${path} is not JSON.`, 'Malformed answer', response.status, 'malformed_answer');
  }
}

/** The header has whole seconds, so a difference below that says nothing and the page must not twitch after it. */
function noteClock(date: string | null): void {
  const server = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(server)) return;
  const ahead = server + 500 - Date.now();
  if (Math.abs(ahead - serverAhead.peek()) > 1500) serverAhead.value = Math.abs(ahead) > 1500 ? ahead : 0;
}

/** The moment by the server's clock. */
export function serverNow(): number {
  return Date.now() + serverAhead.peek();
}
