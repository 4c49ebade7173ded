import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { requireRole } from '../../../http/access.ts';
import type { AppEnvironment } from '../../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../../http/error-answers.ts';
import { AppError } from '../../../errors.ts';
import type { AiLogsOptions } from '../read-context.ts';
import { type PatternStore, changePattern, createPattern, deletePattern } from './change-patterns.ts';
import { findPattern, listPatterns } from './list-patterns.ts';
import type { PatternBook } from './pattern-book.ts';
import { testPattern } from './test-pattern.ts';
import {
  changedPatternSchema,
  deletedPatternSchema,
  newPatternSchema,
  patternIdSchema,
  patternSchema,
  patternTestSchema,
  patternsAnswerSchema,
  patternsQuerySchema,
  testedPatternSchema,
} from './schema.ts';

export interface PatternsOptions {
  readonly store: PatternStore;
  readonly book: PatternBook;
  readonly aiLogs: AiLogsOptions;
}

const analyst = requireRole('analyst');
const answer = <Schema>(description: string, schema: Schema) => ({
  description,
  content: { 'application/json': { schema } },
});
const body = <Schema>(schema: Schema) => ({
  body: { required: true, content: { 'application/json': { schema } } },
});

const listRoute = createRoute({
  method: 'get',
  path: '/patterns',
  summary: 'The known patterns, the learned templates, and those of your own',
  request: { query: patternsQuerySchema },
  responses: { 200: answer('Pinned ones first', patternsAnswerSchema), ...errorAnswers(400, 401, 429, 503) },
});

const createPatternRoute = createRoute({
  method: 'post',
  path: '/patterns',
  summary: 'Keep a pattern of your own',
  description:
    'A text with placeholders, or a regex with literals. From then on it explains findings, has a count of its own in analyze, and raises alerts in the stream. Takes the role analyst.',
  middleware: analyst,
  request: body(newPatternSchema),
  responses: { 201: answer('Kept', patternSchema), ...errorAnswers(400, 401, 403, 429, 503) },
});

const changeRoute = createRoute({
  method: 'put',
  path: '/patterns/{id}',
  summary: 'Name, pin or mute any pattern; change one of your own',
  description: 'What is not given stays as it is. Takes the role analyst.',
  middleware: analyst,
  request: { params: patternIdSchema, ...body(changedPatternSchema) },
  responses: { 200: answer('As it is now', patternSchema), ...errorAnswers(400, 401, 403, 404, 429, 503) },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: '/patterns/{id}',
  summary: 'Remove a pattern of your own, or what was said about a known or learned one',
  description: 'Takes the role analyst.',
  middleware: analyst,
  request: { params: patternIdSchema },
  responses: { 200: answer('Removed', deletedPatternSchema), ...errorAnswers(401, 403, 404, 429, 503) },
});

const testRoute = createRoute({
  method: 'post',
  path: '/patterns/test',
  summary: 'How many lines of a window a pattern takes, with examples; nothing is kept',
  middleware: analyst,
  request: body(testedPatternSchema),
  responses: {
    200: answer('What it takes', patternTestSchema),
    ...errorAnswers(400, 401, 403, 429, 502, 503, 504),
  },
});

export function patternRoutes({ store, book, aiLogs }: PatternsOptions): OpenAPIHono<AppEnvironment> {
  const asItIs = async (id: string) => {
    await book.load();
    const pattern = await findPattern(store.db, book.rows, id);
    if (pattern) return pattern;
    throw new AppError('not_found', `The pattern ${id} is gone again. Look at the list.`);
  };
  return new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook })
    .openapi(listRoute, async (c) =>
      c.json(await listPatterns(store.db, book.rows, c.req.valid('query')), 200),
    )
    .openapi(testRoute, async (c) =>
      c.json(await testPattern(aiLogs, c.req.valid('json'), c.req.raw.signal), 200),
    )
    .openapi(createPatternRoute, async (c) => {
      const id = await createPattern(store, c.req.valid('json'), c.get('caller').id);
      c.header('location', `/api/v1/ai_logs/patterns/${id}`);
      return c.json(await asItIs(id), 201);
    })
    .openapi(changeRoute, async (c) => {
      const { id } = c.req.valid('param');
      await changePattern(store, id, c.req.valid('json'), c.get('caller').id);
      return c.json(await asItIs(id), 200);
    })
    .openapi(deleteRoute, async (c) => {
      const { id } = c.req.valid('param');
      await deletePattern(store.db, id);
      await book.load();
      return c.json({ deleted: id }, 200);
    });
}
