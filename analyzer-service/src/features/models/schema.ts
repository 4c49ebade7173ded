import { z } from '@hono/zod-openapi';

export const generateBodySchema = z
  .strictObject({
    prompt: z.string().min(1).openapi({ example: 'What does ECONNREFUSED mean?' }),
    model: z.string().min(1).max(100).optional().openapi({ description: 'Without it, the chain "chat"' }),
    max_tokens: z.int().min(1).default(512),
    temperature: z.number().min(0).max(2).default(0),
    schema: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({ description: 'JSON Schema that the text follows' }),
    stream: z.boolean().default(false).openapi({ description: 'Answer as server-sent events' }),
  })
  .openapi('GenerateBody');

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
  })
  .openapi('GeneratedText');
export type GeneratedText = z.infer<typeof generatedSchema>;

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
