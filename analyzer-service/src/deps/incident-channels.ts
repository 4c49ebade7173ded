import { grafanaAnnotations } from '../adapters/notify/grafana-annotations.ts';
import { lokiLine } from '../adapters/notify/loki-line.ts';
import { mail } from '../adapters/notify/mail.ts';
import { slackApp, slackWebhook } from '../adapters/notify/slack.ts';
import { telegram } from '../adapters/notify/telegram.ts';
import { webhook } from '../adapters/notify/webhook.ts';
import type { Config } from '../config.ts';
import type { WriteOwnLines } from '../ports.ts';
import type { IncidentChannel } from '../ports/incident-channel.ts';

/** The channels that the settings name. */
export function channelsOf(
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
