import { LRUCache } from 'lru-cache';
import type { CacheStore } from './cache-store.ts';

/** No single answer may push out more than this part of the others. */
const PART_OF_ALL = 8;

/** Texts in this process, those not asked for longest given up first when they take more than `bytesMax`. */
export class MemoryStore implements CacheStore {
  readonly kind = 'memory';
  readonly #texts: LRUCache<string, string>;

  constructor(bytesMax: number) {
    this.#texts = new LRUCache({
      maxSize: bytesMax,
      maxEntrySize: Math.ceil(bytesMax / PART_OF_ALL),
      // V8 takes two bytes a character as soon as one of them is outside Latin-1.
      sizeCalculation: (text, key) => 2 * (text.length + key.length),
    });
  }

  async get(key: string): Promise<string | null> {
    return this.#texts.get(key) ?? null;
  }

  async set(key: string, text: string, keepMs: number): Promise<void> {
    this.#texts.set(key, text, { ttl: keepMs });
  }

  /** There is no other process, and this one shares its computations before it asks. */
  async claim(): Promise<boolean> {
    return true;
  }

  async release(): Promise<void> {}

  async clear(): Promise<number> {
    const entries = await this.count();
    this.#texts.clear();
    return entries;
  }

  async count(): Promise<number> {
    this.#texts.purgeStale();
    return this.#texts.size;
  }

  async check(): Promise<{ readonly version: string }> {
    return { version: 'in this process' };
  }
}
