import { createHash } from 'node:crypto';
import { z } from 'zod';
import { hideSecrets } from '../../engine/redaction/hide-secrets.ts';
import { AppError } from '../../errors.ts';
import type { Alert } from './alert.ts';
import { namedServices } from './named-services.ts';

const TEXT_CHARACTERS_MAX = 2_000;
const NAMES_MAX = 64;

// Only what is needed, and nothing that is required: an odd payload is better read in part than refused.
const record = z.record(z.string(), z.unknown()).catch({});
const text = z.string().optional().catch(undefined);
const alertSchema = z.object({
  status: text,
  labels: record,
  annotations: record,
  startsAt: text,
  endsAt: text,
  fingerprint: text,
  generatorURL: text,
  dashboardURL: text,
  panelURL: text,
});
const payloadSchema = z.object({
  status: text,
  alerts: z.array(z.unknown()),
  commonLabels: record.optional(),
  commonAnnotations: record.optional(),
  truncatedAlerts: z.coerce.number().int().min(0).catch(0),
});

export interface ReadAlertsOptions {
  readonly receivedMs: number;
  readonly alertsMax: number;
  readonly serviceLabel: string;
  /** Secrets of the settings, which no alert may carry on. */
  readonly secrets: readonly string[];
}

/**
 * The alerts of one call of Grafana Alerting or Alertmanager, and how many it left out. Both send the same shape:
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config, and Grafana some fields more.
 * Throws `invalid_request` when there is no list of alerts.
 */
export function readAlerts(
  body: string,
  options: ReadAlertsOptions,
): { readonly alerts: readonly Alert[]; readonly leftOut: number } {
  const payload = payloadSchema.safeParse(parseJson(body));
  if (!payload.success)
    throw new AppError(
      'invalid_request',
      'This is no alert of Grafana or Alertmanager: it has no list "alerts". Use their webhook integration without a custom payload.',
    );
  const { alerts, status, commonLabels = {}, commonAnnotations = {}, truncatedAlerts } = payload.data;
  const known = new Map<string, Alert>();
  for (const raw of alerts.slice(0, options.alertsMax)) {
    const given = alertSchema.safeParse(raw);
    if (!given.success) continue;
    const labels = { ...commonLabels, ...given.data.labels };
    const annotations = { ...commonAnnotations, ...given.data.annotations };
    const alert = readAlert(
      { ...given.data, status: given.data.status ?? status, labels, annotations },
      options,
    );
    known.set(`${alert.id} ${alert.state}`, alert);
  }
  const leftOut = truncatedAlerts + Math.max(0, alerts.length - options.alertsMax);
  return { alerts: [...known.values()], leftOut };
}

function readAlert(given: z.infer<typeof alertSchema>, options: ReadAlertsOptions): Alert {
  const labels = texts(given.labels, options.secrets);
  const annotations = texts(given.annotations, options.secrets);
  const fingerprint = (given.fingerprint || fingerprintOf(labels)).slice(0, 200);
  const startsMs = instant(given.startsAt);
  const endsMs = instant(given.endsAt);
  const state = given.status === 'resolved' ? 'resolved' : 'firing';
  const { dashboardUid, panelId } = panelOf(given, annotations);
  return {
    id: `${fingerprint} ${startsMs ?? 'unknown'}`,
    fingerprint,
    state,
    name: labels.alertname || annotations.summary?.slice(0, 200) || 'Alert without a name',
    startsMs: startsMs ?? Math.min(endsMs ?? options.receivedMs, options.receivedMs),
    endsMs: state === 'resolved' ? (endsMs ?? options.receivedMs) : null,
    labels,
    annotations,
    ruleUrl: httpAddress(given.generatorURL),
    dashboardUid,
    panelId,
    services: namedServices({ labels, annotations, ruleUrl: given.generatorURL }, options.serviceLabel),
  };
}

function texts(given: Record<string, unknown>, secrets: readonly string[]): Record<string, string> {
  const entries = Object.entries(given).slice(0, NAMES_MAX);
  return Object.fromEntries(
    entries
      .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
      .map(([name, value]) => [
        name.slice(0, 200),
        hideSecrets(
          (typeof value === 'string' ? value : JSON.stringify(value))
            .slice(0, TEXT_CHARACTERS_MAX)
            .toWellFormed(),
          secrets,
        ),
      ]),
  );
}

/** Alertmanager's own is a hash of the labels too. */
function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}

/** Null for what is no time, and for the year 1, by which Go says that there is none. */
function instant(given: string | undefined): number | null {
  const ms = given ? Date.parse(given) : Number.NaN;
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

function httpAddress(given: string | undefined): string | null {
  if (!given || given.length > TEXT_CHARACTERS_MAX || !URL.canParse(given)) return null;
  return ['http:', 'https:'].includes(new URL(given).protocol) ? given : null;
}

/** Grafana names the panel in annotations of its own, or in the addresses of dashboard and panel. */
function panelOf(
  { dashboardURL, panelURL }: z.infer<typeof alertSchema>,
  annotations: Readonly<Record<string, string>>,
) {
  const address = httpAddress(panelURL) ?? httpAddress(dashboardURL);
  const url = address ? new URL(address) : null;
  const panel = annotations.__panelId__ ?? url?.searchParams.get('viewPanel') ?? '';
  const number = Number(/\d+$/.exec(panel)?.[0] ?? Number.NaN);
  return {
    dashboardUid: annotations.__dashboardUid__ ?? /\/d\/([\w-]{1,80})/.exec(url?.pathname ?? '')?.[1] ?? null,
    panelId: Number.isSafeInteger(number) ? number : null,
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new AppError('invalid_request', 'The body is not JSON. Send what Grafana or Alertmanager sends.', {
      cause: error,
    });
  }
}
