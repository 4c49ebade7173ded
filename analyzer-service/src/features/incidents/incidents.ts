import type { JobKind } from '../../ports.ts';
import { analyseIncident } from './analyse-incident.ts';
import { deliverNote } from './deliver-note.ts';
import { groupWaitingAlerts } from './group-alerts.ts';
import type { IncidentsOptions } from './incidents-options.ts';
import { receiveAlerts } from './receive-alerts.ts';
import { removeOldIncidents } from './remove-old-incidents.ts';

/** After this long without an outcome, work counts as lost and is put into the queue again. */
const LOST_MS = 10 * 60_000;
const AT_ONCE = 100;
const HOUR_MS = 3_600_000;

/**
 * From alerts to incidents in three kinds of jobs: group what came in, read the logs around an incident, tell one
 * channel about it. What has to be done stands in the tables; a job only says that there is something.
 */
export class Incidents {
  readonly #options: IncidentsOptions;
  readonly #grouping: JobKind<Record<string, never>>;
  readonly #analysing: JobKind<{ readonly incidentId: string }>;
  readonly #delivering: JobKind<{ readonly deliveryId: string }>;
  readonly kinds: readonly JobKind<never>[];

  constructor(options: IncidentsOptions) {
    this.#options = options;
    const limits = { retryDelayMs: 5_000, keepMs: HOUR_MS };
    this.#grouping = {
      name: 'group-alerts',
      // Finds what a process left behind that died between keeping an alert and saying so.
      everyMs: 30_000,
      attemptsMax: 5,
      timeLimitMs: 60_000,
      ...limits,
      run: () => this.#group(),
    };
    this.#analysing = {
      name: 'analyse-incident',
      attemptsMax: 6,
      timeLimitMs: 180_000,
      ...limits,
      run: async ({ incidentId }, signal) => {
        await analyseIncident(options, incidentId, signal);
        await this.#queueWork();
      },
    };
    this.#delivering = {
      name: 'tell-of-incident',
      attemptsMax: 6,
      timeLimitMs: 90_000,
      ...limits,
      run: ({ deliveryId }, signal) => deliverNote(options, deliveryId, signal),
    };
    this.kinds = [this.#grouping, this.#analysing, this.#delivering, removeOldIncidents(options)];
  }

  get options(): IncidentsOptions {
    return this.#options;
  }

  /** Keeps the alerts of a call; what follows from them is done by jobs. Throws like receiveAlerts. */
  async receive(body: string) {
    const received = await receiveAlerts(this.#options, body);
    // The alerts are kept: when the queue is away, the next look of the repeated job finds them.
    await this.#options.enqueue(this.#grouping, {}).catch(() => undefined);
    return received;
  }

  /** Sees to it that channels learn of a change that somebody made. */
  async announce(): Promise<void> {
    // The change is kept: when the queue is away, the next look of the repeated job finds what has to be told.
    await this.#queueWork().catch(() => undefined);
  }

  async #group(): Promise<void> {
    while ((await groupWaitingAlerts(this.#options)) > 0);
    await this.#queueWork();
  }

  /** Puts into the queue what waits and is not in it; also what was put there long ago and has no outcome. */
  async #queueWork(): Promise<void> {
    const { db, clock, enqueue } = this.#options;
    const lostBeforeMs = clock() - LOST_MS;
    const incidents = await db
      .selectFrom('incidents')
      .select('id')
      .where('analysis', '=', 'waiting')
      .where((row) => row.or([row('queued_ms', 'is', null), row('queued_ms', '<', lostBeforeMs)]))
      .limit(AT_ONCE)
      .execute();
    for (const { id } of incidents)
      if (await this.#take('incidents', id, lostBeforeMs)) await enqueue(this.#analysing, { incidentId: id });
    const deliveries = await db
      .selectFrom('incident_deliveries')
      .select('id')
      .where('state', '=', 'waiting')
      .where((row) => row.or([row('queued_ms', 'is', null), row('queued_ms', '<', lostBeforeMs)]))
      .limit(AT_ONCE)
      .execute();
    for (const { id } of deliveries)
      if (await this.#take('incident_deliveries', id, lostBeforeMs))
        await enqueue(this.#delivering, { deliveryId: id });
  }

  /** True for the one that marks it first. */
  async #take(
    table: 'incidents' | 'incident_deliveries',
    id: string,
    lostBeforeMs: number,
  ): Promise<boolean> {
    const { numUpdatedRows } = await this.#options.db
      .updateTable(table)
      .set({ queued_ms: this.#options.clock() })
      .where('id', '=', id)
      .where((row) => row.or([row('queued_ms', 'is', null), row('queued_ms', '<', lostBeforeMs)]))
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }
}
