import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { ApiKeyRow, Database, Role } from '../../database.ts';
import { AppError } from '../../errors.ts';
import { recordChange } from './audit-log.ts';

/** Held in memory by every analyzer, so there is a limit. */
const KEYS_IN_USE_MAX = 1_000;
const FORM = /^sonde_([0-9a-f]{12})_[\w-]{43}$/;

/** Who asked for a change, and when. */
export interface Change {
  readonly actor: string;
  readonly nowMs: number;
}

export interface NewApiKey {
  readonly id: string;
  /** Shown once: only its hash is kept. */
  readonly key: string;
}

/** Makes a key of 256 random bits. Throws `invalid_request` when there are too many already. */
export async function createApiKey(
  db: Kysely<Database>,
  { name, role }: { readonly name: string; readonly role: Role },
  { actor, nowMs }: Change,
): Promise<NewApiKey> {
  const id = randomBytes(6).toString('hex');
  const key = `sonde_${id}_${randomBytes(32).toString('base64url')}`;
  await db.transaction().execute(async (transaction) => {
    const { inUse } = await transaction
      .selectFrom('api_keys')
      .where('revoked_ms', 'is', null)
      .select(({ fn }) => fn.countAll<number>().as('inUse'))
      .executeTakeFirstOrThrow();
    if (inUse >= KEYS_IN_USE_MAX) {
      throw new AppError(
        'invalid_request',
        `There are ${KEYS_IN_USE_MAX} keys already. Revoke those that nobody uses.`,
      );
    }
    const row = { id, name, role, hash: hashOf(key), created_ms: nowMs, revoked_ms: null };
    await transaction.insertInto('api_keys').values(row).execute();
    await recordChange(transaction, { actor, action: 'create key', target: `${id} ${role} ${name}`, nowMs });
  });
  return { id, key };
}

/** All keys, also those revoked, oldest first. */
export function listApiKeys(db: Kysely<Database>): Promise<readonly ApiKeyRow[]> {
  return db.selectFrom('api_keys').selectAll().orderBy('created_ms').orderBy('id').execute();
}

/** Every key in use, and as many of those revoked as fit beside them. */
export function loadApiKeys(db: Kysely<Database>): Promise<readonly ApiKeyRow[]> {
  return db
    .selectFrom('api_keys')
    .selectAll()
    .orderBy((row) => row('revoked_ms', 'is not', null))
    .limit(KEYS_IN_USE_MAX)
    .execute();
}

/** Throws `not_found` when there is no such key in use. */
export async function revokeApiKey(
  db: Kysely<Database>,
  id: string,
  { actor, nowMs }: Change,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('api_keys')
      .set({ revoked_ms: nowMs })
      .where('id', '=', id)
      .where('revoked_ms', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) {
      throw new AppError('not_found', `No key in use has the id ${id}. "sonde keys list" shows them.`);
    }
    await recordChange(transaction, { actor, action: 'revoke key', target: id, nowMs });
  });
}

/** The public part of a key, by which it is looked up; null when the text is no key at all. */
export function idOf(key: string): string | null {
  return FORM.exec(key)?.[1] ?? null;
}

/** Compares in constant time. */
export function isKeyOf(row: ApiKeyRow, key: string): boolean {
  return timingSafeEqual(Buffer.from(row.hash, 'hex'), Buffer.from(hashOf(key), 'hex'));
}

/**
 * One round of SHA-256: slow hashes protect what people make up, and nobody guesses 256 random bits. A slow one would
 * only make every request slow.
 */
function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
