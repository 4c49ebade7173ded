import { z } from '@hono/zod-openapi';

/** Weakest first, as the logger numbers them. */
export const LEVELS = ['debug', 'info', 'warn', 'error', 'fatal'] as const;

export const logQuerySchema = z.strictObject({
  level: z.enum(LEVELS).default('info').openapi({ description: 'At least this level' }),
  limit: z.coerce.number().int().min(1).max(5_000).default(200),
});

const logEntrySchema = z
  .object({
    time: z.string(),
    level: z.enum(LEVELS),
    message: z.string(),
    fields: z.record(z.string(), z.unknown()),
  })
  .openapi('ServiceLogEntry');
export type LogEntry = z.infer<typeof logEntrySchema>;

export const logSchema = z.object({ entries: z.array(logEntrySchema) }).openapi('ServiceLog');
export type ServiceLog = z.infer<typeof logSchema>;
