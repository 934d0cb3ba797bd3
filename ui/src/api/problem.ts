/** Where in the request a fault is. */
export interface Position {
  line?: number;
  column?: number;
  offset?: number;
  /** The member of the request that it is in. */
  path?: string;
}

/** What is wrong with one key of what was sent. */
export interface KeyFault {
  /** As it is written in what was sent, with the place in a list: `AlarmActions[2]`. */
  key: string;
  message: string;
}

/** What the server said when it refused, or why it could not be asked. */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    /** The server's own sentence, or ours when there was no answer. */
    readonly detail: string,
    /** A short heading. */
    readonly title: string,
    /** The HTTP status; 0 when there was no answer. */
    readonly status: number,
    /** The server's stable code, or `unreachable`, `malformed_answer`. */
    readonly code: string,
    readonly position: Position | null = null,
    /** What is wrong key by key, where the server says so. */
    readonly faults: readonly KeyFault[] = [],
  ) {
    super(detail);
  }

  /** Whether asking again later may help, without changing the question. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Turns whatever was thrown into a problem. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new Problem(text, 'The page failed', 0, 'page');
}

/** Reads an `application/problem+json` answer; anything else becomes one, with its status and the begin of its text. */
export async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text().catch(() => '');
  try {
    return problemOf(JSON.parse(text) as object, response.status, response.statusText);
  } catch {
    const said = text.trim().slice(0, 200);
    return new Problem(
      said === '' ? `The server answered ${response.status}.` : said,
      `HTTP ${response.status}`,
      response.status,
      'malformed_answer',
    );
  }
}

/** Reads the body of a problem. Its own status goes before the one that it came with. */
export function problemOf(given: object, status: number, otherwise: string): Problem {
  const body = given as {
    title?: unknown;
    detail?: unknown;
    code?: unknown;
    status?: unknown;
    position?: Position;
    faults?: readonly KeyFault[];
  };
  return new Problem(
    textOr(body.detail, textOr(body.title, otherwise)),
    textOr(body.title, `HTTP ${status}`),
    typeof body.status === 'number' ? body.status : status,
    textOr(body.code, 'unknown'),
    body.position ?? null,
    body.faults ?? [],
  );
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}
