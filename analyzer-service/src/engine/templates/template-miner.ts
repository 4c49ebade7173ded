import { columnsOf } from './columns.ts';
import { eventHeadline } from './event-headline.ts';
import { messageStart } from './header.ts';
import { LineScanner } from './line-scanner.ts';
import type { MinerSnapshot } from './miner-snapshot.ts';
import { checkSnapshot } from './miner-snapshot.ts';
import { parametersOf } from './parameters.ts';
import { PinnedPatterns } from './pinned-patterns.ts';
import { ShapeCache } from './shape-cache.ts';
import type { Template, TemplateHandle, TemplateParameter } from './template.ts';
import { TemplateIndex } from './template-index.ts';
import { renderText, wordingOf } from './wording.ts';
import type { Sampling, WordingEntry } from './wording-store.ts';
import { REST, WordingStore } from './wording-store.ts';

export interface TemplateMinerLimits {
  /** Different wordings kept. When they are full the rarest go to the rest. About 2 KB each. */
  readonly wordingsMax: number;
  /** Shapes remembered so that the next line of a shape costs one look-up. About 150 bytes each. */
  readonly shapesMax: number;
  /** Bytes of a line that decide its template. */
  readonly lineBytesMax: number;
}

const LINE_FEED = 10;

const DEFAULT_LIMITS: TemplateMinerLimits = {
  wordingsMax: 5_000,
  shapesMax: 65_536,
  lineBytesMax: 8_192,
};

/**
 * Learns the templates of log lines while they pass, with one fixed setting for every kind of log. It never refuses a
 * line: the counts of all templates plus `restCount` equal `lineCount`. The method is described in README.md.
 *
 * Cost of a line: one pass over its bytes and one look-up when its shape is known, which is nearly always; some
 * 20 microseconds when it is not. Memory is bounded by the limits. Templates depend on the lines alone, not on their
 * order or batches, as long as no limit is reached.
 */
export class TemplateMiner {
  readonly #lineBytesMax: number;
  readonly #scanner = new LineScanner();
  readonly #encoder = new TextEncoder();
  readonly #bytes: Uint8Array;
  readonly #store: WordingStore;
  readonly #shapes: ShapeCache;
  readonly #pinned = new PinnedPatterns();
  #lineCount = 0;
  #index: TemplateIndex | null = null;

  constructor(limits: Partial<TemplateMinerLimits> = {}) {
    const { wordingsMax, shapesMax, lineBytesMax } = { ...DEFAULT_LIMITS, ...limits };
    this.#lineBytesMax = lineBytesMax;
    this.#bytes = new Uint8Array(lineBytesMax);
    this.#store = new WordingStore(wordingsMax);
    this.#shapes = new ShapeCache(shapesMax);
  }

  /** A miner that has learned what another saved. Throws an Error for anything else. */
  static load(saved: unknown, limits: Partial<TemplateMinerLimits> = {}): TemplateMiner {
    const miner = new TemplateMiner(limits);
    miner.merge(saved);
    return miner;
  }

  /** Weighted lines added so far, those of merged miners included. */
  get lineCount(): number {
    return this.#lineCount;
  }

  /** Weighted lines whose template was not kept. */
  get restCount(): number {
    return this.#store.countOf(REST);
  }

  /**
   * Counts a line, or an event of several lines, `weight` source lines strong (0: it shapes its
   * template and counts nowhere). Answers the handle of its template.
   */
  add(text: string, weight = 1): TemplateHandle {
    const line = text.includes('\n') ? eventHeadline(text) : text;
    const { written } = this.#encoder.encodeInto(line, this.#bytes);
    return this.addBytes(this.#bytes, 0, written, weight);
  }

  /** The same for a line that lies as UTF-8 in `bytes`, from `start` up to, not including, `end`. */
  addBytes(bytes: Uint8Array, start: number, end: number, weight = 1): TemplateHandle {
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RangeError(`The weight of a line must be 0 or more, not ${weight}`);
    }
    return this.#addLine(bytes, start, end, weight);
  }

  /** Counts all lines of UTF-8 text from `start` to `end`. The last one need not end with a line feed. */
  addLines(bytes: Uint8Array, start = 0, end = bytes.length): void {
    let position = start;
    while (position < end) {
      this.#addLine(bytes, position, end, 1);
      position = this.#scanner.stop;
      if (position < end && bytes[position] !== LINE_FEED) {
        const lineFeed = bytes.indexOf(LINE_FEED, position);
        if (lineFeed < 0 || lineFeed >= end) return;
        position = lineFeed;
      }
      position++;
    }
  }

