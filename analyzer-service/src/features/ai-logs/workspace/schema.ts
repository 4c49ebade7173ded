import { z } from '@hono/zod-openapi';
import { filterParameters, idValue, parameters, windowParameters } from '../parameters/schema.ts';
import { cached, queryRun, range } from '../schema.ts';

export const workspacePathSchema = z.object({
  id: idValue.openapi({ description: 'The workspace_id', example: 'ws-legal' }),
});

/** The parameters of `GET /api/v1/ai_logs/workspace/{id}/summary`; the window is the last 24 hours if not given. */
export const workspaceQuerySchema = parameters({
  ...windowParameters,
  services: filterParameters.services,
  search: filterParameters.search,
});

export type WorkspaceQuery = z.infer<typeof workspaceQuerySchema>;

const usage = {
  requests: z.number().openapi({ description: 'Calls of models that ended: answered or failed' }),
  failed: z.number(),
  retries: z.number(),
  tokens: z
    .object({ input: z.number(), output: z.number(), total: z.number() })
    .openapi({ description: 'input and output are 0 where lines only tell a total' }),
  cost: z.number().nullable().openapi({
    description:
      'In the currency of the price table; null when a model has no price. Tokens of unknown direction are priced as output',
  }),
};

export const workspaceAnswerSchema = z
  .object({
    id: z.string(),
    window: range,
    summary: z.string(),
    lines: z.number().openapi({ description: 'All lines of the workspace, exact' }),
    error_lines: z.number(),
    conversations: z.number().nullable().openapi({ description: 'Null when there are too many to count' }),
    totals: z.object(usage),
    currency: z.string().nullable(),
    by_model: z.array(
      z.object({
        model: z.string(),
        ...usage,
        price_known: z.boolean(),
        latency: z
          .object({ p50_ms: z.number().nullable(), p95_ms: z.number().nullable() })
          .openapi({ description: 'Of answers, as the lines state it; null where they do not' }),
      }),
    ),
    by_day: z
      .array(z.object({ day: z.string().openapi({ example: '2026-11-20' }), ...usage }))
      .openapi({ description: 'Days in UTC; the first and the last may be cut by the window' }),
    queries: z.array(queryRun),
    warnings: z.array(z.string()),
    cached,
    took_ms: z.number(),
  })
  .openapi('WorkspaceSummary');

export type WorkspaceAnswer = z.infer<typeof workspaceAnswerSchema>;
