import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../http/error-answers.ts';
import type { Exports } from './run-export.ts';
import { exportSchema } from './schema.ts';

const exportRoute = createRoute({
  method: 'post',
  path: '/export',
  summary: 'The lines or findings of a window as JSON, NDJSON, CSV, XLSX or Markdown',
  description:
    'Streamed: however many lines, the service holds one page of them. When Loki fails in the middle, the connection is cut, so that a part never looks like the whole.',
  request: { body: { required: true, content: { 'application/json': { schema: exportSchema } } } },
  responses: {
    200: { description: 'The file', content: { 'application/octet-stream': {} } },
    ...errorAnswers(400, 429, 502, 503, 504),
  },
});

export function exportRoutes(exports: Exports): OpenAPIHono<AppEnvironment> {
  return new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook }).openapi(exportRoute, async (c) => {
    const { contentType, fileName, body } = await exports.start(c.req.valid('json'), c.req.raw.signal);
    const headers = {
      'content-type': contentType,
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
    };
    return c.body(body, 200, headers) as never;
  });
}
