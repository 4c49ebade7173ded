// Alerts and incidents: a part of the schema in `../database.ts`.

/** What one call of the webhook brought: kept before the call is answered. */
export interface AlertReceiptRow {
  readonly id: string;
  readonly received_ms: number;
  /** JSON list of alerts, read and without secrets. */
  readonly alerts: string;
  readonly handled_ms: number | null;
}

export const INCIDENT_STATES = ['firing', 'acknowledged', 'resolved'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** Alerts that are one fault, and what was found about it. */
export interface IncidentRow {
  readonly id: string;
  readonly state: IncidentState;
  readonly started_ms: number;
  readonly ended_ms: number | null;
  readonly created_ms: number;
  readonly updated_ms: number;
  readonly title: string;
  readonly summary: string;
  /** JSON list: those that alerts name, and those that the findings connect with the suspect. */
  readonly services: string;
  readonly suspect: string | null;
  /** JSON list of the services that alone are analysed; null for all. */
  readonly scope: string | null;
  readonly analysis: 'waiting' | 'done' | 'failed';
  readonly analysis_attempts: number;
  /** JSON of the brief; null before the analysis. */
  readonly answer: string | null;
  /** Grows with each change that is told to others. */
  readonly version: number;
  /** When its analysis was put into the queue of jobs. */
  readonly queued_ms: number | null;
  readonly verdict: 'right' | 'wrong' | null;
  readonly true_cause: string | null;
}

export interface IncidentAlertRow {
  /** Fingerprint and start: the same alert is one row however often it is sent. */
  readonly id: string;
  readonly incident_id: string;
  readonly fingerprint: string;
  readonly state: 'firing' | 'resolved';
  readonly starts_ms: number;
  readonly ends_ms: number | null;
  /** JSON of the alert as it was read. */
  readonly alert: string;
}

export interface IncidentEventRow {
  readonly id: string;
  readonly incident_id: string;
  readonly time_ms: number;
  readonly kind: 'alert' | 'analysis' | 'state' | 'feedback';
  readonly text: string;
}

/** What one channel was told about one incident. */
export interface IncidentDeliveryRow {
  readonly id: string;
  readonly incident_id: string;
  readonly channel: string;
  readonly state: 'waiting' | 'sent' | 'failed';
  readonly wanted_version: number;
  readonly sent_version: number;
  readonly attempts: number;
  /** How the channel calls the message, so that it can be changed. */
  readonly reference: string | null;
  readonly error: string | null;
  readonly queued_ms: number | null;
  readonly updated_ms: number;
}
