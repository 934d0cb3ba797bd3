import { signal } from '@preact/signals';
import type { LogLine, LogOrder, LossBand } from '../api/logs';
import { asProblem } from '../api/problem';
import type { Problem } from '../api/problem';
import type { TailMessage } from '../api/tail';
import type { LineSource } from './source';

/** Lines that are kept of a live tail; the oldest go first. */
export const MOST_KEPT = 10_000;

export type Follow = (signal: AbortSignal, heard: (message: TailMessage) => void, opened: () => void) => Promise<void>;

const AGAIN_MS = 2000;
/** How often what has come is shown: more often than the eye follows only costs. */
const SHOW_MS = 250;
const RATE_MS = 5000;

let epochs = 1_000_000;

/**
 * Lines as they come. While it is paused they wait, counted; what waits is bounded as what is shown is. The rows are
 * newest first or last, as the list is.
 */
export class Tail implements LineSource {
  readonly version = signal(0);
  epoch = (epochs += 1);
  state: 'connecting' | 'following' | 'interrupted' | 'ended' = 'connecting';
  problem: Problem | null = null;
  paused = false;
  /** Lines that the server did not send, by its word. */
  dropped = { rate: 0, slow: 0 };
  /** Lines that came and are no longer kept. */
  let_go = 0;
  #lines: LogLine[] = [];
  #fresh: LogLine[] = [];
  #seen = new Set<string>();
  #arrivals: [number, number][] = [];
  #abort = new AbortController();
  #timer = 0;
  #shown = 0;

  constructor(
    private readonly order: LogOrder,
    private readonly follow: Follow,
    private readonly most = MOST_KEPT,
  ) {}

  get count(): number {
    return this.#lines.length;
  }

  /** Lines that came while it was paused. */
  get waiting(): number {
    return this.paused ? this.#fresh.length : 0;
  }

  line(row: number): LogLine | null {
    const at = this.order === 'newest' ? this.#lines.length - 1 - row : row;
    return this.#lines[at] ?? null;
  }

  bandsBefore(): readonly LossBand[] {
    return NONE;
  }

  /** Lines in a second, over the last few. */
  rate(now: number): number {
    const recent = this.#arrivals.filter(([at]) => now - at < RATE_MS);
    return recent.reduce((sum, [, lines]) => sum + lines, 0) / (RATE_MS / 1000);
  }

  start(): void {
    this.#shown = window.setInterval(() => this.#show(), SHOW_MS);
    void this.#connect();
  }

  stop(): void {
    this.state = 'ended';
    this.#abort.abort();
    window.clearTimeout(this.#timer);
    window.clearInterval(this.#shown);
  }

  pause(paused: boolean): void {
    this.paused = paused;
    this.#show();
    this.version.value += 1;
  }

  /** Takes what has come. */
  heard(message: TailMessage, now: number): void {
    if (message.kind === 'dropped') {
      this.dropped[message.why] += message.lines;
      this.version.value += 1;
      return;
    }
    // After a connection was cut, the lines around the cut may come twice.
    const lines = message.lines.filter((line) => !this.#seen.has(line.id));
    for (const line of lines) this.#seen.add(line.id);
    this.#arrivals = [...this.#arrivals.filter(([at]) => now - at < RATE_MS), [now, lines.length]];
    this.#fresh.push(...lines);
    const over = this.#fresh.length - this.most;
    if (over > 0) this.#forget(this.#fresh.splice(0, over));
  }

  #forget(lines: readonly LogLine[]): void {
    this.let_go += lines.length;
    for (const line of lines) this.#seen.delete(line.id);
  }

  /** Moves what has come into the list. */
  #show(): void {
    if (this.#fresh.length === 0) {
      // The rate falls although nothing comes.
      if (this.#arrivals.length > 0) this.version.value += 1;
      return;
    }
    if (!this.paused) {
      this.#lines.push(...this.#fresh);
      this.#fresh = [];
      const over = this.#lines.length - this.most;
      if (over > 0) this.#forget(this.#lines.splice(0, over));
      if (over > 0 || this.order === 'newest') this.epoch = epochs += 1;
    }
    this.version.value += 1;
  }

  async #connect(): Promise<void> {
    try {
      await this.follow(
        this.#abort.signal,
        (message) => this.heard(message, Date.now()),
        () => {
          this.state = 'following';
          this.problem = null;
          this.version.value += 1;
        },
      );
      this.state = 'interrupted';
    } catch (thrown) {
      if (this.#abort.signal.aborted) return;
      this.problem = asProblem(thrown);
      this.state = this.problem.passing ? 'interrupted' : 'ended';
    }
    if (this.#abort.signal.aborted) return;
    this.version.value += 1;
    if (this.state === 'interrupted') this.#timer = window.setTimeout(() => void this.#connect(), AGAIN_MS);
  }
}

const NONE: readonly LossBand[] = [];
