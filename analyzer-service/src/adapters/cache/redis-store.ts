import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { AppError } from '../../errors.ts';
import type { CacheStore } from './cache-store.ts';

const ANSWERS = 'sonde:answer:';
const CLAIMS = 'sonde:claim:';
/** A larger answer would take Redis's only thread from others for too long. */
const TEXT_LENGTH_MAX = 8 << 20;
const SCAN_STEP = 1_000;

/** Only its owner may release a claim: it may have run out and be another's by now. */
const RELEASE =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

/** Texts that all analyzers share. While Redis is away it is an empty store that keeps nothing. */
export class RedisStore implements CacheStore {
  readonly kind = 'redis';
  readonly #redis: Redis;
  readonly #owner = randomUUID();

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  get(key: string): Promise<string | null> {
    return this.#redis.get(ANSWERS + key).catch(() => null);
  }

  async set(key: string, text: string, keepMs: number): Promise<void> {
    if (text.length > TEXT_LENGTH_MAX) return;
    await this.#redis.set(ANSWERS + key, text, 'PX', keepMs).catch(() => null);
  }

  /** Without Redis everybody computes for himself. */
  async claim(key: string, holdMs: number): Promise<boolean> {
    const claimed = this.#redis
      .set(CLAIMS + key, this.#owner, 'PX', holdMs, 'NX')
      .then((reply) => reply === 'OK');
    return claimed.catch(() => true);
  }

  async release(key: string): Promise<void> {
    await this.#redis.eval(RELEASE, 1, CLAIMS + key, this.#owner).catch(() => null);
  }

  async clear(): Promise<number> {
    let removed = 0;
    try {
      for await (const keys of this.#scan()) {
        if (keys.length > 0) removed += await this.#redis.unlink(...keys);
      }
    } catch (error) {
      throw new AppError(
        'cache_unreachable',
        'Redis does not answer, so kept answers are still there. Clear again when it is back, which /api/v1/ai_logs/health tells.',
        { cause: error },
      );
    }
    return removed;
  }

  async count(): Promise<number | null> {
    let entries = 0;
    try {
      for await (const keys of this.#scan()) entries += keys.length;
      return entries;
    } catch {
      return null;
    }
  }

  async check(): Promise<{ readonly version: string }> {
    const version = /redis_version:(\S+)/.exec(await this.#redis.info('server'))?.[1];
    return { version: `Redis ${version ?? 'of unknown version'}` };
  }

  async *#scan(): AsyncGenerator<string[]> {
    let cursor = '0';
    do {
      const [next, keys] = await this.#redis.scan(cursor, 'MATCH', `${ANSWERS}*`, 'COUNT', SCAN_STEP);
      yield keys;
      cursor = next;
    } while (cursor !== '0');
  }
}
