import { z } from '@hono/zod-openapi';

export const cacheStatsSchema = z
  .object({
    kind: z.enum(['memory', 'redis']),
    entries: z
      .number()
      .nullable()
      .openapi({ description: 'Answers kept now; null when Redis cannot be reached' }),
    hits: z.number().openapi({ description: 'Answered from the cache, since the start of this analyzer' }),
    misses: z.number().openapi({ description: 'Computed' }),
    shared: z.number().openapi({ description: 'Waited for the computation of an equal request' }),
  })
  .openapi('CacheStats', { example: { kind: 'redis', entries: 41, hits: 310, misses: 52, shared: 9 } });

export const cacheClearedSchema = z
  .object({ removed: z.number() })
  .openapi('CacheCleared', { example: { removed: 41 } });

export type CacheStats = z.infer<typeof cacheStatsSchema>;
