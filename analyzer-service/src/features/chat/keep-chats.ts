import type { Kysely } from 'kysely';
import type { Database } from '../../database.ts';
import type { Clock, JobKind } from '../../ports.ts';
import { seal, type SealKey, unseal } from '../../seal.ts';
import { type ChatStore, nameOf } from './chat-store.ts';

const DAY_MS = 24 * 3_600_000;
const BATCH = 200;

export interface KeepChatsOptions {
  readonly db: Kysely<Database>;
  readonly store: ChatStore;
  readonly clock: Clock;
  readonly daysMax: number;
  readonly keys: readonly SealKey[];
}

/** The hourly job that removes old sessions, and encrypts the others again after the key was changed. */
export function keepChats(options: KeepChatsOptions): JobKind<Record<string, never>> {
  const { db, store, clock, daysMax, keys } = options;
  return {
    name: 'keep-chats',
    everyMs: 3_600_000,
    attemptsMax: 3,
    retryDelayMs: 60_000,
    timeLimitMs: 600_000,
    keepMs: DAY_MS,
    run: async (_, signal) => {
      await store.removeBefore(clock() - daysMax * DAY_MS, signal);
      if (keys.length === 0) return;
      while (!signal.aborted && (await sealHeads(db, keys)) > 0);
      while (!signal.aborted && (await sealTurns(db, keys)) > 0);
    },
  };
}

/** Some of those that are not encrypted, or with an older key that is known. What was written meanwhile stays. */
async function sealHeads(db: Kysely<Database>, keys: readonly SealKey[]): Promise<number> {
  const rows = await db
    .selectFrom('chat_sessions')
    .select(['id', 'key_id', 'head'])
    .where((row) => row.or([row('key_id', 'is', null), row('key_id', 'in', olderThanFirst(keys))]))
    .limit(BATCH)
    .execute();
  for (const { id, key_id, head } of rows) {
    const { keyId, text } = seal(keys, id, unseal(keys, id, { keyId: key_id, text: head }));
    await db
      .updateTable('chat_sessions')
      .set({ key_id: keyId, head: text })
      .where('id', '=', id)
      .where('head', '=', head)
      .execute();
  }
  return rows.length;
}

async function sealTurns(db: Kysely<Database>, keys: readonly SealKey[]): Promise<number> {
  const rows = await db
    .selectFrom('chat_turns')
    .select(['session_id', 'number', 'key_id', 'text'])
    .where((row) => row.or([row('key_id', 'is', null), row('key_id', 'in', olderThanFirst(keys))]))
    .limit(BATCH)
    .execute();
  for (const row of rows) {
    const name = nameOf(row);
    const { keyId, text } = seal(keys, name, unseal(keys, name, { keyId: row.key_id, text: row.text }));
    await db
      .updateTable('chat_turns')
      .set({ key_id: keyId, text })
      .where('session_id', '=', row.session_id)
      .where('number', '=', row.number)
      .execute();
  }
  return rows.length;
}

/** Never empty, which SQL does not take; no key is called "". */
function olderThanFirst(keys: readonly SealKey[]): readonly string[] {
  return ['', ...keys.slice(1).map(({ id }) => id)];
}
