import { randomUUID } from 'node:crypto';
import type { Alert } from './alert.ts';
import type { IncidentsOptions } from './incidents-options.ts';
import { readAlerts } from './read-alerts.ts';

/** Keeps what a call brought before it is answered. Throws `invalid_request`, `database_unreachable`. */
export async function receiveAlerts(
  options: Pick<IncidentsOptions, 'db' | 'clock' | 'alertsMax' | 'serviceLabel' | 'secrets'>,
  body: string,
): Promise<{ readonly id: string; readonly alerts: readonly Alert[]; readonly leftOut: number }> {
  const receivedMs = options.clock();
  const { alerts, leftOut } = readAlerts(body, { ...options, receivedMs });
  const id = randomUUID();
  await options.db
    .insertInto('alert_receipts')
    .values({ id, received_ms: receivedMs, alerts: JSON.stringify(alerts), handled_ms: null })
    .execute();
  return { id, alerts, leftOut };
}
