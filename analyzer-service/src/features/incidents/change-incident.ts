import type { IncidentRow } from '../../database/incident-tables.ts';
import { hideSecrets } from '../../engine/redaction/hide-secrets.ts';
import { AppError } from '../../errors.ts';
import { writeEvent } from './incident-rows.ts';
import type { IncidentsOptions } from './incidents-options.ts';
import { wantDeliveries } from './want-deliveries.ts';

export interface IncidentChange {
  readonly state?: IncidentRow['state'] | undefined;
  readonly feedback?:
    { readonly verdict: 'right' | 'wrong'; readonly true_cause?: string | undefined } | undefined;
}

/** Sets state and feedback; a new state is told to the channels. Throws `not_found`. */
export async function changeIncident(
  options: IncidentsOptions,
  id: string,
  { state, feedback }: IncidentChange,
  actor: string,
): Promise<void> {
  const { db, clock, secrets } = options;
  await db.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom('incidents')
      .select(['state', 'version'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row)
      throw new AppError('not_found', `There is no incident ${id}. GET /api/v1/incidents lists them.`);
    const nowMs = clock();
    const change = (values: Partial<IncidentRow>) =>
      transaction
        .updateTable('incidents')
        .set({ ...values, updated_ms: nowMs })
        .where('id', '=', id)
        .execute();
    if (state && state !== row.state) {
      await change({ state, ended_ms: state === 'resolved' ? nowMs : null, version: row.version + 1 });
      await writeEvent(transaction, id, nowMs, 'state', `Set to ${state} by ${actor}`);
      await wantDeliveries(transaction, options, id);
    }
    if (feedback) {
      const trueCause = feedback.true_cause ? hideSecrets(feedback.true_cause, secrets) : null;
      await change({ verdict: feedback.verdict, true_cause: trueCause });
      const cause = trueCause ? `; the cause was: ${trueCause}` : '';
      await writeEvent(
        transaction,
        id,
        nowMs,
        'feedback',
        `The analysis is ${feedback.verdict}, says ${actor}${cause}`,
      );
    }
  });
}
