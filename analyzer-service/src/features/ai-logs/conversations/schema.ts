import { z } from '@hono/zod-openapi';
import { filterParameters, idValue, parameters, windowParameters } from '../parameters/schema.ts';
import { cached, isoTime, line, queryRun, range } from '../schema.ts';

export const conversationPathSchema = z.object({
  id: idValue.openapi({ description: 'The conversation_id', example: 'conv-046472b32a50' }),
});

/** The parameters of `GET /api/v1/ai_logs/conversations/{id}`; the window is the last 24 hours if not given. */
export const conversationQuerySchema = parameters({
  ...windowParameters,
  services: filterParameters.services,
  severity: filterParameters.severity,
  search: filterParameters.search,
  limit: z.coerce
    .number({ error: 'must be a number' })
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .openapi({ description: 'How many turns the answer holds at most' }),
});

export type ConversationQuery = z.infer<typeof conversationQuerySchema>;

const tokens = z.object({ input: z.number(), output: z.number(), total: z.number() }).openapi('Tokens', {
  description: '0 where lines do not say; lines that only tell a total add to the total alone',
});

const turn = z
  .object({
    turn: z.number().openapi({ description: '1 for the first turn of the window' }),
    request: z.object({ field: z.string(), value: z.string() }).nullable(),
    started: isoTime,
    duration_ms: z.number().openapi({ description: 'From the start of its request to its end' }),
    models: z.array(z.string()),
    calls: z.number().openapi({ description: 'Calls of models that ended, well or not' }),
    retries: z.number(),
    tokens,
    latency_ms: z.number().nullable().openapi({ description: 'Time that models took, all calls together' }),
    status: z.enum(['ok', 'failed']),
    /** The first error of the turn; `nullable` of a named schema would be described as never null. */
    error: z.union([line, z.null()]),
    lines: z.number(),
  })
  .openapi('ConversationTurn');

export const conversationAnswerSchema = z
  .object({
    id: z.string(),
    window: range,
    summary: z.string(),
    started: isoTime,
    ended: isoTime,
    workspace_ids: z.array(z.string()),
    totals: z.object({
      turns: z.number(),
      failed_turns: z.number(),
      calls: z.number(),
      failed_calls: z.number(),
      retries: z.number(),
      tokens,
      median_latency_ms: z.number().nullable(),
    }),
    models: z.array(
      z.object({
        model: z.string(),
        calls: z.number(),
        failed: z.number(),
        retries: z.number(),
        tokens,
        median_latency_ms: z.number().nullable(),
      }),
    ),
    turns: z.array(turn),
    turns_left_out: z.number().openapi({ description: 'Older turns that the limit cut' }),
    queries: z.array(queryRun),
    warnings: z.array(z.string()),
    cached,
    took_ms: z.number(),
  })
  .openapi('ConversationAnswer');

export type ConversationAnswer = z.infer<typeof conversationAnswerSchema>;
