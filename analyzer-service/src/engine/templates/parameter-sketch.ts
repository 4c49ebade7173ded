import type { NumberSketchState } from './number-sketch.ts';
import { NumberSketch } from './number-sketch.ts';
import type { ParameterType } from './parameter-type.ts';
import { typeValue } from './parameter-type.ts';

/** A sketch as plain JSON. */
export interface ParameterSketchState {
  readonly types: Readonly<Partial<Record<ParameterType, number>>>;
  readonly top: readonly (readonly [string, number])[];
  readonly smallestHashes: readonly number[];
  readonly numbers: NumberSketchState | null;
}

/** The distribution of one parameter of a template, estimated from sampled lines. */
export interface ParameterDistribution {
  /** The type that most lines showed. */
  readonly type: ParameterType;
  /** Lines that the sample stands for. */
  readonly count: number;
  /** Different values in the sample: exact up to 64, estimated within about 12 % above. */
  readonly distinct: number;
  /** The most frequent values first, at most 16; each count may be too low by a 64th of `count`. */
  readonly top: readonly { readonly value: string; readonly count: number }[];
  /** For numbers, durations (milliseconds) and sizes (bytes); quantiles within 5 %. */
  readonly numbers: {
    readonly min: number;
    readonly max: number;
    readonly mean: number;
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
  } | null;
}

const VALUES_MAX = 64;
const HASHES_MAX = 64;
const TOP_MAX = 16;
const VALUE_LENGTH_MAX = 120;

/**
 * Values of one parameter in bounded memory: types, frequent values (Misra and Gries 1982), distinct values (the 64
 * smallest hashes, Bar-Yossef et al. 2002) and quantiles. All four can be merged.
 */
export class ParameterSketch {
  readonly #types = new Map<ParameterType, number>();
  readonly #top = new Map<string, number>();
  #hashes: number[] = [];
  #numbers: NumberSketch | null = null;

  static from(state: ParameterSketchState): ParameterSketch {
    const sketch = new ParameterSketch();
    sketch.merge(state);
    return sketch;
  }

  add(text: string, weight: number): void {
    const value = text.length > VALUE_LENGTH_MAX ? text.slice(0, VALUE_LENGTH_MAX) : text;
    const { type, number } = typeValue(value);
    this.#types.set(type, (this.#types.get(type) ?? 0) + weight);
    if (number !== null) (this.#numbers ??= new NumberSketch()).add(number, weight);
    this.#countValue(value, weight);
    this.#addHash(hashOf(value));
  }

  merge(other: ParameterSketchState): void {
    for (const [type, weight] of Object.entries(other.types)) {
      const known = type as ParameterType;
      this.#types.set(known, (this.#types.get(known) ?? 0) + weight);
    }
    for (const [value, weight] of other.top) this.#countValue(value, weight);
    for (const hash of other.smallestHashes) this.#addHash(hash);
    if (other.numbers) (this.#numbers ??= new NumberSketch()).merge(other.numbers);
  }

  state(): ParameterSketchState {
    return {
      types: Object.fromEntries([...this.#types].sort(([a], [b]) => (a < b ? -1 : 1))),
      top: this.#sortedTop(),
      smallestHashes: [...this.#hashes],
      numbers: this.#numbers?.state() ?? null,
    };
  }

  distribution(): ParameterDistribution {
    const types = [...this.#types].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const numbers = this.#numbers;
    return {
      type: types[0]?.[0] ?? 'text',
      count: types.reduce((sum, [, weight]) => sum + weight, 0),
      distinct: this.#distinct(),
      top: this.#sortedTop()
        .slice(0, TOP_MAX)
        .map(([value, count]) => ({ value, count })),
      numbers: numbers && {
        min: numbers.min,
        max: numbers.max,
        mean: numbers.mean,
        p50: numbers.quantile(0.5),
        p90: numbers.quantile(0.9),
        p99: numbers.quantile(0.99),
      },
    };
  }

  #countValue(value: string, weight: number): void {
    const known = this.#top.get(value);
    if (known !== undefined || this.#top.size < VALUES_MAX) {
      this.#top.set(value, (known ?? 0) + weight);
      return;
    }
    const cut = Math.min(weight, ...this.#top.values());
    for (const [other, count] of this.#top) {
      if (count > cut) this.#top.set(other, count - cut);
      else this.#top.delete(other);
    }
    if (weight > cut) this.#top.set(value, weight - cut);
  }

  #addHash(hash: number): void {
    const hashes = this.#hashes;
    if (hashes.length === HASHES_MAX && hash >= hashes.at(-1)!) return;
    const at = hashes.findIndex((known) => known >= hash);
    if (at >= 0 && hashes[at] === hash) return;
    hashes.splice(at < 0 ? hashes.length : at, 0, hash);
    if (hashes.length > HASHES_MAX) hashes.pop();
  }

  #distinct(): number {
    if (this.#hashes.length < HASHES_MAX) return this.#hashes.length;
    return Math.round((HASHES_MAX - 1) / (this.#hashes.at(-1)! / 2 ** 32));
  }

  #sortedTop(): [string, number][] {
    return [...this.#top].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
