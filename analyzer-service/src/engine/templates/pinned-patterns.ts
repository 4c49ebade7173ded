import { ParameterSketch } from './parameter-sketch.ts';
import type { PinnedPattern } from './pinned-pattern.ts';
import { matchLine, matchShape, parsePinnedPattern } from './pinned-pattern.ts';
import type { MinerSnapshot } from './miner-snapshot.ts';
import type { WordingStore } from './wording-store.ts';
import { REST } from './wording-store.ts';

const PATTERNS_MAX = 200;
const decoder = new TextDecoder();

/** The patterns that users named, each with a handle of its own beside those of the learned wordings. */
export class PinnedPatterns {
  readonly #byHandle = new Map<number, PinnedPattern>();
  readonly #handles = new Map<PinnedPattern, number>();
  #store: WordingStore | null = null;

  at(handle: number): PinnedPattern | undefined {
    return this.#byHandle.get(handle);
  }

  all(): IterableIterator<[number, PinnedPattern]> {
    return this.#byHandle.entries();
  }

  handles(): IterableIterator<number> {
    return this.#byHandle.keys();
  }

  /** The handle of the pattern with this name and text. */
  find(name: string, text: string): number | undefined {
    for (const [handle, pattern] of this.#byHandle)
      if (pattern.name === name && pattern.text === text) return handle;
    return undefined;
  }

  pin(name: string, text: string, store: WordingStore): number {
    const pattern = parsePinnedPattern(name, text);
    if (this.#byHandle.size >= PATTERNS_MAX)
      throw new Error(`There are ${PATTERNS_MAX} named patterns already: remove one first`);
    for (const { name: taken } of this.#byHandle.values()) {
      if (taken === name) throw new Error(`There is a pattern named "${name}" already: choose another name`);
    }
    this.#store = store;
    const handle = store.reserve(pattern.parameters.length);
    this.#byHandle.set(handle, pattern);
    this.#handles.set(pattern, handle);
    return handle;
  }

  /** The patterns that lines of a shape can match, in the order in which they were pinned. */
  candidates(shapeText: string): PinnedPattern[] {
    return [...this.#byHandle.values()].filter((pattern) => matchShape(pattern, shapeText));
  }

  /** The handle of the first candidate that the line matches, or the rest's when there is none. */
  take(candidates: readonly PinnedPattern[], line: Uint8Array, weight: number): number {
    const text = decoder.decode(line);
    for (const pattern of candidates) {
      const values = matchLine(pattern, text);
      if (!values) continue;
      const handle = this.#handles.get(pattern)!;
      const { sketches } = this.#store!.entry(handle)!;
      values.forEach((value, i) => (sketches[i] ??= new ParameterSketch()).add(value, weight));
      return handle;
    }
    return REST;
  }

  save(store: WordingStore): MinerSnapshot['pinned'] {
    return [...this.#byHandle].map(([handle, { name, text }]) => ({
      name,
      text,
      count: store.countOf(handle),
      parameters: store.entry(handle)!.sketches.map((sketch) => sketch?.state() ?? null),
    }));
  }
}
