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
