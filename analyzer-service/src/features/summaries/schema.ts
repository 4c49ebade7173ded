import { z } from '@hono/zod-openapi';
import { wordsParameters, wordsSchema } from '../../http/words-schema.ts';

const MODES = ['troubleshoot', 'performance', 'errors', 'audit', 'conversation'] as const;
const time = z.string().max(40).openapi({ example: '2026-11-20T10:00:00Z' });
const list = z.array(z.string().min(1).max(200)).min(1).max(50);

/** The window and filter are those of `GET /api/v1/ai_logs/query`, and mean the same. */
export const summaryRequestSchema = z
  .strictObject({
    mode: z.enum(MODES).default('troubleshoot'),
    time_range: z.string().max(10).optional().openapi({ example: '30m' }),
    start: time.optional(),
    end: time.optional(),
    baseline: z.enum(['previous', 'yesterday', 'last_week', 'none']).default('previous'),
    services: list.optional().openapi({ example: ['api', 'payments'] }),
    severity: list.optional().openapi({ example: ['error', 'fatal'] }),
    search: z.string().min(1).max(500).optional(),
    correlation_id: z.string().min(1).max(200).optional(),
    trace_id: z.string().min(1).max(200).optional(),
    ...wordsParameters,
  })
  .openapi('SummaryRequest', {
    example: { mode: 'troubleshoot', time_range: '30m', template: 'default', language: 'English' },
  });
export type SummaryRequest = z.infer<typeof summaryRequestSchema>;

export const summaryAnswerSchema = z
  .object({
    window: z.object({ start: z.string(), end: z.string() }),
    words: wordsSchema,
    warnings: z.array(z.string()).openapi({ description: 'Of the findings that the words are about' }),
  })
  .openapi('SummaryAnswer');
export type SummaryAnswer = z.infer<typeof summaryAnswerSchema>;

const templateName = wordsParameters.template.unwrap();
const templateTextSchema = z.string().min(10).max(8_000).openapi({
  example: 'Write for the head of operations, in two sentences, and say which customers are concerned.',
});

export const promptTemplateSchema = z
  .object({
    name: z.string(),
    text: z.string(),
    built_in: z.boolean(),
    updated: z.string().nullable(),
  })
  .openapi('PromptTemplate');
export type PromptTemplate = z.infer<typeof promptTemplateSchema>;

export const templatePathSchema = z.object({
  name: templateName.openapi({ param: { name: 'name', in: 'path' }, example: 'for-managers' }),
});
export const templateBodySchema = z.strictObject({ text: templateTextSchema }).openapi('PromptTemplateText');

export const previewRequestSchema = z
  .strictObject({
    text: templateTextSchema.optional().openapi({ description: 'A text that is not stored yet' }),
    ...wordsParameters,
  })
  .openapi('PreviewRequest', { example: { template: 'security' } });
export const previewSchema = z
  .object({
    prompt_version: z.string(),
    prompt_tokens: z.number(),
    messages: z.array(z.object({ role: z.enum(['system', 'user']), content: z.string() })),
  })
  .openapi('Preview');
export type PromptPreview = z.infer<typeof previewSchema>;

export const settingsSchema = z
  .strictObject({
    model: z
      .string()
      .max(63)
      .nullable()
      .default(null)
      .openapi({ description: 'Null for the chain of models' }),
    template: templateName.default('default'),
    instruction: z.string().max(2_000).default(''),
    language: wordsParameters.language.unwrap().default('English'),
    redacted_names: z
      .array(z.string().min(2).max(100))
      .max(200)
      .default([])
      .openapi({ description: 'Names that no model may see, besides those of REDACTED_NAMES' }),
  })
  .openapi('Settings', {
    example: {
      model: null,
      template: 'default',
      instruction: '',
      language: 'English',
      redacted_names: ['Acme'],
    },
  });
export type Settings = z.infer<typeof settingsSchema>;

/** Without the defaults: what is not given stays as it is. */
export const settingsChangeSchema = z
  .strictObject({
    model: z.string().max(63).nullable(),
    template: templateName,
    instruction: z.string().max(2_000),
    language: wordsParameters.language.unwrap(),
    redacted_names: z.array(z.string().min(2).max(100)).max(200),
  })
  .partial()
  .openapi('SettingsChange', { example: { template: 'security', redacted_names: ['Acme'] } });
export type SettingsChange = z.input<typeof settingsChangeSchema>;
