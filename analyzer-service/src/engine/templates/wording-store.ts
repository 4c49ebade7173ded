import { WILDCARD } from './columns.ts';
import { groupWordings } from './grouping.ts';
import type { ParameterSketchState } from './parameter-sketch.ts';
import { ParameterSketch } from './parameter-sketch.ts';
import { absorb, rowKey } from './wording.ts';
import type { Wording } from './wording.ts';

/** A wording with what was counted for it. */
export interface WordingEntry {
  readonly wording: Wording;
  readonly handle: number;
  /** By column; only columns of values have one, and only after a line was sampled. */
  readonly sketches: (ParameterSketch | null)[];
}

/** The handle of lines whose wording was not kept. */
export const REST = 0;

/** Handles ever given out: beyond, lines with new wordings go to the rest. 36 bytes each. */
const HANDLES_MAX = 1_000_000;
const TALLY = 3;
/** The first lines of a wording are all sampled; after them each sample raises the count by a share of it. */
export interface Sampling {
  readonly first: number;
  readonly share: number;
}

const SAMPLING: Sampling = { first: 64, share: 1 / 32 };
/** After making room this share of the limit is free, so that making room stays rare. */
const KEPT_SHARE = 0.75;

/**
 * The wordings that a miner knows, at most `wordingsMax`. When they are full, wordings of one template are folded
 * into one, which then takes in lines with other words in its open columns; after that the rarest are evicted and
 * their counts go to the rest. Counts always add up.
 */
export class WordingStore {
  readonly #wordingsMax: number;
  readonly #rows = new Map<string, WordingEntry>();
  /** Folded wordings by number of columns and symbols: only they can take in keys other than their own. */
  readonly #folded = new Map<string, WordingEntry[]>();
  readonly #entries: (WordingEntry | undefined)[] = [undefined];
  #targets = new Int32Array(1024);
  /** For each handle: its count, the count at its last sample, and the count at which the next sample is due. */
  #tallies = new Float64Array(1024 * TALLY);
  #sampling = SAMPLING;

