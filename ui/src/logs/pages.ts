import { signal } from '@preact/signals';
import type { LogLine, LogOrder, LossBand } from '../api/logs';
import { asProblem } from '../api/problem';
import type { Problem } from '../api/problem';
import { parseMoment } from '../format/time';
import { bandPlace, timeOf } from './source';
import type { LineSource } from './source';

/** One answer of the server. Its lines may be let go of and asked for again by the same cursor. */
interface Page {
  /** The cursor that gives it; `null` for the first. */
  after: string | null;
  /** Its first row. */
  first: number;
  count: number;
  lines: readonly LogLine[] | null;
  /** Times of its lines, milliseconds; kept when the lines are not. */
  times: readonly number[];
  used: number;
  loading: boolean;
}

export type LoadPage = (
  after: string | null,
  signal: AbortSignal,
) => Promise<{ lines: readonly LogLine[]; next: string | null }>;

/** Rows that the list can have: beyond, a shorter range or a narrower question serves better than scrolling. */
export const MOST_ROWS = 200_000;
/** Bytes of lines that are held, by a guess. Pages that were not looked at for longest are let go of first. */
const MOST_BYTES = 32_000_000;
/** What a line takes besides its message: a dozen short texts. */
const LINE_BYTES = 1500;
const FEWEST_PAGES = 6;

/** The lines of one question, page by page as one scrolls, in bounded memory. */
export class LinePages implements LineSource {
  readonly epoch: number;
  /** Moves with every change, for components. */
  readonly version = signal(0);
  problem: Problem | null = null;
  /** True once the last page is there. */
  complete = false;
  loading = false;
  #pages: Page[] = [];
  #next: string | null = null;
  #abort = new AbortController();
  #bands: readonly LossBand[] = [];
  #places = new Map<number, LossBand[]>();
  #use = 0;

  constructor(
    epoch: number,
    private readonly order: LogOrder,
    private readonly load: LoadPage,
    private readonly mostBytes = MOST_BYTES,
  ) {
    this.epoch = epoch;
  }

  get count(): number {
    const last = this.#pages.at(-1);
    return last ? last.first + last.count : 0;
  }

  /** Whether nothing has come yet, neither lines nor a refusal. */
  get waiting(): boolean {
    return this.#pages.length === 0 && this.problem === null;
  }

  /** Pages whose lines are held now. */
  get held(): number {
    return this.#pages.filter((page) => page.lines !== null).length;
  }

  line(row: number): LogLine | null {
    const page = this.#pageOf(row);
    if (!page) return null;
    return page.lines?.[row - page.first] ?? null;
  }

  bandsBefore(row: number): readonly LossBand[] {
    return this.#places.get(row) ?? NONE;
  }

  /** Lines that are held, for what is found out from them. */
  *heldLines(): Generator<LogLine> {
    for (const page of this.#pages) if (page.lines) yield* page.lines;
  }

  /** Says which rows are looked at: they are fetched when they are not held, and the next page before they end. */
  show(from: number, to: number): void {
    this.#use += 1;
    for (const page of this.#pages) {
      if (page.first + page.count <= from || page.first > to) continue;
      page.used = this.#use;
      if (page.lines === null) void this.#fetch(page);
    }
    if (to >= this.count - READ_AHEAD) void this.more();
  }

  /** Asks on until there is a line, or nothing more to look through. */
  async begin(): Promise<void> {
    do await this.more();
    while (this.count === 0 && !this.complete && this.problem === null && !this.#abort.signal.aborted);
  }

  /** Asks for the page after the last. */
  async more(): Promise<void> {
    if (this.loading || this.complete || this.problem !== null || this.count >= MOST_ROWS) return;
    this.loading = true;
    try {
      // A search that has to read much may pause with a page that is not full, or empty: `next` goes on with it.
      const { lines, next } = await this.load(this.#next, this.#abort.signal);
      this.#pages.push({
        after: this.#next,
        first: this.count,
        count: lines.length,
        lines,
        times: lines.map(timeOf),
        used: this.#use,
        loading: false,
      });
      this.#next = next;
      this.complete = next === null;
      this.#place();
      this.#letGo();
    } catch (thrown) {
      if (this.#abort.signal.aborted) return;
      this.problem = asProblem(thrown);
    } finally {
      this.loading = false;
      if (!this.#abort.signal.aborted) this.version.value += 1;
    }
  }

  /** Tries again after a refusal. */
  retry(): void {
    this.problem = null;
    this.version.value += 1;
    void this.more();
  }

  setBands(bands: readonly LossBand[]): void {
    this.#bands = bands;
    this.#place();
    this.version.value += 1;
  }

  /** Gives up what is under way. */
  stop(): void {
    this.#abort.abort();
  }

  #pageOf(row: number): Page | undefined {
    let low = 0;
    let high = this.#pages.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#pages[middle]?.first ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return this.#pages[low];
  }

  async #fetch(page: Page): Promise<void> {
    if (page.loading) return;
    page.loading = true;
    try {
      const lines: LogLine[] = [];
      // The search may pause elsewhere than it did before.
      for (let after = page.after; lines.length < page.count;) {
        const part = await this.load(after, this.#abort.signal);
        lines.push(...part.lines);
        if (part.next === null) break;
        after = part.next;
      }
      page.lines = lines.slice(0, page.count);
      this.#letGo();
      this.version.value += 1;
    } catch {
      // The rows stay blank; they are asked for again when they are next looked at.
    } finally {
      page.loading = false;
    }
  }

  #place(): void {
    this.#places = new Map();
    const times = this.#pages.flatMap((page) => page.times);
    for (const band of this.#bands) {
      const place = bandPlace(times, this.order, parseMoment(band.start) ?? 0, parseMoment(band.end) ?? 0);
      if (place === times.length && !this.complete) continue;
      const there = this.#places.get(place);
      if (there) there.push(band);
      else this.#places.set(place, [band]);
    }
  }

  #letGo(): void {
    const held = this.#pages.filter((page) => page.lines !== null).sort((a, b) => a.used - b.used);
    const sizes = held.map((page) =>
      (page.lines ?? []).reduce((sum, line) => sum + line.message.length + LINE_BYTES, 0),
    );
    let total = sizes.reduce((a, b) => a + b, 0);
    for (const [at, page] of held.entries()) {
      if (total <= this.mostBytes || held.length - at <= FEWEST_PAGES) return;
      page.lines = null;
      total -= sizes[at] ?? 0;
    }
  }
}

/** Rows before the end at which the next page is asked for. */
const READ_AHEAD = 200;
const NONE: readonly LossBand[] = [];
