import type { Kysely, Selectable } from 'kysely';
import type { ChatTurnRow, ChatSessionRow } from '../../database/model-tables.ts';
import type { Database } from '../../database.ts';
import { AppError } from '../../errors.ts';
import { seal, type SealKey, unseal } from '../../seal.ts';

export type SessionRow = Selectable<Database['chat_sessions']>;
type TurnRow = Selectable<Database['chat_turns']>;

/** What is sealed of a session besides its turns. */
export interface SessionHead {
  readonly title: string;
  readonly instruction: string;
}

/** Who writes an answer in a session, and until when the session waits for it. */
export interface Lease {
  readonly by: string;
  readonly nowMs: number;
  readonly untilMs: number;
}

export type NewTurn = Omit<ChatTurnRow, 'session_id' | 'key_id'>;

const DELETE_BATCH = 200;

/** Sessions in the database, encrypted where there is a key. */
export class ChatStore {
  readonly #db: Kysely<Database>;
  readonly #keys: readonly SealKey[];

  constructor(db: Kysely<Database>, keys: readonly SealKey[]) {
    this.#db = db;
    this.#keys = keys;
  }

  /** A new session with its first message, in the hands of the one who answers. Throws `conflict` when the caller has too many. */
  async begin(
    { id, actor }: Pick<ChatSessionRow, 'id' | 'actor'>,
    head: SessionHead,
    lease: Lease,
    turn: NewTurn,
    sessionsMax: number,
  ): Promise<void> {
    const { keyId, text } = this.#sealed(id, JSON.stringify(head));
    const times = { created_ms: lease.nowMs, updated_ms: lease.nowMs };
    const busy = { busy_by: lease.by, busy_until_ms: lease.untilMs };
    await this.#db.transaction().execute(async (transaction) => {
      const { count } = await transaction
        .selectFrom('chat_sessions')
        .where('actor', '=', actor)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      if (count >= sessionsMax)
        throw new AppError(
          'conflict',
          `There are ${count} sessions already, and CHAT_SESSIONS_MAX allows ${sessionsMax}. Go on in one of them, or remove some with DELETE /api/v1/chat/{id}.`,
        );
      await transaction
        .insertInto('chat_sessions')
        .values({ id, actor, ...times, turns: turn.number, key_id: keyId, head: text, ...busy })
        .execute();
      await transaction.insertInto('chat_turns').values(this.#turnRow(id, turn)).execute();
    });
  }

  /** Takes the session, unless an answer is being written in it. */
  async claim(id: string, { by, nowMs, untilMs }: Lease): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('chat_sessions')
      .set({ busy_by: by, busy_until_ms: untilMs })
      .where('id', '=', id)
      .where((row) => row.or([row('busy_until_ms', 'is', null), row('busy_until_ms', '<=', nowMs)]))
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /**
   * Writes into a session that `by` has claimed: a turn more, what became of another one, a new head. `free` gives the
   * session back. False when the session was removed or went to somebody else.
   */
  async write(
    id: string,
    by: string,
    changes: {
      readonly nowMs: number;
      readonly add?: NewTurn;
      readonly change?: Pick<ChatTurnRow, 'number' | 'state' | 'error'>;
      readonly head?: SessionHead;
      readonly free?: boolean;
    },
  ): Promise<boolean> {
    const { add, change, nowMs } = changes;
    const sealed = changes.head && this.#sealed(id, JSON.stringify(changes.head));
    return this.#db.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('chat_sessions')
        .set({
          updated_ms: nowMs,
          ...(add && { turns: add.number }),
          ...(sealed && { key_id: sealed.keyId, head: sealed.text }),
          ...(changes.free && { busy_by: null, busy_until_ms: null }),
        })
        .where('id', '=', id)
        .where('busy_by', '=', by)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      if (change)
        await transaction
          .updateTable('chat_turns')
          .set({ state: change.state, error: change.error })
          .where('session_id', '=', id)
          .where('number', '=', change.number)
          .execute();
      if (add) await transaction.insertInto('chat_turns').values(this.#turnRow(id, add)).execute();
      return true;
    });
  }

  /** Null when there is no such session. */
  async find(id: string): Promise<SessionRow | null> {
    const row = await this.#db
      .selectFrom('chat_sessions')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row ?? null;
  }

  /** Throws `invalid_configuration` when its key is missing. */
  headOf(row: SessionRow): SessionHead {
    return JSON.parse(this.#opened(row.id, row.key_id, row.head)) as SessionHead;
  }

  /** All turns in order, opened. Throws like headOf. */
  async turns(id: string): Promise<readonly TurnRow[]> {
    const rows = await this.#db
      .selectFrom('chat_turns')
      .selectAll()
      .where('session_id', '=', id)
      .orderBy('number')
      .execute();
    return rows.map((row) => ({ ...row, text: this.#opened(nameOf(row), row.key_id, row.text) }));
  }

  /** Latest first, those after `before`; of everybody when `actor` is null. */
  async list(
    actor: string | null,
    limit: number,
    before: SessionRow | undefined,
  ): Promise<readonly SessionRow[]> {
    let query = this.#db
      .selectFrom('chat_sessions')
      .selectAll()
      .orderBy('updated_ms', 'desc')
      .orderBy('id', 'desc')
      .limit(limit);
    if (actor !== null) query = query.where('actor', '=', actor);
    if (before)
      query = query.where((row) =>
        row.or([
          row('updated_ms', '<', before.updated_ms),
          row.and([row('updated_ms', '=', before.updated_ms), row('id', '<', before.id)]),
        ]),
      );
    return query.execute();
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      // In this order: an answer that is being written holds the session, so that no turn of it stays behind.
      await transaction.deleteFrom('chat_sessions').where('id', 'in', ids).execute();
      await transaction.deleteFrom('chat_turns').where('session_id', 'in', ids).execute();
    });
  }

  /** Removes sessions in which nothing was said since a time, in batches that hold up nobody. */
  async removeBefore(beforeMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const old = await this.#db
        .selectFrom('chat_sessions')
        .select('id')
        .where('updated_ms', '<', beforeMs)
        .limit(DELETE_BATCH)
        .execute();
      if (old.length > 0) await this.remove(old.map(({ id }) => id));
      if (old.length < DELETE_BATCH) return;
    }
  }

  #turnRow(id: string, turn: NewTurn): ChatTurnRow {
    const name = nameOf({ session_id: id, number: turn.number });
    const { keyId, text } = this.#sealed(name, turn.text);
    return { ...turn, session_id: id, key_id: keyId, text };
  }

  #sealed(name: string, text: string) {
    return seal(this.#keys, name, Buffer.from(text));
  }

  #opened(name: string, keyId: string | null, text: string): string {
    return unseal(this.#keys, name, { keyId, text }).toString('utf8');
  }
}

/** What a turn is sealed for: it can be put into no other place. */
export function nameOf({ session_id, number }: Pick<ChatTurnRow, 'session_id' | 'number'>): string {
  return `${session_id}/${number}`;
}
