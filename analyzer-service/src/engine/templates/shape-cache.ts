import type { Column } from './columns.ts';
import type { LineScanner } from './line-scanner.ts';
import { ParameterSketch } from './parameter-sketch.ts';
import type { PinnedPattern } from './pinned-pattern.ts';
import { ShapeTable } from './shape-table.ts';

/**
 * What is known of each shape: its wording, the tokens of its values, and the pinned patterns that may match it.
 * A cache: when it is full it starts anew.
 */
export class ShapeCache {
  readonly #table: ShapeTable;
  #handles: number[] = [];
  /** For each shape: column, first token and end token of each value. */
  #values: Uint16Array[] = [];
  #pinned: (readonly PinnedPattern[] | null)[] = [];

  constructor(shapesMax: number) {
    this.#table = new ShapeTable(shapesMax);
  }

  find(low: number, high: number): number {
    return this.#table.find(low, high);
  }

  handleOf(shape: number): number {
    return this.#handles[shape]!;
  }

  pinnedOf(shape: number): readonly PinnedPattern[] | null {
    return this.#pinned[shape]!;
  }

  add(
    low: number,
    high: number,
    handle: number,
    columns: readonly Column[],
    pinned: readonly PinnedPattern[],
  ): number {
    if (this.#table.isFull) this.clear();
    const shape = this.#handles.push(handle) - 1;
    const values = columns.flatMap(({ kind, firstToken, endToken }, column) =>
      kind === 'value' && endToken > firstToken ? [column, firstToken, endToken] : [],
    );
    this.#values.push(Uint16Array.from(values));
    this.#pinned.push(pinned.length > 0 ? pinned : null);
    this.#table.set(low, high, shape);
    return shape;
  }

  /** Adds the values of the line that the scanner holds to the sketches of their columns. */
  sample(
    shape: number,
    scanner: LineScanner,
    bytes: Uint8Array,
    sketches: (ParameterSketch | null)[],
    weight: number,
  ): void {
    const values = this.#values[shape]!;
    for (let i = 0; i < values.length; i += 3) {
      const start = scanner.starts[values[i + 1]!]!;
      const end = Math.min(scanner.ends[values[i + 2]! - 1]!, start + VALUE_BYTES_MAX);
      const sketch = (sketches[values[i]!] ??= new ParameterSketch());
      sketch.add(decoder.decode(bytes.subarray(start, end)), weight);
    }
  }

  clear(): void {
    this.#table.clear();
    this.#handles = [];
    this.#values = [];
    this.#pinned = [];
  }
}

const VALUE_BYTES_MAX = 200;
const decoder = new TextDecoder();
