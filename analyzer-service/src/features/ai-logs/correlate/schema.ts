import { z } from '@hono/zod-openapi';
import { filterParameters, parameters, windowParameters } from '../parameters/schema.ts';
import { cached, coverage, finding, isoTime, line, queryRun, range } from '../schema.ts';

/** The parameters of `GET /api/v1/ai_logs/correlate`. */
export const correlateQuerySchema = parameters({
  ...windowParameters,
  ...filterParameters,
  limit: z.coerce
    .number({ error: 'must be a number' })
    .int()
    .min(1)
    .max(2_000)
    .default(200)
    .openapi({ description: "How many of a request's lines the answer holds at most" }),
});

export type CorrelateQuery = z.infer<typeof correlateQuerySchema>;

const span = z
  .object({
    service: z.string(),
    span_id: z.string().nullable(),
    parent: z.number().nullable().openapi({ description: 'Index of the span that called it' }),
    depth: z.number(),
    offset_ms: z.number().openapi({ description: 'From the start of the request' }),
    duration_ms: z.number(),
    self_ms: z.number().openapi({ description: 'Without the time in which it waited for others' }),
    lines: z.number(),
    errors: z.number(),
    asynchronous: z.boolean().openapi({ description: 'Nobody waited for it' }),
    unanswered: z.boolean().openapi({ description: 'Its caller gave up on it' }),
  })
  .openapi('RequestSpan');

const recommendation = z.object({
  text: z.string(),
  query: z.string().nullable().openapi({ description: 'LogQL that shows what the text speaks of' }),
});

export const requestAnswerSchema = z
  .object({
    kind: z.literal('request'),
    id: z.object({ field: z.string().nullable(), value: z.string() }),
    window: range,
    summary: z.string(),
    status: z.enum(['ok', 'failed']),
    started: isoTime,
    duration_ms: z.number(),
    path: z.array(z.string()).openapi({ description: 'Services in the order in which the request met them' }),
    spans: z.array(span),
    gaps: z
      .array(
        z.object({
          gap_ms: z.number(),
          from: isoTime,
          after_service: z.string(),
          after_line: z.string(),
          before_service: z.string(),
          before_line: z.string(),
        }),
      )
      .openapi({ description: 'The longest times in which nobody wrote anything' }),
    bottleneck: z
      .object({
        service: z.string(),
        self_ms: z.number(),
        share: z.number().openapi({ description: 'Of the whole duration, 0 to 1' }),
      })
      .nullable(),
    broke_at: z
      .object({
        service: z.string(),
        how: z.enum(['error', 'silence']),
        followers: z.array(z.string()).openapi({ description: 'Services that failed after it' }),
        line,
      })
      .nullable(),
    related_findings: z.array(finding).openapi({
      description: 'What else went wrong in these services at that time; only for a failed request',
    }),
    recommendations: z.array(recommendation),
    lines: z.array(line),
    lines_left_out: z.number(),
    queries: z.array(queryRun),
    warnings: z.array(z.string()),
    cached,
    took_ms: z.number(),
  })
  .openapi('RequestAnswer');

export type RequestAnswer = z.infer<typeof requestAnswerSchema>;

const latency = { p50_ms: z.number(), p95_ms: z.number(), p99_ms: z.number() };

export const graphAnswerSchema = z
  .object({
    kind: z.literal('graph'),
    id_field: z.string().nullable(),
    window: range,
    summary: z.string(),
    requests: z.object({
      total: z.number().openapi({ description: 'Estimated where requests were sampled' }),
      read: z.number(),
      failed_share: z.number(),
    }),
    services: z.array(
      z.object({
        service: z.string(),
        lines: z.number(),
        errors: z.number(),
        error_share: z.number(),
        calls: z.number(),
        failed_share: z.number().openapi({ description: 'Of its calls' }),
        ...latency,
        self_p50_ms: z.number(),
        self_p95_ms: z.number(),
        self_share: z.number().openapi({ description: 'Of the work of all services, 0 to 1' }),
        entry: z.boolean().openapi({ description: 'Requests begin here' }),
      }),
    ),
    edges: z.array(
      z.object({
        caller: z.string(),
        callee: z.string(),
        calls: z.number(),
        failed_share: z.number(),
        asynchronous: z.boolean().openapi({ description: 'Callers mostly do not wait' }),
        ...latency,
      }),
    ),
    bottlenecks: z.array(z.object({ service: z.string(), self_share: z.number(), reason: z.string() })),
    cascades: z.array(
      z.object({
        origin: z.string(),
        requests: z.number(),
        share_of_failed: z.number(),
        silent: z.number(),
        followers: z.array(z.object({ service: z.string(), requests: z.number() })),
        path: z.array(z.string()),
        example: z.object({ field: z.string(), value: z.string() }),
      }),
    ),
    coverage,
    queries: z.array(queryRun),
    warnings: z.array(z.string()),
    cached,
    took_ms: z.number(),
  })
  .openapi('ServiceGraphAnswer');

export type GraphAnswer = z.infer<typeof graphAnswerSchema>;

export const correlateAnswerSchema = z.discriminatedUnion('kind', [requestAnswerSchema, graphAnswerSchema]);
