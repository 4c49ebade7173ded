import { z } from '@hono/zod-openapi';

// What every endpoint that gives words takes and answers.

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/i, 'must be a name of up to 63 letters, digits, dots and dashes');

export const wordsParameters = {
  model: name
    .optional()
    .openapi({ description: 'Name of a model; the chain for summaries if not given', example: 'local' }),
  template: name.optional().openapi({
    description: 'default, security, performance, or one of /api/v1/templates',
    example: 'security',
  }),
  instruction: z
    .string()
    .max(2_000)
    .optional()
    .openapi({ description: 'What the reader asks for besides', example: 'Say which team to call.' }),
  language: z
    .string()
    .regex(/^[\p{L} -]{2,40}$/u, 'must be the name of a language')
    .optional()
    .openapi({ description: 'Language of the statements; English if not given', example: 'German' }),
};

export type WordsRequest = z.infer<z.ZodObject<typeof wordsParameters>>;

const statement = z.object({
  text: z.string(),
  evidence: z.array(z.string()).openapi({ description: 'Ids of `evidence` below' }),
});

export const wordsSchema = z
  .object({
    source: z
      .enum(['model', 'findings'])
      .openapi({ description: 'findings: no model was asked, or none gave an answer that holds' }),
    text: z.string().openapi({ description: 'The sections as one text' }),
    sections: z.object({
      summary: z.array(statement),
      what_is_wrong: z.array(statement),
      probable_cause: z.array(statement),
      what_to_do_next: z.array(statement),
      what_is_uncertain: z.array(statement),
    }),
    evidence: z
      .record(
        z.string(),
        z.object({
          text: z.string(),
          finding_id: z.string().nullable(),
          services: z.array(z.string()),
        }),
      )
      .openapi({
        description: 'What the statements cite: findings F1, their lines F1.1, suspects S1, counts C1',
      }),
    dropped: z.object({
      total: z.number(),
      reasons: z.record(z.string(), z.number()),
    }),
    redacted: z.record(z.string(), z.number()).nullable().openapi({
      description: 'Values hidden from the model, by kind; null when nothing was hidden on purpose',
    }),
    model: z.string().nullable(),
    local: z.boolean().nullable().openapi({ description: 'The model runs on this machine' }),
    prompt_version: z.string(),
    template: z.string(),
    language: z.string(),
    prompt_tokens: z.number(),
    answer_tokens: z.number(),
    took_ms: z.number(),
    warnings: z.array(z.string()),
  })
  .openapi('Words');

export type WordsAnswer = z.infer<typeof wordsSchema>;