  constructor(wordingsMax: number) {
    this.#wordingsMax = wordingsMax;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Handles given out so far, that of the rest included. */
  get handleCount(): number {
    return this.#entries.length;
  }

  /** All wordings, in the order in which they were learned. */
  learned(): IterableIterator<WordingEntry> {
    return this.#rows.values();
  }

  countOf(handle: number): number {
    return this.#tallies[handle * TALLY]!;
  }

  /**
   * Counts a line. Answers 0, or the number of lines that a sample of this one would stand for, when one is due:
   * unless told otherwise the first 64 of a wording are sampled, then one for each 32nd part of its count.
   */
  count(handle: number, weight: number): number {
    const tallies = this.#tallies;
    const at = handle * TALLY;
    const count = tallies[at]! + weight;
    tallies[at] = count;
    if (count < tallies[at + 2]!) return 0;
    const stands = count - tallies[at + 1]!;
    tallies[at + 1] = count;
    tallies[at + 2] = count + (count < this.#sampling.first ? 1 : count * this.#sampling.share);
    return stands;
  }

  /** Counts lines whose samples are somewhere else. */
  countSampled(handle: number, weight: number): void {
    for (let i = 0; i < TALLY; i++) this.#tallies[handle * TALLY + i]! += weight;
  }

  /** From the next count on. */
  sampleBy(sampling: Sampling = SAMPLING): void {
    this.#sampling = sampling;
  }

  forgetCounts(): void {
    this.#tallies.fill(0);
    for (const entry of this.#entries) entry?.sketches.fill(null);
  }

  entry(handle: number): WordingEntry | undefined {
    return this.#entries[handle];
  }

  /** Follows a handle to where its lines are counted now. */
  resolve(handle: number): number {
    if (!Number.isInteger(handle) || handle < 0 || handle >= this.#entries.length) {
      throw new RangeError(`No template has the handle ${handle}: use one that this miner answered`);
    }
    let target = handle;
    while (this.#targets[target] !== target) target = this.#targets[target]!;
    return target;
  }

  /** A handle that is not a wording's: for a pattern with so many parameters. */
  reserve(parameters: number): number {
    const wording = { keys: [], kinds: [], texts: [], spacing: [] };
    return this.#enter({
      wording,
      handle: this.#entries.length,
      sketches: Array.from({ length: parameters }, () => null),
    });
  }

  mergeSketches(handle: number, states: readonly (ParameterSketchState | null)[]): void {
    const sketches = this.#entries[handle]?.sketches;
    states.forEach((state, i) => {
      if (state && sketches) (sketches[i] ??= new ParameterSketch()).merge(state);
    });
  }

  /** The handle of this wording, known or new; the rest when there is no room for a new one. */
  learn(wording: Wording): number {
    const entry = this.#rows.get(rowKey(wording.keys)) ?? this.#findFolded(wording) ?? this.#create(wording);
    if (!entry) return REST;
    absorb(entry.wording, wording.texts, wording.spacing);
    return entry.handle;
  }

  get isFull(): boolean {
    return this.#rows.size >= this.#wordingsMax;
  }

  /** Folds and evicts until a share of the room is free again. Handles stay valid. */
  makeRoom(): void {
    const live = [...this.#rows.values()];
    const { groupOf, keys } = groupWordings(live.map(({ wording }) => wording));
    const groups = Map.groupBy(live.keys(), (index) => groupOf[index]!);
    for (const [group, members] of groups) {
      if (members.length > 1)
        this.#fold(
          keys[group]!,
          members.map((index) => live[index]!),
        );
    }
    const rarest = [...this.#rows.values()].sort(
      (a, b) => this.countOf(a.handle) - this.countOf(b.handle) || a.handle - b.handle,
    );
    const evicted = Math.max(0, rarest.length - Math.floor(this.#wordingsMax * KEPT_SHARE));
    for (const entry of rarest.slice(0, evicted)) this.#redirect(entry, REST);
  }

  #create(wording: Wording): WordingEntry | null {
    const handle = this.#entries.length;
    if (this.isFull || handle >= HANDLES_MAX) return null;
    const entry = { wording, handle, sketches: wording.keys.map(() => null) };
    this.#enter(entry);
    this.#rows.set(rowKey(wording.keys), entry);
    return entry;
  }

  #enter(entry: WordingEntry): number {
    if (entry.handle >= this.#targets.length) this.#grow();
    this.#entries.push(entry);
    this.#targets[entry.handle] = entry.handle;
    return entry.handle;
  }

  #fold(keys: readonly string[], group: readonly WordingEntry[]): void {
    const first = group[0]!;
    const wording = { ...first.wording, keys, texts: [...first.wording.texts] };
    const merged = { wording, handle: first.handle, sketches: [...first.sketches] };
    for (const entry of group) {
      absorb(wording, entry.wording.texts, entry.wording.spacing);
      keys.forEach((key, column) => {
        if (key === WILDCARD) mergeColumn(merged, entry, column, this.countOf(entry.handle), entry === first);
      });
    }
    this.#rows.delete(rowKey(first.wording.keys));
    for (const entry of group.slice(1)) this.#redirect(entry, first.handle);
    this.#entries[first.handle] = merged;
    this.#rows.set(rowKey(keys), merged);
    const build = buildOf(wording);
    const known = this.#folded.get(build);
    if (known) this.#folded.set(build, [...known.filter((entry) => entry.handle !== first.handle), merged]);
    else this.#folded.set(build, [merged]);
  }

  #redirect(entry: WordingEntry, target: number): void {
    this.#rows.delete(rowKey(entry.wording.keys));
    const build = buildOf(entry.wording);
    const folded = this.#folded.get(build)?.filter((other) => other.handle !== entry.handle);
    if (folded?.length) this.#folded.set(build, folded);
    else this.#folded.delete(build);
    this.#targets[entry.handle] = target;
    this.countSampled(target, this.countOf(entry.handle));
    this.#tallies.fill(0, entry.handle * TALLY, (entry.handle + 1) * TALLY);
    this.#entries[entry.handle] = undefined;
  }

  #findFolded(wording: Wording): WordingEntry | undefined {
    if (this.#folded.size === 0) return undefined;
    return this.#folded
      .get(buildOf(wording))
      ?.find(({ wording: open }) =>
        open.keys.every(
          (key, i) => key === wording.keys[i] || (key === WILDCARD && wording.kinds[i] !== 'symbol'),
        ),
      );
  }

  #grow(): void {
    const targets = new Int32Array(this.#targets.length * 2);
    const tallies = new Float64Array(this.#tallies.length * 2);
    targets.set(this.#targets);
    tallies.set(this.#tallies);
    this.#targets = targets;
    this.#tallies = tallies;
  }
}

function buildOf(wording: Wording): string {
  return wording.keys.map((key, i) => (wording.kinds[i] === 'symbol' ? key : ' ')).join('');
}

function mergeColumn(
  into: WordingEntry,
  from: WordingEntry,
  column: number,
  count: number,
  isFirst: boolean,
): void {
  const sketch = from.sketches[column];
  if (sketch) {
    if (isFirst) return;
    (into.sketches[column] ??= new ParameterSketch()).merge(sketch.state());
  } else if (from.wording.kinds[column] === 'word') {
    into.sketches[column] = into.sketches[column] ?? new ParameterSketch();
    into.sketches[column].add(from.wording.texts[column]!, count);
  }
}
