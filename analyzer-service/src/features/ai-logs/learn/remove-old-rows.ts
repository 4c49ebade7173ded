import type { Kysely } from 'kysely';
import type { Database } from '../../../database.ts';

/** Removes what ended before `beforeMs`. Runs after every slice or so, so that there is never much to remove at once. */
export async function removeOldRows(db: Kysely<Database>, beforeMs: number): Promise<void> {
  await db.deleteFrom('ai_operations').where('time_ms', '<', beforeMs).execute();
  await db.deleteFrom('ai_conversations').where('ended_ms', '<', beforeMs).execute();
  await db.deleteFrom('ai_correlations').where('started_ms', '<', beforeMs).execute();
  await db.deleteFrom('ai_workspace_usage').where('day_ms', '<', beforeMs).execute();
  await db.deleteFrom('ai_error_patterns').where('start_ms', '<', beforeMs).execute();
  await db.deleteFrom('ai_performance_baselines').where('start_ms', '<', beforeMs).execute();
  await db.deleteFrom('new_patterns').where('found_ms', '<', beforeMs).execute();
  await db.deleteFrom('learned_templates').where('last_ms', '<', beforeMs).execute();
}
