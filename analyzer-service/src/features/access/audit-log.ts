import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from '../../database.ts';

/** Writes down who changed what. */
export async function recordChange(
  db: Kysely<Database>,
  change: {
    readonly actor: string;
    readonly action: string;
    readonly target: string;
    readonly nowMs: number;
  },
): Promise<void> {
  const { actor, action, target, nowMs } = change;
  await db
    .insertInto('audit_log')
    .values({ id: randomUUID(), time_ms: nowMs, actor, action, target })
    .execute();
}