  #addLine(bytes: Uint8Array, start: number, end: number, weight: number): TemplateHandle {
    const scanner = this.#scanner;
    scanner.scan(bytes, start, Math.min(end, start + this.#lineBytesMax));
    let shape = this.#shapes.find(scanner.hashLow, scanner.hashHigh);
    if (shape < 0) shape = this.#learn(bytes, start, scanner.stop);
    this.#lineCount += weight;
    const pinned = this.#shapes.pinnedOf(shape);
    const taken = pinned ? this.#pinned.take(pinned, bytes.subarray(start, scanner.stop), weight) : REST;
    const handle = taken === REST ? this.#shapes.handleOf(shape) : taken;
    const stands = this.#store.count(handle, weight);
    if (stands > 0 && taken === REST) {
      scanner.scanTokens(bytes, start, scanner.stop);
      this.#sample(shape, handle, bytes, stands);
    }
    return handle;
  }

  /**
   * The template that a handle stands for now; the rest's `<*>` for a line that was not kept. After new wordings the
   * first call groups them all, some 5 ms for a thousand, so add a batch first and resolve then.
   */
  resolve(handle: TemplateHandle): Template {
    return this.#indexed().resolve(this.#store.resolve(handle));
  }

  /** All templates, most lines first, without the rest. */
  templates(): Template[] {
    return this.#indexed().templates();
  }

  /**
   * What stood in place of each `<*>` of a handle's template, in order. From sampled lines: the first 64 of each
   * wording and ever sparser after, each sample standing for the lines since the one before.
   */
  parameters(handle: TemplateHandle): TemplateParameter[] {
    return parametersOf(this.#indexed(), this.#store, this.#pinned, this.#store.resolve(handle));
  }

  /**
   * Gives lines that contain `pattern` a template of their own from now on, for example
   * `pin('declined', 'payment declined for <customer>')`. Lines already counted stay where they are. Throws an Error
   * for a pattern that says nothing and for a name that is taken.
   */
  pin(name: string, pattern: string): TemplateHandle {
    const handle = this.#pinned.pin(name, pattern, this.#store);
    this.#shapes.clear();
    this.#index = null;
    return handle;
  }

  /** What was learned, as plain JSON. Handles are not part of it. */
  save(): MinerSnapshot {
    const wordings = this.#counted().map(({ wording, handle, sketches }) => ({
      keys: wording.keys,
      kinds: wording.kinds,
      texts: [...wording.texts],
      spacing: wording.spacing,
      count: this.#store.countOf(handle),
      parameters: sketches.map((sketch) => sketch?.state() ?? null),
    }));
    return { version: 1, restCount: this.restCount, wordings, pinned: this.#pinned.save(this.#store) };
  }

  /** For each handle given out so far its place in what `save` answers now, named patterns last; -1 for the rest. */
  placesInSaved(): Int32Array {
    const saved = [...this.#counted().map(({ handle }) => handle), ...this.#pinned.handles()];
    const placeOf = new Map(saved.map((handle, place) => [handle, place]));
    return Int32Array.from({ length: this.#store.handleCount }, (_, handle) =>
      handle === REST ? -1 : (placeOf.get(this.#store.resolve(handle)) ?? -1),
    );
  }

  /** How densely values are sampled from the next line on; without an argument as README.md says. */
  sampleBy(sampling?: Sampling): void {
    this.#store.sampleBy(sampling);
  }

  /** Answers what was learned since the last time and forgets the counts; known wordings stay known. */
  drain(): MinerSnapshot {
    const snapshot = this.save();
    this.#store.forgetCounts();
    this.#lineCount = 0;
    return snapshot;
  }

  /**
   * Adds what another miner saved. Merging parts in the order of the lines equals mining them in one. Answers the
   * handles that the saved templates have here, in their order.
   */
  merge(saved: unknown): TemplateHandle[] {
    checkSnapshot(saved);
    const wordings = saved.wordings.map(({ keys, kinds, texts, spacing, count, parameters }) => {
      const handle = this.#remember({ keys, kinds, texts: [...texts], spacing });
      this.#take(handle, count, parameters);
      return handle;
    });
    this.#take(REST, saved.restCount, []);
    const pinned = saved.pinned.map(({ name, text, count, parameters }) => {
      const handle = this.#pinned.find(name, text) ?? this.pin(name, text);
      this.#take(handle, count, parameters);
      return handle;
    });
    return [...wordings, ...pinned];
  }

  #take(
    handle: TemplateHandle,
    count: number,
    parameters: Parameters<WordingStore['mergeSketches']>[1],
  ): void {
    this.#store.countSampled(handle, count);
    this.#store.mergeSketches(handle, parameters);
    this.#lineCount += count;
  }

  #counted(): WordingEntry[] {
    return [...this.#store.learned()].filter(({ handle }) => this.#store.countOf(handle) > 0);
  }

  #learn(bytes: Uint8Array, start: number, stop: number): number {
    const { hashLow, hashHigh } = this.#scanner;
    this.#scanner.scanTokens(bytes, start, stop);
    const columns = columnsOf(this.#scanner, bytes, messageStart(bytes, start, stop));
    const wording = wordingOf(columns);
    const pinned = this.#pinned.candidates(renderText(wording.texts, wording.spacing));
    const handle = this.#remember(wording);
    return this.#shapes.add(hashLow, hashHigh, handle, columns, pinned);
  }

  #remember(wording: ReturnType<typeof wordingOf>): number {
    this.#index = null;
    const handle = this.#store.learn(wording);
    if (handle !== REST || !this.#store.isFull) return handle;
    this.#store.makeRoom();
    this.#shapes.clear();
    return this.#store.learn(wording);
  }

  #sample(shape: number, handle: number, bytes: Uint8Array, stands: number): void {
    const sketches = this.#store.entry(handle)?.sketches;
    if (sketches) this.#shapes.sample(shape, this.#scanner, bytes, sketches, stands);
  }

  #indexed(): TemplateIndex {
    this.#index ??= new TemplateIndex(this.#store, this.#pinned);
    return this.#index;
  }
}
