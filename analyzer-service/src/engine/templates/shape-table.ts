/**
 * A hash table from the 64 bits of a line's shape to a small integer, in flat arrays: one look-up touches one or two
 * cache lines and allocates nothing. It is a cache: when it is full the owner clears it and learns again.
 */
export class ShapeTable {
  readonly #mask: number;
  readonly #entries: Int32Array;
  readonly #shapesMax: number;
  #size = 0;

  /** `shapesMax` is rounded up to a power of two. */
  constructor(shapesMax: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, shapesMax) * 2));
    this.#mask = slots - 1;
    this.#shapesMax = slots / 2;
    this.#entries = new Int32Array(slots * 3);
  }

  get isFull(): boolean {
    return this.#size >= this.#shapesMax;
  }

  /** The value set for this hash, or -1. */
  find(low: number, high: number): number {
    const entries = this.#entries;
    let slot = (low ^ (high >>> 7)) & this.#mask;
    for (;;) {
      const value = entries[slot * 3 + 2]!;
      if (value === 0) return -1;
      if (entries[slot * 3] === low && entries[slot * 3 + 1] === high) return value - 1;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** Sets the value of a hash that is not in the table; never when it is full. */
  set(low: number, high: number, value: number): void {
    let slot = (low ^ (high >>> 7)) & this.#mask;
    while (this.#entries[slot * 3 + 2] !== 0) slot = (slot + 1) & this.#mask;
    this.#entries.set([low, high, value + 1], slot * 3);
    this.#size++;
  }

  clear(): void {
    this.#entries.fill(0);
    this.#size = 0;
  }
}
