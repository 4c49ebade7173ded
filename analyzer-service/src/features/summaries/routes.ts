import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { SummaryFacts } from '../../engine/summary/facts.ts';
import { requireRole } from '../../http/access.ts';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../http/error-answers.ts';
import { deleteTemplate, listTemplates, saveTemplate } from './prompt-templates.ts';
import {
  previewRequestSchema,
  previewSchema,
  promptTemplateSchema,
  settingsChangeSchema,
  settingsSchema,
  type SummaryRequest,
  summaryAnswerSchema,
  summaryRequestSchema,
  templateBodySchema,
  templatePathSchema,
} from './schema.ts';
import type { Summaries } from './summaries.ts';

/** What the findings of a window are; throws like the query endpoint. */
export type FactsOf = (
  request: SummaryRequest,
  signal: AbortSignal,
) => Promise<{
  readonly window: { readonly start: string; readonly end: string };
  readonly facts: SummaryFacts;
  readonly warnings: readonly string[];
}>;

const json = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } });

const summaryRoute = createRoute({
  method: 'post',
  path: '/summaries',
  summary: 'The findings of a window in words',
  description:
    'Finds what GET /api/v1/ai_logs/query finds (and shares its kept answers), then lets a model put it into words, within SUMMARY_TIMEOUT_MS. Every statement cites evidence; statements that the findings do not bear out are dropped and counted. Without a model, or with one that fails, the words are those of the findings.',
  request: { body: { required: true, content: json(summaryRequestSchema) } },
  responses: {
    200: { description: 'The words', content: json(summaryAnswerSchema) },
    ...errorAnswers(400, 401, 403, 404, 429, 502, 503, 504),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: '/templates',
  summary: 'What summaries can be for',
  responses: {
    200: {
      description: 'All templates',
      content: json(z.object({ templates: z.array(promptTemplateSchema) })),
    },
    ...errorAnswers(401, 429, 503),
  },
});

const saveRoute = createRoute({
  method: 'put',
  path: '/templates/{name}',
  summary: 'Make a template or change it',
  request: { params: templatePathSchema, body: { required: true, content: json(templateBodySchema) } },
  responses: { 204: { description: 'Saved' }, ...errorAnswers(400, 401, 403, 429, 503) },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: '/templates/{name}',
  summary: 'Delete a template',
  request: { params: templatePathSchema },
  responses: { 204: { description: 'Deleted' }, ...errorAnswers(400, 401, 403, 404, 429, 503) },
});

const previewRoute = createRoute({
  method: 'post',
  path: '/templates/preview',
  summary: 'The prompt that a template leads to, for an example',
  description: 'No model is asked.',
  request: { body: { required: true, content: json(previewRequestSchema) } },
  responses: {
    200: { description: 'The prompt', content: json(previewSchema) },
    ...errorAnswers(400, 401, 404, 429),
  },
});

const settingsRoute = createRoute({
  method: 'get',
  path: '/settings',
  summary: 'What is set while the service runs',
  responses: {
    200: { description: 'The settings', content: json(settingsSchema) },
    ...errorAnswers(401, 429),
  },
});

const changeSettingsRoute = createRoute({
  method: 'put',
  path: '/settings',
  summary: 'Change settings',
  description: 'Takes the role admin. What is not given stays as it is.',
  middleware: requireRole('admin'),
  request: { body: { required: true, content: json(settingsChangeSchema) } },
  responses: {
    200: { description: 'The settings now', content: json(settingsSchema) },
    ...errorAnswers(400, 401, 403, 404, 429, 503),
  },
});

/** Words, and what they are made with. */
export function summariesRoutes(summaries: Summaries, factsOf: FactsOf): OpenAPIHono<AppEnvironment> {
  const { db, clock, settings } = summaries;
  return new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook })
    .openapi(summaryRoute, async (c) => {
      const request = c.req.valid('json');
      const { window, facts, warnings } = await factsOf(request, c.req.raw.signal);
      const words = await summaries.write(facts, request, c.req.raw.signal);
      return c.json({ window, words, warnings: [...warnings] }, 200);
    })
    .openapi(listRoute, async (c) => c.json({ templates: [...(await listTemplates(db))] }, 200))
    .openapi(previewRoute, async (c) => {
      const { text, ...request } = c.req.valid('json');
      return c.json(await summaries.preview(request, text), 200);
    })
    .openapi(saveRoute, async (c) => {
      await saveTemplate(db, clock, c.req.valid('param').name, c.req.valid('json').text);
      return c.body(null, 204);
    })
    .openapi(deleteRoute, async (c) => {
      await deleteTemplate(db, c.req.valid('param').name);
      return c.body(null, 204);
    })
    .openapi(settingsRoute, async (c) => c.json(await settings.current(), 200))
    .openapi(changeSettingsRoute, async (c) => {
      const changes = c.req.valid('json');
      if (changes.template) await summaries.preview({ template: changes.template }, undefined);
      return c.json(await settings.change(changes), 200);
    });
}
