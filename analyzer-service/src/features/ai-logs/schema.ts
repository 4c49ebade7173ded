import { z } from '@hono/zod-openapi';
import { FINDING_KINDS, SEVERITIES } from '../../engine/finding.ts';
import { LEVELS } from '../../engine/log-line.ts';

const MODES = ['troubleshoot', 'performance', 'errors', 'audit', 'conversation'] as const;

const idValue = z.string().min(1).max(200);
const time = z.string().max(40).openapi({
  description: 'ISO 8601, or seconds, milliseconds or nanoseconds since the epoch',
  example: '2026-11-20T10:00:00Z',
});

/** The parameters of `GET /api/v1/ai_logs/query`. Unknown ones are refused, so that a typing error is never ignored. */
export const querySchema = z
  .strictObject({
    mode: z.enum(MODES).default('troubleshoot').openapi({ description: 'What to look for' }),
    time_range: z
      .string()
      .regex(/^[1-9]\d{0,5}(s|m|h|d|w)$/, 'must look like 15m, 1h or 7d')
      .optional()
      .openapi({ description: 'How far to look back from `end` (or from now)', example: '15m' }),
    start: time.optional(),
    end: time.optional(),
    baseline: z.enum(['previous', 'yesterday', 'last_week', 'none']).default('previous').openapi({
      description: 'What the window is compared with: the window before, or the same time earlier',
    }),
    services: commaList(z.string().min(1).max(200), 50, 'api,payments'),
    severity: commaList(z.enum(LEVELS), LEVELS.length, 'error,fatal'),
    search: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .openapi({ description: 'Text that a line must contain; case does not matter' }),
    correlation_id: idValue.optional(),
    conversation_id: idValue.optional(),
    workspace_id: idValue.optional(),
    limit: z.coerce
      .number({ error: 'must be a number' })
      .int()
      .min(1)
      .max(1_000)
      .default(20)
      .openapi({ description: 'How many findings, templates or rows of a list the answer holds at most' }),
  })
  .refine(({ time_range, start }) => !(time_range && start), {
    message: 'give time_range or start, not both',
    path: ['time_range'],
  });

export type AiLogsQuery = z.infer<typeof querySchema>;

const isoTime = z.string().openapi({ example: '2026-11-20T10:00:00.000Z' });
const range = z.object({ start: isoTime, end: isoTime });

const evidence = z.object({
  timestamp_ns: z.string().openapi({ example: '1795168800151000000' }),
  time: isoTime,
  service: z.string(),
  level: z.enum(LEVELS),
  line: z.string(),
  labels: z
    .record(z.string(), z.string())
    .openapi({ description: 'Stream labels and structured metadata of the line' }),
});

const finding = z
  .object({
    id: z.string(),
    kind: z.enum(FINDING_KINDS),
    severity: z.enum(SEVERITIES),
    score: z.number().min(0).max(1),
    service: z.string(),
    affected: z.array(z.string()),
    title: z.string(),
    since: isoTime.nullable(),
    count: z.number().openapi({ description: 'Lines in the window' }),
    baseline_count: z
      .number()
      .openapi({ description: 'Lines in the baseline, scaled to the length of the window' }),
    template: z.object({ id: z.string(), text: z.string() }).nullable(),
    pattern: z
      .object({
        id: z.string(),
        category: z.string(),
        meaning: z.string(),
        causes: z.array(z.string()),
        next_steps: z.array(z.string()),
      })
      .nullable(),
    evidence: z.array(evidence),
    evidence_query: z.string().openapi({ description: 'LogQL that shows the lines' }),
    series: z.array(z.number()).openapi({ description: 'Counts over the window in equal steps' }),
  })
  .openapi('Finding');

const suspect = z
  .object({
    service: z.string(),
    score: z.number(),
    reasons: z.array(z.string()),
    finding_ids: z.array(z.string()),
  })
  .openapi('Suspect');

const counts = z
  .object({
    total: z.number().openapi({
      description: 'Lines in the window: the sum over services, over levels, over templates and their rest',
    }),
    baseline_total: z.number(),
    by_service: z.array(
      z.object({
        service: z.string(),
        lines: z.number(),
        errors: z.number(),
        baseline_lines: z.number(),
        baseline_errors: z.number(),
      }),
    ),
    by_level: z.record(z.string(), z.number()),
    templates: z.array(
      z.object({
        id: z.string(),
        text: z.string(),
        service: z.string(),
        level: z.enum(LEVELS),
        count: z.number(),
        baseline_count: z.number(),
      }),
    ),
    templates_rest: z
      .number()
      .openapi({ description: 'Lines of templates that are not listed, or that were not read' }),
    templates_estimated: z
      .boolean()
      .openapi({ description: 'True when lines were sampled: template counts are then scaled up' }),
    over_time: z.object({ step_ms: z.number(), lines: z.array(z.number()), errors: z.array(z.number()) }),
  })
  .openapi('Counts');

const coverage = z
  .object({
    lines_counted: z.number().openapi({ description: 'Window and baseline together' }),
    lines_read: z.number(),
    cut: z.boolean().openapi({ description: 'True when not every counted line was read' }),
    note: z.string(),
  })
  .openapi('Coverage');

const queryRun = z.object({
  purpose: z.string(),
  query: z.string(),
  ...range.shape,
  took_ms: z.number(),
  returned: z.number(),
  bytes_read: z.number().nullable().openapi({ description: 'What Loki read; null where it does not say' }),
  lines_read: z.number().nullable(),
});

export const answerSchema = z
  .object({
    mode: z.enum(MODES),
    window: range,
    baseline: range.nullable(),
    summary: z.string(),
    findings: z.array(finding),
    findings_left_out: z.number(),
    suspects: z.array(suspect),
    counts,
    coverage,
    details: z
      .record(z.string(), z.unknown())
      .openapi({ description: 'What only this mode has: latency by service, audit events, turns ...' }),
    queries: z.array(queryRun),
    warnings: z.array(z.string()),
    cached: z.boolean().openapi({
      description: 'True when this is the answer to the same question asked before; its window says of when',
    }),
    took_ms: z.number(),
  })
  .openapi('AiLogsAnswer');

export type AiLogsAnswer = z.infer<typeof answerSchema>;

/** A comma-separated list as one parameter. */
function commaList<T extends z.ZodType<string, string>>(item: T, itemsMax: number, example: string) {
  return z
    .string()
    .max(5_000)
    .transform((text) => text.split(',').map((word) => word.trim()))
    .pipe(z.array(item).min(1).max(itemsMax))
    .optional()
    .openapi({ type: 'string', description: 'Comma-separated', example });
}
