import { z } from '@hono/zod-openapi';
import { SEVERITIES } from '../../../engine/finding.ts';
import { LEVELS } from '../../../engine/log-line.ts';
import { windowParameters } from '../parameters/schema.ts';
import { isoTime, line, queryRun, range } from '../schema.ts';

const ORIGINS = ['own', 'library', 'learned'] as const;
const CATEGORIES = ['connectivity', 'performance', 'ai', 'security', 'infrastructure', 'data'] as const;

const name = z
  .string()
  .regex(/^\S[^\n]{0,79}$/, 'needs 1 to 80 characters on one line')
  .openapi({ description: 'Unique among all patterns', example: 'card declined' });
const sentence = z.string().trim().min(1).max(500);
const text = z.string().min(1).max(500).openapi({
  description: 'A wording, found anywhere in a line: <name> stands for any text, <*> for one without a name',
  example: 'payment declined for <customer>',
});
const regex = z
  .string()
  .min(1)
  .max(500)
  .openapi({ description: 'RE2, case does not matter; needs literals', example: 'declined code=(5[1-9])' });
const literals = z
  .array(z.string().max(100))
  .min(1)
  .max(10)
  .openapi({
    description: 'For a regex: words of which every matching line has at least one',
    example: ['declined'],
  });
const words = {
  category: z.enum(CATEGORIES),
  severity: z.enum(SEVERITIES).openapi({ description: 'Of a finding that the pattern explains' }),
  meaning: sentence,
  causes: z.array(sentence).max(10),
  next_steps: z.array(sentence).max(10),
};
const pinned = z.boolean().openapi({ description: 'Comes first in lists, and is always listed by analyze' });
const muted = z.boolean().openapi({
  description: 'Gives no finding and no alert of its own; its lines still count in rates of errors',
});

const recognised = { text: text.optional(), regex: regex.optional(), literals: literals.optional() };

/** The body of `POST /api/v1/ai_logs/patterns`: a pattern of one's own. */
export const newPatternSchema = z
  .strictObject({
    name,
    ...recognised,
    category: words.category.default('infrastructure'),
    severity: words.severity.default('info'),
    meaning: words.meaning.optional(),
    causes: words.causes.default([]),
    next_steps: words.next_steps.default([]),
    pinned: pinned.default(false),
    muted: muted.default(false),
  })
  .superRefine(oneWayToRecognise)
  .openapi('NewPattern', {
    example: {
      name: 'card declined',
      text: 'payment declined for <customer>',
      severity: 'low',
      meaning: 'The bank did not accept a card.',
      next_steps: ['Count them by bank'],
    },
  });

/** The body of `PUT /api/v1/ai_logs/patterns/{id}`: what is not given stays as it is. */
export const changedPatternSchema = z
  .strictObject({
    name: name.optional(),
    ...recognised,
    category: words.category.optional(),
    severity: words.severity.optional(),
    meaning: words.meaning.optional(),
    causes: words.causes.optional(),
    next_steps: words.next_steps.optional(),
    pinned: pinned.optional(),
    muted: muted.optional(),
  })
  .openapi('ChangedPattern', { example: { muted: true } });

/** The body of `POST /api/v1/ai_logs/patterns/test`. */
export const testedPatternSchema = z
  .strictObject({
    ...recognised,
    ...windowParameters,
    services: z.array(z.string().min(1).max(200)).min(1).max(50).optional(),
    severity: z.array(z.enum(LEVELS)).min(1).max(LEVELS.length).optional(),
  })
  .superRefine(oneWayToRecognise)
  .openapi('TestedPattern', {
    example: { text: 'payment declined for <customer>', time_range: '1h', services: ['payments'] },
  });

export const patternIdSchema = z.strictObject({
  id: z.string().min(1).max(64).openapi({
    description: 'Of an own, a known or a learned pattern, as the list tells it',
    example: 'disk-full',
  }),
});

export const patternsQuerySchema = z.strictObject({
  origin: z.enum(ORIGINS).optional(),
  search: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({ description: 'Text in the name, the wording or the meaning', example: 'declined' }),
  muted: z.enum(['true', 'false']).optional(),
  limit: z.coerce.number({ error: 'must be a number' }).int().min(1).max(500).default(100),
  offset: z.coerce.number({ error: 'must be a number' }).int().min(0).max(1_000_000).default(0),
});

