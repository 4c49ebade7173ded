import type { Kysely } from 'kysely';
import { grafanaAnnotations } from '../adapters/notify/grafana-annotations.ts';
import type { IncidentChannel } from '../adapters/notify/incident-channel.ts';
import { lokiLine } from '../adapters/notify/loki-line.ts';
import { mail } from '../adapters/notify/mail.ts';
import { slackApp, slackWebhook } from '../adapters/notify/slack.ts';
import { telegram } from '../adapters/notify/telegram.ts';
import { webhook } from '../adapters/notify/webhook.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database.ts';
import { queryAiLogs } from '../features/ai-logs/query-ai-logs.ts';
import type { AiLogsOptions } from '../features/ai-logs/read-context.ts';
import { Incidents } from '../features/incidents/incidents.ts';
import { DEFAULT_TEMPLATE } from '../features/incidents/write-note.ts';
import type { AlertSenderOptions } from '../http/check-alert-sender.ts';
import type { Jobs, WriteOwnLines } from '../ports.ts';

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
    analyse: ({ startMs, endMs, services }, signal) => {
      const window = { start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() };
      return queryAiLogs(
        aiLogs,
        { ...MODE, ...window, services: services ? [...services] : undefined },
        signal,
      );
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

function channelsOf(
  config: Config,
  writeOwnLines: WriteOwnLines,
  nowMs: () => number,
): readonly IncidentChannel[] {
  const timeoutMs = config.NOTIFY_TIMEOUT_MS;
  const channels: IncidentChannel[] = [];
  if (config.INCIDENT_LINES) channels.push(lokiLine(writeOwnLines, nowMs));
  if (config.GRAFANA_URL && config.GRAFANA_TOKEN)
    channels.push(grafanaAnnotations({ url: config.GRAFANA_URL, token: config.GRAFANA_TOKEN, timeoutMs }));
  if (config.SLACK_TOKEN && config.SLACK_CHANNEL)
    channels.push(
      slackApp({
        apiUrl: config.SLACK_API_URL,
        token: config.SLACK_TOKEN,
        channel: config.SLACK_CHANNEL,
        timeoutMs,
      }),
    );
  else if (config.SLACK_WEBHOOK_URL) channels.push(slackWebhook(config.SLACK_WEBHOOK_URL, timeoutMs));
  if (config.NOTIFY_WEBHOOK_URL)
    channels.push(webhook(config.NOTIFY_WEBHOOK_URL, config.NOTIFY_WEBHOOK_TOKEN, timeoutMs));
  if (config.SMTP_URL && config.MAIL_FROM && config.MAIL_TO)
    channels.push(mail({ url: config.SMTP_URL, from: config.MAIL_FROM, to: config.MAIL_TO, timeoutMs }));
  if (config.TELEGRAM_TOKEN && config.TELEGRAM_CHAT)
    channels.push(
      telegram({
        apiUrl: config.TELEGRAM_API_URL,
        token: config.TELEGRAM_TOKEN,
        chat: config.TELEGRAM_CHAT,
        timeoutMs,
      }),
    );
  return channels;
}

/** What must never stand in an incident or a message, whoever wrote it into a log. */
function secretsOf(config: Config): readonly string[] {
  return [
    config.ALERTS_PASSWORD,
    config.ALERTS_HMAC_SECRET,
    config.GRAFANA_TOKEN,
    config.SLACK_TOKEN,
    config.SLACK_WEBHOOK_URL,
    config.NOTIFY_WEBHOOK_URL,
    config.NOTIFY_WEBHOOK_TOKEN,
    config.SMTP_URL,
    config.TELEGRAM_TOKEN,
    config.LOKI_TOKEN,
    config.LOKI_PASSWORD,
    config.DATABASE_URL,
    config.REDIS_URL,
  ].filter((secret): secret is string => secret !== undefined && secret.length >= 4);
}
