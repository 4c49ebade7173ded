import { z } from '@hono/zod-openapi';
import { SEVERITIES } from '../../engine/finding.ts';
import { LEVELS } from '../../engine/log-line.ts';

const name = z.string().min(1).max(200);
const search = z
  .string()
  .min(1)
  .max(500)
  .openapi({ description: 'Text that a line must contain; case does not matter' });

/** A pattern of the client's own: its alert tells when lines match. */
const patternSchema = z
  .strictObject({
    name: name.openapi({ description: 'What the alert is called' }),
    contains: search.optional(),
    regex: z.string().min(1).max(500).optional().openapi({ description: 'RE2' }),
  })
  .refine(({ contains, regex }) => (contains === undefined) !== (regex === undefined), {
    message: 'give contains or regex',
  });

const filterShape = {
  services: z.array(name).min(1).max(50).optional(),
  severity: z.array(z.enum(LEVELS)).min(1).max(LEVELS.length).optional(),
  search: search.optional(),
  patterns: z.array(patternSchema).max(20).default([]),
  known_patterns: z.boolean().default(true).openapi({ description: 'Alerts for patterns of the library' }),
  anomalies: z.boolean().default(true).openapi({ description: 'Alerts when the share of errors rises' }),
};
const filterSchema = z.strictObject(filterShape);

export type StreamFilter = z.infer<typeof filterSchema>;

/** What a client may send over a WebSocket. `subscribe` sent again replaces the filter. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('subscribe'), ...filterShape }),
  z.strictObject({ type: z.literal('unsubscribe') }),
  z.strictObject({ type: z.literal('ping') }),
]);

/** The filter as parameters of `GET /api/v1/ai_logs/stream`, for server-sent events. */
export const streamQuerySchema = z
  .strictObject({
    services: commaList('api,payments'),
    severity: commaList('error,fatal'),
    search: search.optional(),
    contains: search.optional().openapi({ description: 'Alerts when a line contains this' }),
    regex: z.string().min(1).max(500).optional().openapi({ description: 'Alerts when a line matches (RE2)' }),
    known_patterns: z.enum(['true', 'false']).optional(),
    anomalies: z.enum(['true', 'false']).optional(),
  })
  .transform(({ contains, regex, known_patterns, anomalies, ...filter }): z.input<typeof filterSchema> => ({
    ...filter,
    severity: filter.severity as StreamFilter['severity'],
    patterns: [
      ...(contains ? [{ name: contains.slice(0, 200), contains }] : []),
      ...(regex ? [{ name: regex.slice(0, 200), regex }] : []),
    ],
    known_patterns: known_patterns !== 'false',
    anomalies: anomalies !== 'false',
  }))
  .pipe(filterSchema);

const isoTime = z.string().openapi({ example: '2026-11-20T10:00:00.000Z' });
const count = z.number().int().min(0);

const line = z
  .object({
    timestamp_ns: z.string().openapi({ example: '1795168800151000000' }),
    time: isoTime,
    service: z.string(),
    level: z.enum(LEVELS),
    line: z.string(),
    line_cut: z.literal(true).optional().openapi({ description: 'The line is longer than what is sent' }),
    labels: z.record(z.string(), z.string()),
  })
  .openapi('StreamLine');

/** What the stream sends: over a WebSocket one message each, as server-sent events one event each, named by `type`. */
export const serverMessageSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('subscribed'), filter: filterSchema }),
    z.object({
      type: z.literal('source').openapi({ description: 'How the connection to Loki is' }),
      state: z.enum(['connecting', 'live', 'reconnecting', 'catching_up']),
      message: z.string().optional(),
    }),
    z.object({ type: z.literal('lines'), lines: z.array(line) }),
    z.object({
      type: z.literal('missed').openapi({ description: 'Lines that this client did not get' }),
      lines: count,
      reason: z.enum(['slow_client', 'long_gap']),
    }),
    z.object({
      type: z.literal('alert'),
      kind: z.enum(['pattern', 'known_pattern', 'error_rate']),
      state: z.enum(['raised', 'cleared']),
      severity: z.enum(SEVERITIES),
      name: z.string(),
      service: z.string(),
      title: z.string(),
      count: count.openapi({ description: 'Matching lines since the last alert of this name and service' }),
      evidence: line.nullable(),
    }),
    z.object({
      type: z.literal('metrics').openapi({ description: 'What passed the filter since the last metrics' }),
      start: isoTime,
      end: isoTime,
      lines: count,
      errors: count,
      lines_per_second: z.number(),
      by_service: z.array(z.object({ service: z.string(), lines: count, errors: count })),
      by_level: z.record(z.string(), count),
    }),
    z.object({ type: z.literal('unsubscribed') }),
    z.object({ type: z.literal('pong') }),
    z.object({ type: z.literal('error'), code: z.string(), message: z.string() }),
  ])
  .openapi('StreamMessage');

export type ServerMessage = z.infer<typeof serverMessageSchema>;
export type StreamLine = z.infer<typeof line>;

function commaList(example: string) {
  return z
    .string()
    .max(5_000)
    .transform((text) => text.split(',').map((word) => word.trim()))
    .optional()
    .openapi({ type: 'string', description: 'Comma-separated', example });
}
