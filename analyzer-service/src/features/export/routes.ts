import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { SavedExportRow } from '../../database.ts';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../http/error-answers.ts';
import type { Exports } from './run-export.ts';
import type { SavedExports } from './saved-exports.ts';
import {
  type SavedExport,
  exportDeletedSchema,
  exportIdSchema,
  exportSchema,
  savedExportSchema,
} from './schema.ts';

export interface ExportRoutesOptions {
  readonly exports: Exports;
  readonly saved: SavedExports;
  readonly keepMs: number;
  /** Puts the job that writes the export into the queue. */
  readonly enqueue: (id: string) => Promise<unknown>;
}

const savedAnswer = (description: string) => ({
  description,
  content: { 'application/json': { schema: savedExportSchema } },
});
const file = { content: { 'application/octet-stream': {} } };

const exportRoute = createRoute({
  method: 'post',
  path: '/export',
  summary: 'The lines or findings of a window as JSON, NDJSON, CSV, XLSX or Markdown',
  description:
    'Streamed: however many lines, the service holds one page of them. When Loki fails in the middle, the connection is cut, so that a part never looks like the whole. With `"as": "job"` it is written to a file in the background instead.',
  request: { body: { required: true, content: { 'application/json': { schema: exportSchema } } } },
  responses: {
    200: { description: 'The file', ...file },
    202: savedAnswer('With "as": "job": where to ask how far it is'),
    ...errorAnswers(400, 429, 502, 503, 504),
  },
});

const statusRoute = createRoute({
  method: 'get',
  path: '/exports/{id}',
  summary: 'How far an export in the background is',
  description: 'Only who made it and admins may ask.',
  request: { params: exportIdSchema },
  responses: { 200: savedAnswer('Its state'), ...errorAnswers(400, 401, 404, 429, 503) },
});

const fileRoute = createRoute({
  method: 'get',
  path: '/exports/{id}/file',
  summary: 'The file of an export in the background',
  description: 'Only who made it and admins may ask.',
  request: { params: exportIdSchema },
  responses: { 200: { description: 'The file', ...file }, ...errorAnswers(400, 401, 404, 429, 503) },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: '/exports/{id}',
  summary: 'End an export in the background, and remove its file',
  request: { params: exportIdSchema },
  responses: {
    200: { description: 'Done', content: { 'application/json': { schema: exportDeletedSchema } } },
    ...errorAnswers(400, 401, 403, 404, 429, 503),
  },
});

export function exportRoutes(options: ExportRoutesOptions): OpenAPIHono<AppEnvironment> {
  const { exports, saved, keepMs, enqueue } = options;
  const find = (c: Context<AppEnvironment>, id: string) => {
    const caller = c.get('caller');
    return saved.find(id, caller.id, caller.role === 'admin');
  };
  return new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook })
    .openapi(exportRoute, async (c) => {
      const request = c.req.valid('json');
      if (request.as === 'job') {
        const row = await saved.create(request, c.get('caller').id);
        await enqueue(row.id);
        const answer = writeSaved(row, keepMs);
        c.header('location', answer.status_url);
        return c.json(answer, 202);
      }
      const { contentType, fileName, body } = await exports.start(request, c.req.raw.signal);
      return c.body(body, 200, fileHeaders(contentType, fileName)) as never;
    })
    .openapi(statusRoute, async (c) =>
      c.json(writeSaved(await find(c, c.req.valid('param').id), keepMs), 200),
    )
    .openapi(fileRoute, async (c) => {
      const row = await find(c, c.req.valid('param').id);
      const { bytes, body } = await saved.read(row);
      const headers = fileHeaders(row.content_type ?? 'application/octet-stream', row.file_name ?? row.id);
      return c.body(body, 200, { ...headers, 'content-length': String(bytes) }) as never;
    })
    .openapi(deleteRoute, async (c) => {
      const row = await find(c, c.req.valid('param').id);
      await saved.remove(row);
      return c.json({ deleted: row.id }, 200);
    });
}

function fileHeaders(contentType: string, fileName: string) {
  return {
    'content-type': contentType,
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'no-store',
  };
}

function writeSaved(row: SavedExportRow, keepMs: number): SavedExport {
  const { id, state, created_ms, finished_ms, rows_done, rows_total, bytes, file_name, error } = row;
  const url = `/api/v1/ai_logs/exports/${id}`;
  return {
    id,
    state,
    created: isoTime(created_ms),
    finished: finished_ms === null ? null : isoTime(finished_ms),
    rows_done,
    rows_total,
    bytes,
    file_name,
    error,
    status_url: url,
    file_url: `${url}/file`,
    expires: isoTime(created_ms + keepMs),
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
