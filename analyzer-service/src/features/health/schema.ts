import { z } from '@hono/zod-openapi';

const dependency = z.object({
  status: z.enum(['up', 'down']),
  latency_ms: z.number(),
  version: z.string().optional(),
  message: z.string().optional(),
});

export const healthSchema = z
  .object({
    status: z
      .enum(['ok', 'degraded'])
      .openapi({ description: 'degraded: the service runs, but something it needs does not' }),
    version: z.string(),
    uptime_s: z.number(),
    dependencies: z.object({ loki: dependency, database: dependency, cache: dependency }),
  })
  .openapi('Health');

export type Health = z.infer<typeof healthSchema>;
