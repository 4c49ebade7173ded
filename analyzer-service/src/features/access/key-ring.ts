import type { Kysely } from 'kysely';
import type { ApiKeyRow, Database, Role } from '../../database.ts';
import { loadApiKeys, idOf, isKeyOf } from './api-keys.ts';

/** A key made or revoked elsewhere counts here after this long at the latest. */
const RELOAD_MS = 1_000;

/**
 * The keys, kept in memory: a request costs no query, a wrong key no more than a right one, and when the
 * database goes away those who had a key keep their access.
 */
export class KeyRing {
  readonly #db: Kysely<Database>;
  readonly #onLost: (error: Error) => void;
  #lost = false;
  #keys: ReadonlyMap<string, ApiKeyRow> = new Map();
  #timer: NodeJS.Timeout | null = null;
  #loading: Promise<void> = Promise.resolve();

  private constructor(db: Kysely<Database>, onLost: (error: Error) => void) {
    this.#db = db;
    this.#onLost = onLost;
  }

  /** `onLost` is told once when the database stops answering. */
  static async open(db: Kysely<Database>, onLost: (error: Error) => void): Promise<KeyRing> {
    const ring = new KeyRing(db, onLost);
    await ring.#load();
    ring.#next();
    return ring;
  }

  /** True once a key was made: revoking the last one does not open the doors again. */
  get inUse(): boolean {
    return this.#keys.size > 0;
  }

  /** Whose key this is; null when it is nobody's. */
  identify(key: string): { readonly id: string; readonly role: Role } | null {
    const row = this.#keys.get(idOf(key) ?? '');
    return row?.revoked_ms === null && isKeyOf(row, key) ? { id: row.id, role: row.role } : null;
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#loading;
  }

  async #load(): Promise<void> {
    this.#keys = new Map((await loadApiKeys(this.#db)).map((row) => [row.id, row]));
    this.#lost = false;
  }

  async #reload(): Promise<void> {
    try {
      await this.#load();
    } catch (error) {
      if (!this.#lost) this.#onLost(error as Error);
      this.#lost = true;
    }
    if (this.#timer) this.#next();
  }

  #next(): void {
    this.#timer = setTimeout(() => {
      this.#loading = this.#reload();
    }, RELOAD_MS);
    this.#timer.unref();
  }
}
