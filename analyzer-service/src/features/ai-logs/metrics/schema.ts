import { z } from '@hono/zod-openapi';
import { filterParameters, parameters, windowParameters } from '../parameters/schema.ts';
import { cached, coverage, queryRun, range } from '../schema.ts';

/** The parameters of `GET /api/v1/ai_logs/metrics`. */
export const metricsQuerySchema = parameters({ ...windowParameters, ...filterParameters });

export type MetricsQuery = z.infer<typeof metricsQuerySchema>;

const figures = {
  lines: z.number(),
  errors: z.number(),
  error_share: z.number().openapi({ description: 'Of the lines, 0 to 1' }),
  lines_per_second: z.number(),
};

const overTime = z.object({ lines: z.array(z.number()), errors: z.array(z.number()) });

export const metricsAnswerSchema = z
  .object({
    window: range,
    summary: z.string(),
    step_ms: z.number().openapi({ description: 'Of everything that is told over time' }),
    totals: z.object(figures),
    by_level: z.record(z.string(), z.number()),
    over_time: overTime,
    levels_over_time: z
      .record(z.string(), z.array(z.number()))
      .openapi({ description: 'Lines of each level that occurs; the levels of a step add up to its lines' }),
    by_service: z
      .array(
        z.object({
          service: z.string(),
          ...figures,
          over_time: overTime,
          usual: z
            .object({
              lines_per_second: z.number(),
              error_share: z.number(),
              p95_ms: z.number().nullable(),
              hours: z.number().openapi({ description: 'Hours of logs that these means rest on' }),
            })
            .nullable()
            .openapi({ description: 'Learned from the seven days before; null where nothing was' }),
          latency: z
            .object({
              lines: z.number().openapi({ description: 'Lines with a duration that the figures rest on' }),
              p50_ms: z.number().nullable(),
              p95_ms: z.number().nullable(),
              p99_ms: z.number().nullable(),
            })
            .nullable()
            .openapi({ description: 'From durations that lines state; null when none that was read does' }),
        }),
      )
      .openapi({ description: 'Most lines first' }),
    coverage,
    queries: z.array(queryRun),
    warnings: z.array(z.string()),
    cached,
    took_ms: z.number(),
  })
  .openapi('MetricsAnswer');

export type MetricsAnswer = z.infer<typeof metricsAnswerSchema>;
