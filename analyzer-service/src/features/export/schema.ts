import { z } from '@hono/zod-openapi';
import { LEVELS } from '../../engine/log-line.ts';

const FORMATS = ['json', 'ndjson', 'csv', 'xlsx', 'markdown'] as const;

const name = z.string().min(1).max(200);
const time = z.string().max(40).openapi({
  description: 'ISO 8601, or seconds, milliseconds or nanoseconds since the epoch',
  example: '2026-11-20T10:00:00Z',
});

/** The body of `POST /api/v1/ai_logs/export`. */
export const exportSchema = z
  .strictObject({
    what: z
      .enum(['lines', 'findings'])
      .default('lines')
      .openapi({ description: 'The lines of a window, or what troubleshooting finds in it' }),
    format: z.enum(FORMATS).default('ndjson'),
    time_range: z
      .string()
      .regex(/^[1-9]\d{0,5}(s|m|h|d|w)$/, 'must look like 15m, 1h or 7d')
      .optional()
      .openapi({ description: 'How far to look back from `end` (or from now)', example: '15m' }),
    start: time.optional(),
    end: time.optional(),
    services: z.array(name).min(1).max(50).optional(),
    severity: z.array(z.enum(LEVELS)).min(1).max(LEVELS.length).optional(),
    search: z.string().min(1).max(500).optional(),
    as: z
      .enum(['stream', 'job'])
      .default('stream')
      .openapi({ description: 'job: written to a file in the background, to be fetched by its id' }),
    limit: z.int().min(1).optional().openapi({
      description: 'Lines at most, oldest first. Without it, a window with too many lines is refused',
    }),
  })
  .refine(({ time_range, start }) => !(time_range && start), {
    message: 'give time_range or start, not both',
    path: ['time_range'],
  })
  .openapi('Export', { example: { format: 'csv', time_range: '1h', services: ['api'] } });

export type ExportRequest = z.infer<typeof exportSchema>;

export const savedExportSchema = z
  .object({
    id: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'failed']),
    created: z.string(),
    finished: z.string().nullable(),
    rows_done: z.number(),
    rows_total: z.number().nullable().openapi({
      description: 'Null before it was counted; lines that are stored meanwhile may come on top',
    }),
    bytes: z.number(),
    file_name: z.string().nullable(),
    error: z.string().nullable(),
    status_url: z.string(),
    file_url: z.string().openapi({ description: 'There once the state is done' }),
    expires: z.string().openapi({ description: 'When it is removed' }),
  })
  .openapi('SavedExport', {
    example: {
      id: '6f1c0a52-9d2b-4c33-8a1e-0f2c4be1a95d',
      state: 'running',
      created: '2026-11-20T10:00:00.000Z',
      finished: null,
      rows_done: 412_000,
      rows_total: 1_000_000,
      bytes: 98_112_455,
      file_name: 'sonde-lines-2026-11-20T09-00-00.csv',
      error: null,
      status_url: '/api/v1/ai_logs/exports/6f1c0a52-9d2b-4c33-8a1e-0f2c4be1a95d',
      file_url: '/api/v1/ai_logs/exports/6f1c0a52-9d2b-4c33-8a1e-0f2c4be1a95d/file',
      expires: '2026-11-21T10:00:00.000Z',
    },
  });

export const exportDeletedSchema = z
  .object({ deleted: z.string() })
  .openapi('ExportDeleted', { example: { deleted: '6f1c0a52-9d2b-4c33-8a1e-0f2c4be1a95d' } });

export const exportIdSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[0-9a-f-]{36}$/, 'must be an id as POST /export gives it')
    .openapi({
      example: '6f1c0a52-9d2b-4c33-8a1e-0f2c4be1a95d',
    }),
});

export type SavedExport = z.infer<typeof savedExportSchema>;
