import type { Kysely } from 'kysely';
import type { Database } from '../../database.ts';
import type { Clock, JobKind } from '../../ports.ts';
import type { Analyse } from './brief.ts';
import type { IncidentChannel } from '../../ports/incident-channel.ts';

export interface IncidentsOptions {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly serviceLabel: string;
  readonly alertsMax: number;
  /** Alerts that start within this time of each other may be one incident. */
  readonly groupMs: number;
  /** How much before and after the first alert is looked at. */
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly keepMs: number;
  readonly secrets: readonly string[];
  readonly channels: readonly IncidentChannel[];
  /** Text of notifications, with {{title}}, {{summary}}, {{lines}} and so on. */
  readonly template: string;
  /** Where people see an incident; null when nothing says where that is. */
  readonly linkTo: (incidentId: string) => string | null;
  readonly analyse: Analyse;
  readonly enqueue: <T extends object>(kind: JobKind<T>, data: T) => Promise<unknown>;
}
