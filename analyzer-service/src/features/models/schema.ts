import { z } from '@hono/zod-openapi';

/** Of one batch. */
const PROMPTS_MAX = 32;
const prompt = z.string().min(1);

export const generateBodySchema = z
  .strictObject({
    prompt: prompt.optional().openapi({ example: 'What does ECONNREFUSED mean?' }),
    prompts: z
      .array(prompt)
      .min(1)
      .max(PROMPTS_MAX)
      .optional()
      .openapi({ description: 'Instead of "prompt": several, each with its own answer or error' }),
    model: z.string().min(1).max(100).optional().openapi({ description: 'Without it, the chain "chat"' }),
    max_tokens: z.int().min(1).default(512),
    temperature: z.number().min(0).max(2).default(0),
    schema: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({ description: 'JSON Schema that the text follows' }),
    stream: z.boolean().default(false).openapi({ description: 'Answer as server-sent events' }),
    cache: z.boolean().optional().openapi({
      description:
        'An answer that was given before to the same question will do. Without it: at temperature 0. Streams are always written anew.',
    }),
  })
  .refine(({ prompt, prompts }) => (prompt === undefined) !== (prompts === undefined), {
    error: 'send either "prompt" or "prompts"',
  })
  .refine(({ prompts, stream }) => !(prompts && stream), {
    error: 'several prompts are not streamed: send "stream" with one "prompt"',
  })
  .openapi('GenerateBody', { example: { prompt: 'What does ECONNREFUSED mean?', max_tokens: 200 } });

export const generatedSchema = z
  .object({
    text: z.string(),
    model: z.string(),
    tokens_used: z.object({ prompt: z.number(), answer: z.number(), total: z.number() }),
    processing_time: z.number().openapi({ description: 'Milliseconds' }),
    timestamp: z.string().openapi({ example: '2026-11-20T10:00:00.000Z' }),
    failures: z
      .array(z.string())
      .openapi({ description: 'Models of the chain that gave no answer, and why' }),
    cached: z.boolean().openapi({ description: 'It was written for the same question before' }),
  })
  .openapi('GeneratedText');
export type GeneratedText = z.infer<typeof generatedSchema>;

export const generatedBatchSchema = z
  .object({
    results: z.array(
      z.union([
        generatedSchema,
        z.object({ error: z.object({ code: z.string(), message: z.string() }) }).openapi('GenerateError'),
      ]),
    ),
    processing_time: z.number().openapi({ description: 'Milliseconds' }),
    timestamp: z.string(),
  })
  .openapi('GeneratedBatch');
export type GeneratedBatch = z.infer<typeof generatedBatchSchema>;

export const modelsSchema = z
  .object({
    models: z.array(
      z.object({
        name: z.string(),
        kind: z.string(),
        state: z.enum(['unloaded', 'loading', 'loaded']),
        queued: z.number().openapi({ description: 'Requests that run or wait' }),
      }),
    ),
  })
  .openapi('Models');
export type ModelsAnswer = z.infer<typeof modelsSchema>;

export const modelNameSchema = z.strictObject({ model: z.string().min(1).max(100) });
