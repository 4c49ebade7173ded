import { z } from '@hono/zod-openapi';
import { FINDING_KINDS, SEVERITIES } from '../../engine/finding.ts';
import { wordsParameters, wordsSchema } from '../../http/words-schema.ts';

export const FILES_MAX = 100;
const fileName = z.string().min(1).max(255);

/** What is asked, however the texts come. */
const askedShape = {
  since: z
    .string()
    .regex(/^[1-9]\d{0,5}(s|m|h|d|w)$/, 'must look like 15m, 1h or 7d')
    .optional()
    .openapi({
      description:
        'Only this long before the newest line, compared with as long before; everything if not given',
      example: '30m',
    }),
  summary: z
    .enum(['findings', 'model'])
    .default('findings')
    .openapi({ description: 'Who writes the summary; model adds `words`' }),
  background: z
    .stringbool()
    .or(z.boolean())
    .default(false)
    .openapi({ type: 'boolean', description: 'Answer 202 at once and do the work as a job' }),
  ...wordsParameters,
};

export const askedSchema = z.strictObject(askedShape);
export type Asked = z.infer<typeof askedSchema>;

export const analysisRequestSchema = z
  .strictObject({
    text: z.string().min(1).optional().openapi({ description: 'A pasted log' }),
    name: fileName.optional().openapi({ description: 'What to call the pasted log' }),
    files: z
      .array(z.strictObject({ name: fileName, text: z.string() }))
      .max(FILES_MAX)
      .optional(),
    ...askedShape,
  })
  .refine(({ text, files }) => text !== undefined || (files?.length ?? 0) > 0, 'give text or files')
  .openapi('AnalysisRequest', {
    example: { text: '2026-11-20T10:00:00Z ERROR pool is empty\n', name: 'shop.log', summary: 'findings' },
  });

const range = z.object({ start: z.string(), end: z.string() });

export type AnalysisRequest = z.input<typeof analysisRequestSchema>;

const evidenceSchema = z.object({
  file: z.string(),
  line_number: z.number().openapi({ description: 'From 1, in its file' }),
  line: z.string().openapi({ description: 'The first line of the event' }),
  line_is_cut: z.boolean(),
  timestamp_ns: z.string().nullable(),
  time: z.string(),
  level: z.string(),
  service: z.string(),
});

const analysisFindingSchema = z
  .object({
    id: z.string(),
    kind: z.enum(FINDING_KINDS),
    severity: z.enum(SEVERITIES),
    score: z.number(),
    service: z.string(),
    affected: z.array(z.string()),
    title: z.string(),
    since: z.string().nullable(),
    count: z.number(),
    baseline_count: z.number(),
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
    evidence: z.array(evidenceSchema),
    series: z.array(z.number()),
  })
  .openapi('AnalysisFinding');

const fileSchema = z.object({
  name: z.string(),
  format: z.string(),
  lines: z.number(),
  events: z.number(),
  events_without_time: z.number(),
  continuation_lines: z.number(),
  blank_lines: z.number(),
  cut_lines: z.number(),
});

const lineAccountSchema = z
  .object({
    read: z.number(),
    in_templates: z.number(),
    rest: z.object({
      continuation: z.number(),
      blank: z.number(),
      outside: z.number(),
      not_kept: z.number(),
    }),
    without_time: z.number(),
    cut: z.number(),
  })
  .openapi({ description: 'Where every line went: `in_templates` and all of `rest` add up to `read`' });

const templateSchema = z.object({
  id: z.string(),
  text: z.string(),
  service: z.string(),
  level: z.string(),
  count: z.number(),
  baseline_count: z.number(),
});

const analysisResultSchema = z
  .object({
    summary: z.string(),
    words: wordsSchema.nullable(),
    window: range.nullable().openapi({ description: 'Null when no line carries a time' }),
    baseline: range.nullable(),
    files: z.array(fileSchema),
    lines: lineAccountSchema,
    timeline: z.object({ step_ms: z.number(), events: z.array(z.number()), errors: z.array(z.number()) }),
    findings: z.array(analysisFindingSchema),
    suspects: z.array(
      z.object({
        service: z.string(),
        score: z.number(),
        reasons: z.array(z.string()),
        finding_ids: z.array(z.string()),
      }),
    ),
    templates: z.array(templateSchema),
    templates_left_out: z.number(),
    warnings: z.array(z.string()),
    took_ms: z.number(),
  })
  .openapi('AnalysisResult');
export type AnalysisResult = z.infer<typeof analysisResultSchema>;

export const analysisHeadSchema = z
  .object({
    id: z.string().openapi({ example: '0d9ce3a2-6f2b-4b39-8f0e-0a4fc0a2a3c1' }),
    state: z.enum(['waiting', 'running', 'done', 'failed']),
    title: z.string().openapi({ description: 'Names of the files' }),
    bytes: z.number(),
    actor: z.string().openapi({ description: 'Id of the API key that asked' }),
    created: z.string(),
    finished: z.string().nullable(),
    encrypted: z.boolean(),
    error: z.string().nullable(),
    progress: z.number().min(0).max(1),
  })
  .openapi('AnalysisHead');
export type AnalysisHead = z.infer<typeof analysisHeadSchema>;

export const analysisSchema = analysisHeadSchema
  .extend({
    kept: z
      .boolean()
      .openapi({ description: 'False when the database was away: then it is not in the history' }),
    result: analysisResultSchema.nullable(),
  })
  .openapi('Analysis');
export type AnalysisAnswer = z.infer<typeof analysisSchema>;

export const listQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.uuid().optional().openapi({
    description: 'Id of the last one of the page before',
    example: '0d9ce3a2-6f2b-4b39-8f0e-0a4fc0a2a3c1',
  }),
});

export const idPathSchema = z.object({
  id: z.uuid().openapi({
    param: { name: 'id', in: 'path' },
    example: '0d9ce3a2-6f2b-4b39-8f0e-0a4fc0a2a3c1',
  }),
});

export const purgeQuerySchema = z.strictObject({
  before: z.iso.datetime({ offset: true }).optional().openapi({
    description: 'Only those made before this time; all if not given',
    example: '2026-11-20T10:00:00Z',
  }),
});
