/**
 * Says which lines of a wording are looked at for their values: the first 256, then one in every 1/256 of those seen,
 * so a million lines cost about 2,400 samples. Each sample stands for all lines since the last one.
 */
export class SampleClock {
  #seen = new Int32Array(1024);
  #next = new Int32Array(1024);
  #pending = new Float64Array(1024);

  /** Counts a line; answers the weighted lines that a sample of it stands for, or 0 when it is not to be sampled. */
  due(handle: number, weight: number): number {
    if (handle >= this.#seen.length) this.#grow(handle);
    const pending = (this.#pending[handle]! += weight);
    const seen = ++this.#seen[handle]!;
    if (seen < this.#next[handle]!) return 0;
    this.#next[handle] = seen + Math.max(1, seen >>> 8);
    this.#pending[handle] = 0;
    return pending;
  }

  #grow(handle: number): void {
    const length = 2 ** Math.ceil(Math.log2(handle + 1));
    const widen = <A extends Int32Array | Float64Array>(from: A, into: A): A => {
      into.set(from);
      return into;
    };
    this.#seen = widen(this.#seen, new Int32Array(length));
    this.#next = widen(this.#next, new Int32Array(length));
    this.#pending = widen(this.#pending, new Float64Array(length));
  }
}
