import { z } from '@hono/zod-openapi';
import { INCIDENT_STATES } from '../../database/incident-tables.ts';

const isoTime = z.string().openapi({ example: '2026-11-20T10:00:00.000Z' });
const range = z.object({ start: isoTime, end: isoTime });
const state = z.enum(INCIDENT_STATES);

export const webhookAnswerSchema = z
  .object({
    receipt: z.string().openapi({ description: 'Under this id the alerts are kept' }),
    alerts: z.number().openapi({ description: 'How many were read' }),
    left_out: z.number().openapi({ description: 'How many the sender or ALERTS_PER_CALL_MAX left out' }),
  })
  .openapi('AlertsReceived', {
    example: { receipt: '0d9c2f0e-5b1e-4f0a-9d0e-0c1f2a3b4c5d', alerts: 2, left_out: 0 },
  });

export const incidentPathSchema = z.object({
  id: z.string().min(1).max(64).openapi({ example: '0d9c2f0e-5b1e-4f0a-9d0e-0c1f2a3b4c5d' }),
});

export const incidentsQuerySchema = z.strictObject({
  state: state.optional(),
  service: z.string().min(1).max(200).optional().openapi({ example: 'payments' }),
  before: z.coerce.number().int().positive().optional().openapi({
    description: 'Milliseconds since the epoch: incidents that began earlier; `next` of the last page',
  }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const feedback = z.object({ verdict: z.enum(['right', 'wrong']), true_cause: z.string().nullable() });

const incidentFields = {
  id: z.string(),
  state,
  title: z.string(),
  summary: z.string(),
  services: z.array(z.string()),
  suspect: z.string().nullable(),
  started: isoTime,
  ended: isoTime.nullable(),
  updated: isoTime,
  analysis: z.enum(['waiting', 'done', 'failed']),
  feedback: feedback.nullable(),
};

const incidentRowSchema = z.object({ ...incidentFields, alerts: z.number() }).openapi('IncidentRow');

export const incidentsSchema = z
  .object({
    incidents: z.array(incidentRowSchema),
    next: z
      .number()
      .nullable()
      .openapi({ description: 'Value of `before` for the next page; null at the end' }),
  })
  .openapi('Incidents');

const briefLine = z.object({
  timestamp_ns: z.string(),
  time: isoTime,
  service: z.string(),
  level: z.string(),
  line: z.string(),
});

const incidentFinding = z
  .object({
    id: z.string(),
    kind: z.string(),
    severity: z.string(),
    service: z.string(),
    affected: z.array(z.string()),
    title: z.string(),
    since: isoTime.nullable(),
    evidence: z.array(briefLine),
    evidence_query: z.string().openapi({ description: 'LogQL that shows the lines' }),
  })
  .openapi('IncidentFinding');

const incidentAlert = z
  .object({
    name: z.string(),
    state: z.enum(['firing', 'resolved']),
    fingerprint: z.string(),
    starts: isoTime,
    ends: isoTime.nullable(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    services: z.array(z.string()),
    rule_url: z.string().nullable(),
  })
  .openapi('IncidentAlert');

export const incidentSchema = z
  .object({
    ...incidentFields,
    alerts: z.array(incidentAlert),
    window: range.nullable(),
    baseline: range.nullable(),
    findings: z.array(incidentFinding),
    suspects: z.array(z.object({ service: z.string(), score: z.number(), reasons: z.array(z.string()) })),
    timeline: z.array(z.object({ time: isoTime, kind: z.string(), text: z.string() })),
    deliveries: z.array(
      z.object({
        channel: z.string(),
        state: z.enum(['waiting', 'sent', 'failed']),
        attempts: z.number(),
        error: z.string().nullable(),
        updated: isoTime,
      }),
    ),
    warnings: z.array(z.string()),
  })
  .openapi('Incident');

export type IncidentAnswer = z.infer<typeof incidentSchema>;
export type IncidentsAnswer = z.infer<typeof incidentsSchema>;

export const incidentChangeSchema = z
  .strictObject({
    state: state.optional(),
    feedback: z
      .strictObject({
        verdict: z.enum(['right', 'wrong']),
        true_cause: z.string().min(1).max(2_000).optional(),
      })
      .optional(),
  })
  .refine((change) => change.state !== undefined || change.feedback !== undefined, 'give state or feedback')
  .openapi('IncidentChange', {
    example: {
      state: 'acknowledged',
      feedback: { verdict: 'wrong', true_cause: 'An expired certificate at the bank' },
    },
  });
