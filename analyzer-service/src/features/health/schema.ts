import { z } from '@hono/zod-openapi';

const dependency = z.object({
  status: z.enum(['up', 'down']),
  latency_ms: z.number(),
  version: z.string().optional(),
  message: z.string().optional(),
});

const queue = dependency.extend({
  waiting: z.number().optional().openapi({ description: 'Background jobs in the queue' }),
  running: z.number().optional(),
  failed: z.number().optional().openapi({ description: 'Given up after their last attempt' }),
});

const models = dependency.extend({
  configured: z.number().optional().openapi({ description: 'Models of MODELS_CONFIG; 0 is no fault' }),
  loaded: z.number().optional(),
  waiting: z.number().optional().openapi({ description: 'Requests that run or wait' }),
  last_answer_ms: z
    .number()
    .optional()
    .openapi({ description: 'How long the last answer of a model took. The check itself asks none' }),
});

export const healthSchema = z
  .object({
    status: z
      .enum(['ok', 'degraded'])
      .openapi({ description: 'degraded: the service runs, but something it needs does not' }),
    version: z.string(),
    uptime_s: z.number(),
    dependencies: z.object({ loki: dependency, database: dependency, cache: dependency, queue, models }),
  })
  .openapi('Health');

export type Health = z.infer<typeof healthSchema>;

export const aliveSchema = z.object({ status: z.literal('ok') });

export const readySchema = z
  .object({
    ready: z.boolean(),
    missing: z.array(z.object({ name: z.string(), message: z.string() })),
  })
  .openapi('Ready');
