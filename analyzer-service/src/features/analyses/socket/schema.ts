import { z } from '@hono/zod-openapi';
import {
  requestIdSchema,
  sessionAnswers,
  type SessionMessage,
  sessionMessages,
} from '../../../http/socket-messages.ts';
import { analysisSchema } from '../schema.ts';

/** What a client may send. `analyze_log` takes the fields of `POST /api/v1/analyses`, or follows one that is under way. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  ...sessionMessages,
  z.looseObject({
    type: z.literal('analyze_log'),
    request_id: requestIdSchema.optional(),
    analysis_id: z.uuid().optional(),
  }),
  z.strictObject({ type: z.literal('get_models'), request_id: requestIdSchema.optional() }),
  z.strictObject({ type: z.literal('server_status'), request_id: requestIdSchema.optional() }),
]);
export type ClientMessage = Exclude<z.infer<typeof clientMessageSchema>, SessionMessage>;

const about = { request_id: requestIdSchema };

/** What the service sends. */
export const serverMessageSchema = z
  .discriminatedUnion('type', [
    ...sessionAnswers,
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
  ])
  .openapi('AnalysisMessage');
export type ServerMessage = z.infer<typeof serverMessageSchema>;
