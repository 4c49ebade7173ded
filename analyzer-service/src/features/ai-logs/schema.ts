import { z } from '@hono/zod-openapi';
import { FINDING_KINDS, SEVERITIES } from '../../engine/finding.ts';
import { LEVELS } from '../../engine/log-line.ts';
import { type WordsRequest, wordsParameters, wordsSchema } from '../../http/words-schema.ts';
import {
  baselineParameters,
  filterParameters,
  limitParameter,
  parameters,
  windowParameters,
} from './parameters/schema.ts';

const MODES = ['troubleshoot', 'performance', 'errors', 'audit', 'conversation'] as const;

/** The parameters of `GET /api/v1/ai_logs/query`. */
export const querySchema = parameters({
  mode: z.enum(MODES).default('troubleshoot').openapi({ description: 'What to look for' }),
  ...windowParameters,
  ...baselineParameters,
  ...filterParameters,
  ...limitParameter,
  format: z.enum(['json', 'text', 'agent']).default('json').openapi({
    description: 'text: a report for people. agent: a dense text for a model, within max_tokens',
  }),
  max_tokens: z.coerce
    .number({ error: 'must be a number' })
    .int()
    .min(300)
    .max(100_000)
    .default(2_000)
    .openapi({
      description:
        'Budget of format=agent. Tokens are estimated, rather too many than too few: one for five letters, two digits or one other character',
    }),
  summary: z.enum(['findings', 'model']).default('findings').openapi({
    description:
      'Who writes the summary. model: a language model, from the findings alone, as POST /api/v1/summaries; `words` then holds its statements',
  }),
  ...wordsParameters,
});

export type AiLogsQuery = z.infer<typeof querySchema>;
/** What is found: how it is told is no part of it. */
export type AiLogsQuestion = Omit<AiLogsQuery, 'format' | 'max_tokens' | 'summary' | keyof WordsRequest>;

export const isoTime = z.string().openapi({ example: '2026-11-20T10:00:00.000Z' });
export const range = z.object({ start: isoTime, end: isoTime });

export const line = z
  .object({
    timestamp_ns: z.string().openapi({ example: '1795168800151000000' }),
    time: isoTime,
    service: z.string(),
    level: z.enum(LEVELS),
    line: z.string(),
    labels: z
      .record(z.string(), z.string())
      .openapi({ description: 'Stream labels and structured metadata of the line' }),
  })
  .openapi('Line');

export const finding = z
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
    evidence: z.array(line),
    evidence_query: z.string().openapi({ description: 'LogQL that shows the lines' }),
    series: z.array(z.number()).openapi({ description: 'Counts over the window in equal steps' }),
    history: z.string().nullable().openapi({
      description: 'Of a wording that is not in the baseline: what was learned about it before the window',
      example: 'Seen before: first at 2026-11-03T08:12:40.000Z, about 312 lines since.',
    }),
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

export const coverage = z
  .object({
    lines_counted: z.number().openapi({ description: 'Window and baseline together' }),
    lines_read: z.number(),
    cut: z.boolean().openapi({ description: 'True when not every counted line was read' }),
    note: z.string(),
  })
  .openapi('Coverage');

export const queryRun = z.object({
  purpose: z.string(),
  query: z.string(),
  ...range.shape,
  took_ms: z.number(),
  returned: z.number(),
  bytes_read: z.number().nullable().openapi({ description: 'What Loki read; null where it does not say' }),
  lines_read: z.number().nullable(),
});

export const cached = z.boolean().openapi({
  description: 'True when this is the answer to the same question asked before; its window says of when',
});

export const answerSchema = z
  .object({
    mode: z.enum(MODES),
    window: range,
    baseline: range.nullable(),
    summary: z.string(),
    words: wordsSchema.optional().openapi({ description: 'With summary=model' }),
    findings: z.array(finding),
    findings_left_out: z.number(),
    findings_muted: z
      .number()
      .openapi({ description: 'Changes that are no finding because somebody muted their pattern' }),
    suspects: z.array(suspect),
    counts,
    coverage,
    details: z
      .record(z.string(), z.unknown())
      .openapi({ description: 'What only this mode has: latency by service, audit events, turns ...' }),
    queries: z.array(queryRun),
    warnings: z.array(z.string()),
    cached,
    took_ms: z.number(),
  })
  .openapi('AiLogsAnswer');

export type AiLogsAnswer = z.infer<typeof answerSchema>;
