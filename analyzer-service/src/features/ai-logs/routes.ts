import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { errorAnswers, validationHook } from '../../http/error-answers.ts';
import type { AppEnvironment } from '../../http/app-environment.ts';
import type { SummaryFacts } from '../../engine/summary/facts.ts';
import type { WordsAnswer, WordsRequest } from '../../http/words-schema.ts';
import { analyzeRoutes } from './analyze/routes.ts';
import { conversationRoutes } from './conversations/routes.ts';
import { correlateRoutes } from './correlate/routes.ts';
import { splitQuery } from './split-query.ts';
import { workspaceRoutes } from './workspace/routes.ts';
import { writeAgentText } from './formats/agent-format.ts';
import { writeText } from './formats/text-format.ts';
import { factsOfAnswer } from './facts-of-answer.ts';
import { metricsRoutes } from './metrics/routes.ts';
import { queryAiLogs } from './query-ai-logs.ts';
import type { AiLogsOptions } from './read-context.ts';
import { type AiLogsAnswer, answerSchema, querySchema } from './schema.ts';

const queryRoute = createRoute({
  method: 'get',
  path: '/query',
  summary: 'What broke, since when, where it started, and the lines that prove it',
  description:
    'Compares a window of logs with a baseline and answers with ranked findings, suspects, exact counts, and the queries that it ran.',
  request: { query: querySchema },
  responses: {
    200: {
      description: 'The answer',
      content: {
        'application/json': { schema: answerSchema },
        'text/plain': { schema: z.string().openapi({ description: 'With format=text and format=agent' }) },
      },
    },
    ...errorAnswers(400, 401, 429, 502, 503, 504),
  },
});

/** Findings in words by a model, or by the findings themselves when there is none. */
type WriteWords = (facts: SummaryFacts, request: WordsRequest, signal: AbortSignal) => Promise<WordsAnswer>;

export function aiLogsRoutes(options: AiLogsOptions, writeWords: WriteWords): OpenAPIHono<AppEnvironment> {
  return new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook })
    .openapi(queryRoute, async (c) => {
      const { question, words, telling } = splitQuery(c.req.valid('query'));
      const found = await queryAiLogs(options, question, c.req.raw.signal);
      const answer =
        telling.summary === 'model'
          ? withWords(found, await writeWords(factsOfAnswer(found), words, c.req.raw.signal))
          : found;
      if (telling.format === 'text') return c.text(writeText(answer), 200);
      if (telling.format === 'agent') return c.text(writeAgentText(answer, telling.max_tokens), 200);
      return c.json(answer, 200);
    })
    .route('/', correlateRoutes(options))
    .route('/', analyzeRoutes(options))
    .route('/', conversationRoutes(options))
    .route('/', workspaceRoutes(options))
    .route('/', metricsRoutes(options));
}

function withWords(answer: AiLogsAnswer, words: WordsAnswer): AiLogsAnswer {
  const warnings = [...answer.warnings, ...words.warnings];
  return { ...answer, summary: words.text, words, warnings, took_ms: answer.took_ms + words.took_ms };
}
