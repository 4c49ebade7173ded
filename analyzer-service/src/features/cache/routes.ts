import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { requireRole } from '../../http/access.ts';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { errorAnswers } from '../../http/error-answers.ts';
import type { Cache } from '../../ports.ts';
import { cacheClearedSchema, cacheStatsSchema } from './schema.ts';

const statsRoute = createRoute({
  method: 'get',
  path: '/cache',
  summary: 'How much the cache holds and how often it helped',
  responses: {
    200: { description: 'The figures', content: { 'application/json': { schema: cacheStatsSchema } } },
    ...errorAnswers(401, 429),
  },
});

const clearRoute = createRoute({
  method: 'delete',
  path: '/cache',
  summary: 'Forget every kept answer',
  description: 'Takes the role admin.',
  middleware: requireRole('admin'),
  responses: {
    200: { description: 'Done', content: { 'application/json': { schema: cacheClearedSchema } } },
    ...errorAnswers(401, 403, 429, 503),
  },
});

export function cacheRoutes(cache: Cache): OpenAPIHono<AppEnvironment> {
  return new OpenAPIHono<AppEnvironment>()
    .openapi(statsRoute, async (c) => c.json(await cache.stats(), 200))
    .openapi(clearRoute, async (c) => c.json({ removed: await cache.clear() }, 200));
}
