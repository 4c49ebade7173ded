import type { Kysely } from 'kysely';
import type { Config } from '../config.ts';
import type { Database } from '../database.ts';
import { factsOfAnswer } from '../features/ai-logs/facts-of-answer.ts';
import { queryAiLogs } from '../features/ai-logs/query-ai-logs.ts';
import type { AiLogsOptions } from '../features/ai-logs/read-context.ts';
import { Incidents } from '../features/incidents/incidents.ts';
import { DEFAULT_TEMPLATE } from '../features/incidents/write-note.ts';
import type { Summaries } from '../features/summaries/summaries.ts';
import type { AlertSenderOptions } from '../http/check-alert-sender.ts';
import type { Jobs, WriteOwnLines } from '../ports.ts';
import { channelsOf } from './incident-channels.ts';
import { secretsOf } from './secrets-of.ts';

const MODE = { mode: 'troubleshoot', baseline: 'previous', limit: 20 } as const;

export interface ConnectedIncidents {
  readonly incidents: Incidents;
  readonly sender: AlertSenderOptions;
  /** The jobs of incidents wait for this: the queue must know their kinds before it opens. */
  begin(jobs: Jobs): void;
}

/** Incidents, and the channels that the settings name. */
export function connectIncidents(
  config: Config,
  db: Kysely<Database>,
  aiLogs: AiLogsOptions,
  summaries: Summaries,
  writeOwnLines: WriteOwnLines,
): ConnectedIncidents {
  const { promise: opened, resolve: begin } = Promise.withResolvers<Jobs>();
  const minute = 60_000;
  const incidents = new Incidents({
    db,
    clock: aiLogs.clock,
    serviceLabel: config.SERVICE_LABEL,
    alertsMax: config.ALERTS_PER_CALL_MAX,
    groupMs: config.INCIDENT_GROUP_MINUTES * minute,
    beforeMs: config.INCIDENT_BEFORE_MINUTES * minute,
    afterMs: config.INCIDENT_AFTER_MINUTES * minute,
    keepMs: config.INCIDENT_DAYS_MAX * 24 * 60 * minute,
    secrets: secretsOf(config),
    channels: channelsOf(config, writeOwnLines, aiLogs.clock),
    template: config.NOTIFY_TEMPLATE ?? DEFAULT_TEMPLATE,
    linkTo: (id) =>
      config.INCIDENT_LINK ? config.INCIDENT_LINK.replaceAll('{id}', encodeURIComponent(id)) : null,
    analyse: async ({ startMs, endMs, services }, signal) => {
      const window = { start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() };
      const question = { ...MODE, ...window, services: services ? [...services] : undefined };
      const brief = await queryAiLogs(aiLogs, question, signal);
      return { brief, reword: (rewording) => summaries.retell(factsOfAnswer(brief), rewording) };
    },
    enqueue: async (kind, data) => (await opened).enqueue(kind, data),
  });
  const sender = {
    user: config.ALERTS_USER,
    password: config.ALERTS_PASSWORD,
    hmacSecret: config.ALERTS_HMAC_SECRET,
    signatureHeader: config.ALERTS_HMAC_HEADER,
    timestampHeader: config.ALERTS_HMAC_TIMESTAMP_HEADER,
    nowMs: aiLogs.clock,
  };
  return { incidents, sender, begin };
}
