import { z } from '@hono/zod-openapi';
import {
  requestIdSchema,
  sessionAnswers,
  type SessionMessage,
  sessionMessages,
} from '../../http/socket-messages.ts';

/** Of one batch. */
const PROMPTS_MAX = 32;
const prompt = z.string().min(1);

const wishes = {
  model: z.string().min(1).max(100).optional().openapi({ description: 'Without it, the chain "chat"' }),
  max_tokens: z.int().min(1).default(512),
  temperature: z.number().min(0).max(2).default(0),
  schema: z
    .record(z.string(), z.unknown())
    .optional()
    .openapi({ description: 'JSON Schema that the text follows' }),
};
export type Wishes = z.infer<z.ZodObject<typeof wishes>>;

export const generateBodySchema = z
  .strictObject({
    prompt: prompt.optional().openapi({ example: 'What does ECONNREFUSED mean?' }),
    prompts: z
      .array(prompt)
      .min(1)
      .max(PROMPTS_MAX)
      .optional()
      .openapi({ description: 'Instead of "prompt": several, each with its own answer or error' }),
    ...wishes,
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

/** What a client may send over a WebSocket. */
export const generateMessageSchema = z.discriminatedUnion('type', [
  ...sessionMessages,
  z.strictObject({ type: z.literal('generate'), request_id: requestIdSchema.optional(), prompt, ...wishes }),
]);
export type GenerateMessage = Exclude<z.infer<typeof generateMessageSchema>, SessionMessage>;

/** What the service says there. */
export const generateAnswerSchema = z
  .discriminatedUnion('type', [
    ...sessionAnswers,
    z.object({ type: z.literal('text'), request_id: requestIdSchema, text: z.string() }),
    generatedSchema.extend({ type: z.literal('done'), request_id: requestIdSchema }),
  ])
  .openapi('GenerateMessage');
export type GenerateAnswer = z.infer<typeof generateAnswerSchema>;

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
