/**
 * Heights of the rows of a long list: their sum up to any row, and the row at any height, both in logarithmic time
 * (a Fenwick tree), so that a list of a hundred thousand rows scrolls as one of a hundred.
 */
export class Heights {
  #count = 0;
  #capacity: number;
  #own: Float64Array;
  #tree: Float64Array;

  constructor(capacity = 1024) {
    this.#capacity = 1 << Math.ceil(Math.log2(Math.max(2, capacity)));
    this.#own = new Float64Array(this.#capacity);
    this.#tree = new Float64Array(this.#capacity + 1);
  }

  get count(): number {
    return this.#count;
  }

  /** Height of all rows. */
  get total(): number {
    return this.before(this.#count);
  }

  /** Adds rows at the end. */
  push(heights: Iterable<number>): void {
    for (const height of heights) {
      if (this.#count === this.#capacity) this.#grow();
      this.#count += 1;
      this.#add(this.#count - 1, height);
      this.#own[this.#count - 1] = height;
    }
  }

  of(row: number): number {
    return row < this.#count ? (this.#own[row] ?? 0) : 0;
  }

  /** Changes a row; answers by how much. */
  set(row: number, height: number): number {
    const by = height - this.of(row);
    if (by === 0 || row >= this.#count) return 0;
    this.#own[row] = height;
    this.#add(row, by);
    return by;
  }

  /** Height of the rows before one. */
  before(row: number): number {
    let sum = 0;
    for (let at = Math.min(row, this.#count); at > 0; at -= at & -at) sum += this.#tree[at] ?? 0;
    return sum;
  }

  /** The row at a height; the last one beyond the end. */
  at(height: number): number {
    let row = 0;
    let rest = height;
    for (let step = this.#capacity; step > 0; step >>= 1) {
      const next = row + step;
      if (next > this.#count) continue;
      const sum = this.#tree[next] ?? 0;
      if (sum > rest) continue;
      row = next;
      rest -= sum;
    }
    return Math.min(row, Math.max(0, this.#count - 1));
  }

  #add(row: number, by: number): void {
    for (let at = row + 1; at <= this.#capacity; at += at & -at) this.#tree[at] = (this.#tree[at] ?? 0) + by;
  }

  #grow(): void {
    const own = this.#own;
    this.#capacity *= 2;
    this.#own = new Float64Array(this.#capacity);
    this.#own.set(own);
    this.#tree = new Float64Array(this.#capacity + 1);
    for (let row = 0; row < this.#count; row += 1) this.#add(row, own[row] ?? 0);
  }
}
