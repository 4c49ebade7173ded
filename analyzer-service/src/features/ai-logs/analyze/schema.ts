import { z } from '@hono/zod-openapi';
import { LEVELS } from '../../../engine/log-line.ts';
import { PARAMETER_TYPES } from '../../../engine/templates/parameter-type.ts';
import {
  baselineParameters,
  filterParameters,
  limitParameter,
  parameters,
  windowParameters,
} from '../parameters/schema.ts';
import { cached, coverage, finding, isoTime, line, queryRun, range } from '../schema.ts';

/** The parameters of `GET /api/v1/ai_logs/analyze`. */
export const analyzeQuerySchema = parameters({
  ...windowParameters,
  ...baselineParameters,
  ...filterParameters,
  ...limitParameter,
});

export type AnalyzeQuery = z.infer<typeof analyzeQuerySchema>;

const CHANGES = ['new', 'elevated', 'gone', 'usual', 'unknown'] as const;

const parameter = z
  .object({
    name: z.string().nullable().openapi({
      description: 'The key of `key=`, or the word before the value',
      example: 'took',
    }),
    type: z.enum(PARAMETER_TYPES),
    count: z.number().openapi({ description: 'Lines that the figures stand for' }),
    distinct: z.number().openapi({ description: 'Different values: exact up to 64, estimated above' }),
    top: z.array(z.object({ value: z.string(), count: z.number().nullable() })).openapi({
      description:
        'The most frequent values, at most 5; examples without a count where more than 64 values differ, since not every line is looked at',
    }),
    numbers: z
      .object({
        min: z.number(),
        p50: z.number(),
        p90: z.number(),
        p99: z.number(),
        max: z.number(),
        mean: z.number(),
      })
      .nullable()
      .openapi({ description: 'Durations in milliseconds, sizes in bytes; quantiles within 5 %' }),
  })
  .openapi('PatternParameter');

const pattern = z
  .object({
    id: z.string(),
    text: z.string().openapi({ description: 'The wording, with <*> for each value' }),
    name: z.string().nullable().openapi({ description: 'What somebody called it' }),
    pinned: z.boolean().openapi({ description: 'Somebody wants it listed first' }),
    muted: z.boolean().openapi({ description: 'Somebody wants no findings of it' }),
    service: z.string(),
    level: z.enum(LEVELS),
    count: z.number(),
    estimated: z.boolean().openapi({
      description:
        'Not all lines of this service and level were read: the count is scaled up, first_seen, last_seen and series tell of the lines that were read',
    }),
    baseline_count: z.number().openapi({ description: 'Scaled to the length of the window' }),
    change: z
      .enum(CHANGES)
      .openapi({ description: 'Against the baseline; unknown without one. new and gone may be chance' }),
    significant: z.boolean().openapi({ description: 'Chance does not explain the change' }),
    first_seen: isoTime.nullable(),
    last_seen: isoTime.nullable(),
    history: z
      .string()
      .nullable()
      .openapi({ description: 'Of a new one: what was learned about it before the window' }),
    series: z.array(z.number()).openapi({ description: 'Counts over the window in 60 equal steps' }),
    known_pattern: z.object({ id: z.string(), category: z.string(), meaning: z.string() }).nullable(),
    parameters: z.array(parameter).openapi({
      description:
        'What stood in the places of the wording, in their order, over the lines of window and baseline that were read, of all services and levels that write it',
    }),
    example: z.union([line, z.null()]),
    query: z.string().openapi({ description: 'LogQL that shows the lines' }),
  })
  .openapi('Pattern');

export const analyzeAnswerSchema = z
  .object({
    window: range,
    baseline: range.nullable(),
    summary: z.string(),
    lines: z.number().openapi({ description: 'Lines in the window, exact: the patterns and their rest' }),
    baseline_lines: z.number(),
    patterns: z.array(pattern),
    patterns_found: z.number(),
    patterns_rest: z
      .number()
      .openapi({ description: 'Lines of patterns that are not listed, or that were not read' }),
    patterns_estimated: z
      .boolean()
      .openapi({ description: 'True when lines were sampled: counts of patterns are then scaled up' }),
    anomalies: z.array(finding),
    anomalies_left_out: z.number(),
    anomalies_muted: z
      .number()
      .openapi({ description: 'Changes that are no anomaly because somebody muted their pattern' }),
    coverage,
    queries: z.array(queryRun),
    warnings: z.array(z.string()),
    cached,
    took_ms: z.number(),
  })
  .openapi('AnalyzeAnswer');

export type AnalyzeAnswer = z.infer<typeof analyzeAnswerSchema>;
