import { z } from '@hono/zod-openapi';
import { analysisSchema } from '../schema.ts';

const requestId = z.string().min(1).max(100);

/** What a client may send. `analyze_log` takes the fields of `POST /api/v1/analyses`, or follows one that is under way. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('authentication'), api_key: z.string().min(1).max(500) }),
  z.strictObject({ type: z.literal('ping') }),
  z.looseObject({
    type: z.literal('analyze_log'),
    request_id: requestId.optional(),
    analysis_id: z.uuid().optional(),
  }),
  z.strictObject({ type: z.literal('get_models') }),
  z.strictObject({ type: z.literal('server_status') }),
]);

const about = { request_id: requestId };

/** What the service sends. */
export const serverMessageSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('authenticated'), actor: z.string(), role: z.string() }),
    z.object({ type: z.literal('pong') }),
    z.object({ type: z.literal('request_received'), ...about }),
    z.object({
      type: z.literal('analysis_status'),
      ...about,
      analysis_id: z.string(),
      state: z.enum(['waiting', 'running', 'done', 'failed']),
      progress: z.number(),
    }),
    z.object({ type: z.literal('analysis_result'), ...about, analysis: analysisSchema }),
    z.object({
      type: z.literal('models'),
      configured: z.boolean().openapi({ description: 'A model is there for summaries' }),
      models: z.array(z.record(z.string(), z.unknown())),
    }),
    z.object({
      type: z.literal('server_status'),
      version: z.string(),
      uptime_s: z.number(),
      clients: z.number(),
      waiting: z
        .number()
        .nullable()
        .openapi({ description: 'Jobs under way; null while the database is away' }),
    }),
    z.object({
      type: z.literal('error'),
      code: z.string(),
      message: z.string(),
      request_id: requestId.optional(),
    }),
  ])
  .openapi('AnalysisMessage');
export type ServerMessage = z.infer<typeof serverMessageSchema>;