export const patternSchema = z
  .object({
    id: z.string(),
    origin: z.enum(ORIGINS),
    name: z.string(),
    text: z.string().nullable(),
    regex: z.string().nullable(),
    literals: z.array(z.string()),
    category: z.enum(CATEGORIES).nullable(),
    severity: z.enum(SEVERITIES).nullable(),
    meaning: z.string().nullable(),
    causes: z.array(z.string()),
    next_steps: z.array(z.string()),
    pinned: z.boolean(),
    muted: z.boolean(),
    services: z.array(z.string()).openapi({ description: 'Where a learned one was seen' }),
    lines: z
      .number()
      .nullable()
      .openapi({ description: 'Of a learned one: lines since it was first seen, as far as kept' }),
    first_seen: isoTime.nullable(),
    last_seen: isoTime.nullable(),
    changed: isoTime.nullable().openapi({ description: 'When somebody last said something about it' }),
    changed_by: z.string().nullable(),
  })
  .openapi('KnownPattern');

export const patternsAnswerSchema = z
  .object({
    patterns: z.array(patternSchema),
    total: z.number().openapi({ description: 'All that fit the question, also those not in this answer' }),
    left_out: z.number().openapi({ description: 'Behind those in this answer: ask with a higher offset' }),
  })
  .openapi('Patterns', {
    example: {
      patterns: [
        {
          id: 'own-0f2c4be1a95d',
          origin: 'own',
          name: 'card declined',
          text: 'payment declined for <customer>',
          regex: null,
          literals: [],
          category: 'data',
          severity: 'low',
          meaning: 'The bank did not accept a card.',
          causes: [],
          next_steps: ['Count them by bank'],
          pinned: true,
          muted: false,
          services: [],
          lines: null,
          first_seen: null,
          last_seen: null,
          changed: '2026-11-20T10:00:00.000Z',
          changed_by: '3f0c1d2e4b5a',
        },
      ],
      total: 141,
      left_out: 140,
    },
  });

export const deletedPatternSchema = z
  .object({ deleted: z.string() })
  .openapi('PatternDeleted', { example: { deleted: 'own-0f2c4be1a95d' } });

export const patternTestSchema = z
  .object({
    window: range,
    lines: z.number().openapi({ description: 'Lines in the window, exact' }),
    candidates: z
      .number()
      .openapi({ description: 'Lines that have the words of the pattern, exact: only these can match' }),
    lines_read: z.number(),
    matches: z.number(),
    estimated: z
      .boolean()
      .openapi({ description: 'True when not every candidate was read: matches is scaled up' }),
    by_service: z.array(z.object({ service: z.string(), matches: z.number() })),
    examples: z.array(line),
    queries: z.array(queryRun),
    warnings: z.array(z.string()),
    took_ms: z.number(),
  })
  .openapi('PatternTest', {
    example: {
      window: { start: '2026-11-20T09:00:00.000Z', end: '2026-11-20T10:00:00.000Z' },
      lines: 41_739,
      candidates: 128,
      lines_read: 128,
      matches: 121,
      estimated: false,
      by_service: [{ service: 'payments', matches: 121 }],
      examples: [],
      queries: [],
      warnings: [],
      took_ms: 84,
    },
  });

export type NewPattern = z.infer<typeof newPatternSchema>;
export type ChangedPattern = z.infer<typeof changedPatternSchema>;
export type TestedPattern = z.infer<typeof testedPatternSchema>;
export type PatternsQuery = z.infer<typeof patternsQuerySchema>;
export type Pattern = z.infer<typeof patternSchema>;
export type PatternsAnswer = z.infer<typeof patternsAnswerSchema>;
export type PatternTest = z.infer<typeof patternTestSchema>;

function oneWayToRecognise(
  given: { readonly text?: string | undefined; readonly regex?: string | undefined },
  context: z.RefinementCtx,
): void {
  if ((given.text === undefined) !== (given.regex === undefined)) return;
  context.addIssue({ code: 'custom', path: ['text'], message: 'give text, or regex with literals' });
}
