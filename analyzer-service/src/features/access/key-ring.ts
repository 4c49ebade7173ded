import type { Kysely } from 'kysely';
import type { ApiKeyRow, Database, Role } from '../../database.ts';
import { Reloading } from '../../reloading.ts';
import { loadApiKeys, idOf, isKeyOf } from './api-keys.ts';

/**
 * The keys, kept in memory: a request costs no query, a wrong key no more than a right one, and when the
 * database goes away those who had a key keep their access.
 */
export class KeyRing {
  #keys: ReadonlyMap<string, ApiKeyRow> = new Map();
  #reloading: Reloading | null = null;

  private constructor() {}

  /** `onLost` is told once when the database stops answering. */
  static async open(db: Kysely<Database>, onLost: (error: Error) => void): Promise<KeyRing> {
    const ring = new KeyRing();
    const load = async () => {
      ring.#keys = new Map((await loadApiKeys(db)).map((row) => [row.id, row]));
    };
    ring.#reloading = await Reloading.open(load, onLost);
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
    await this.#reloading?.close();
  }
}
