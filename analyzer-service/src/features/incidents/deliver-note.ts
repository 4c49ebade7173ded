import { hideSecrets } from '../../engine/redaction/hide-secrets.ts';
import { AppError } from '../../errors.ts';
import type { IncidentsOptions } from './incidents-options.ts';
import { readIncident } from './read-incidents.ts';
import { writeNote } from './write-note.ts';

const ATTEMPTS_MAX = 5;

/** Tells one channel the newest version of one incident. Throws to be tried again, until the attempts are used up. */
export async function deliverNote(
  options: IncidentsOptions,
  deliveryId: string,
  signal: AbortSignal,
): Promise<void> {
  const { db, clock, channels } = options;
  const row = await db
    .selectFrom('incident_deliveries')
    .selectAll()
    .where('id', '=', deliveryId)
    .executeTakeFirst();
  if (row?.state !== 'waiting') return;
  const channel = channels.find(({ name }) => name === row.channel);
  const change = (values: object) =>
    db
      .updateTable('incident_deliveries')
      .set({ ...values, updated_ms: clock() })
      .where('id', '=', deliveryId)
      .where('wanted_version', '=', row.wanted_version)
      .execute();
  if (!channel)
    return void (await change({ state: 'failed', error: 'This channel is not set up any more.' }));
  const incident = await readIncident(db, row.incident_id);
  if (!incident) return;
  let failure: string | null = null;
  try {
    const reference = await channel.send(writeNote(incident, options), row.reference, signal);
    await db
      .updateTable('incident_deliveries')
      .set({ reference, sent_version: row.wanted_version, updated_ms: clock() })
      .where('id', '=', deliveryId)
      .execute();
    await change({ state: 'sent', error: null });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const reason = hideSecrets(words, options.secrets).slice(0, 500);
    const attempts = row.attempts + 1;
    const isFinal = attempts >= ATTEMPTS_MAX || isHopeless(error);
    await change({ attempts, error: reason, ...(isFinal ? { state: 'failed' } : {}) });
    if (!isFinal || signal.aborted) failure = reason;
  }
  // Without its cause, whose words may hold what was hidden.
  if (failure !== null) throw new Error(failure);
}

/** What the next attempt would meet again: a refused token, a message that the channel does not take. */
function isHopeless(error: unknown): boolean {
  return error instanceof AppError && error.code === 'invalid_configuration';
}
