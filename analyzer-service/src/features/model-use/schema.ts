import { z } from '@hono/zod-openapi';

const counted = {
  requests: z.number().openapi({ description: 'Answered ones' }),
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
};
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day like 2026-11-20')
  .openapi({ example: '2026-11-20' });

export const usageQuerySchema = z.strictObject({
  days: z.coerce.number().int().min(1).max(400).default(30).openapi({
    description: 'Up to today, in UTC',
  }),
  key: z.string().min(1).max(100).optional().openapi({
    description: 'Id of one API key; others than your own take the role admin',
    example: '0f3a5c7e9b1d',
  }),
  limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
});

export const usageSchema = z
  .object({
    since: day,
    totals: z.object(counted),
    usage: z.array(
      z.object({
        day,
        key: z.string().openapi({
          description: 'Id of an API key; anybody without keys, background for what nobody waits for',
        }),
        model: z.string(),
        ...counted,
      }),
    ),
    left_out: z.number().openapi({ description: 'Rows beyond the limit, the oldest; the totals count them' }),
  })
  .openapi('ModelUsage', {
    example: {
      since: '2026-10-22',
      totals: { requests: 2, prompt_tokens: 148, completion_tokens: 18 },
      usage: [
        {
          day: '2026-11-20',
          key: '0f3a5c7e9b1d',
          model: 'local',
          requests: 2,
          prompt_tokens: 148,
          completion_tokens: 18,
        },
      ],
      left_out: 0,
    },
  });
export type ModelUsage = z.infer<typeof usageSchema>;

export const modelHealthSchema = z
  .object({
    status: z.enum(['ok', 'degraded', 'none']).openapi({
      description:
        'degraded: all models of a purpose failed lately and are left alone for a while; none: no model is configured, and everything is answered without',
    }),
    message: z.string().nullable(),
    configured: z.number(),
    loaded: z.number(),
    waiting: z.number().openapi({ description: 'Requests that run or wait' }),
    last_answer_ms: z.number().nullable(),
    models: z.array(
      z.object({
        name: z.string(),
        kind: z.string(),
        state: z.enum(['unloaded', 'loading', 'loaded']),
        queued: z.number(),
      }),
    ),
    timestamp: z.string(),
  })
  .openapi('ModelHealth', {
    example: {
      status: 'ok',
      message: null,
      configured: 1,
      loaded: 1,
      waiting: 0,
      last_answer_ms: 812,
      models: [{ name: 'local', kind: 'gguf', state: 'loaded', queued: 0 }],
      timestamp: '2026-11-20T10:00:00.000Z',
    },
  });
export type ModelHealth = z.infer<typeof modelHealthSchema>;

export const modelMetricsSchema = z
  .object({
    since: z.string().openapi({ description: 'Start of this process: the figures are its own' }),
    models: z.array(
      z.object({
        name: z.string(),
        state: z.enum(['unloaded', 'loading', 'loaded']),
        queued: z.number(),
        ...counted,
        embeddings: z.number().openapi({ description: 'Texts that were made vectors' }),
        mean_answer_ms: z.number().nullable(),
        longest_answer_ms: z.number().nullable(),
        completion_tokens_per_second: z
          .number()
          .nullable()
          .openapi({ description: 'Of whole answers, with the time that they waited' }),
      }),
    ),
    failures: z
      .record(z.string(), z.number())
      .openapi({ description: 'Requests that no model answered, by the code of the error' }),
    timestamp: z.string(),
  })
  .openapi('ModelMetrics', {
    example: {
      since: '2026-11-20T08:00:00.000Z',
      models: [
        {
          name: 'local',
          state: 'loaded',
          queued: 0,
          requests: 2,
          prompt_tokens: 148,
          completion_tokens: 18,
          embeddings: 0,
          mean_answer_ms: 800,
          longest_answer_ms: 812,
          completion_tokens_per_second: 11.3,
        },
      ],
      failures: { model_unavailable: 1 },
      timestamp: '2026-11-20T10:00:00.000Z',
    },
  });
export type ModelMetrics = z.infer<typeof modelMetricsSchema>;
