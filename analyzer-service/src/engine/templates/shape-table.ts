const SLOTS_FIRST = 2_048;
const SLOT_WORDS = 3;

/**
 * A hash table from the 64 bits of a line's shape to a small integer, in one flat array: a look-up touches one or two
 * cache lines and allocates nothing. It grows to at most `shapesMax` entries; then its owner clears it.
 */
export class ShapeTable {
  readonly #shapesMax: number;
  #mask = SLOTS_FIRST - 1;
  #slots = new Int32Array(SLOTS_FIRST * SLOT_WORDS);
  #size = 0;

  constructor(shapesMax: number) {
    this.#shapesMax = shapesMax;
  }

  get isFull(): boolean {
    return this.#size >= this.#shapesMax;
  }

  /** The value set for this hash, or -1. */
  find(low: number, high: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    for (let slot = (low ^ (high >>> 7)) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * SLOT_WORDS;
      const value = slots[at]!;
      if (value === 0 || (slots[at + 1] === low && slots[at + 2] === high)) return value - 1;
    }
  }

  /** Sets the value of a hash that is not in the table. */
  set(low: number, high: number, value: number): void {
    if (++this.#size * 2 > this.#mask) this.#grow();
    this.#insert(low, high, value + 1);
  }

  clear(): void {
    this.#slots.fill(0);
    this.#size = 0;
  }

  #insert(low: number, high: number, marked: number): void {
    let slot = (low ^ (high >>> 7)) & this.#mask;
    while (this.#slots[slot * SLOT_WORDS] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots.set([marked, low, high], slot * SLOT_WORDS);
  }

  #grow(): void {
    const old = this.#slots;
    this.#mask = (this.#mask + 1) * 4 - 1;
    this.#slots = new Int32Array((this.#mask + 1) * SLOT_WORDS);
    for (let at = 0; at < old.length; at += SLOT_WORDS) {
      if (old[at] !== 0) this.#insert(old[at + 1]!, old[at + 2]!, old[at]!);
    }
  }
}
