import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import { AppError } from '../../errors.ts';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../http/error-answers.ts';
import { type SocketAccess, socketRoute } from '../../http/socket-route.ts';
import type { ModelService } from '../../ports.ts';
import {
  generateAnswerSchema,
  generateBodySchema,
  generatedBatchSchema,
  generatedSchema,
  modelNameSchema,
  modelsSchema,
} from './schema.ts';
import { writeInPieces } from './write-in-pieces.ts';
import { generateConversation } from './generate-conversation.ts';
import { type ModelRoutesOptions, requestOf, writeGenerated } from './request-of.ts';
import { type TextOptions, type WrittenText, writeText, writeTexts } from './write-texts.ts';

export type GenerateRoutesOptions = ModelRoutesOptions & Omit<TextOptions, 'models'>;

/** Models for other programs: ask one, see them, load them and let them go. */
export function modelRoutes(options: GenerateRoutesOptions): OpenAPIHono<AppEnvironment> {
  const app = new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook });
  addGenerate(app, options);
  addManagement(app, options.models);
  return app;
}

/** The same over a WebSocket. */
export function generateSocketRoute(
  options: ModelRoutesOptions,
  access: SocketAccess,
): OpenAPIHono<AppEnvironment> {
  const description = `\`{"type":"generate","request_id":"1","prompt":"..."}\` has the fields of POST /api/v1/generate: \`text\` for
each piece and \`done\` follow.`;
  return socketRoute(
    {
      path: '/generate/socket',
      summary: 'Text of a model over a WebSocket',
      description,
      answers: generateAnswerSchema,
    },
    generateConversation(options),
    access,
  );
}

function addGenerate(app: OpenAPIHono<AppEnvironment>, options: GenerateRoutesOptions): void {
  const { models, limits } = options;
  const generate = createRoute({
    method: 'post',
    path: '/generate',
    summary: 'Text of a model, to one prompt or to several',
    description:
      'With "stream": true the answer is server-sent events: "text" for each piece, then "done" or "error". They begin with the first text: a model that is busy is told with 429 and Retry-After.',
    request: { body: jsonBody(generateBodySchema) },
    responses: {
      200: jsonAnswer(
        'The text, or with "prompts" one result for each',
        z.union([generatedSchema, generatedBatchSchema]),
      ),
      ...errorAnswers(400, 404, 429, 503),
    },
  });
  app.openapi(generate, async (c) => {
    const body = c.req.valid('json');
    const useCache = body.cache ?? body.temperature === 0;
    const requestFor = (prompt: string) => requestOf(prompt, body, limits, c.req.raw.signal);
    if (body.prompts) {
      const startedMs = performance.now();
      const results = await writeTexts(options, body.prompts.map(requestFor), useCache);
      return c.json(writeBatch(results, performance.now() - startedMs), 200);
    }
    const request = requestFor(body.prompt ?? '');
    if (!body.stream) return c.json(writeGenerated(await writeText(options, request, useCache)), 200);
    const gone = new AbortController();
    const signal = AbortSignal.any([request.signal, gone.signal]);
    const pieces = await writeInPieces(models, { ...request, signal });
    return streamSSE(c, async (events) => {
      events.onAbort(() => gone.abort());
      const send = (event: string, data: unknown) => events.writeSSE({ event, data: JSON.stringify(data) });
      try {
        let next = await pieces.next();
        for (; !next.done; next = await pieces.next()) await send('text', { text: next.value });
        await send('done', writeGenerated({ ...next.value, cached: false }));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        await send('error', { code: error.code, message: error.message });
      }
    }) as never;
  });
}

function addManagement(app: OpenAPIHono<AppEnvironment>, models: ModelService): void {
  const state = jsonAnswer('All models', modelsSchema);
  const list = createRoute({
    method: 'get',
    path: '/models',
    summary: 'The models of MODELS_CONFIG',
    responses: { 200: state },
  });
  const change = (action: 'load' | 'unload') =>
    createRoute({
      method: 'post',
      path: `/models/${action}`,
      summary: action === 'load' ? 'Load a model' : 'Unload a model, after the requests that wait for it',
      request: { body: jsonBody(modelNameSchema) },
      responses: { 200: state, ...errorAnswers(400, 404, 503) },
    });
  const all = () => ({ models: models.list().map((model) => ({ ...model })) });
  app.openapi(list, (c) => c.json(all(), 200));
  app.openapi(change('load'), async (c) => {
    await models.load(c.req.valid('json').model);
    return c.json(all(), 200);
  });
  app.openapi(change('unload'), async (c) => {
    await models.unload(c.req.valid('json').model);
    return c.json(all(), 200);
  });
}

function writeBatch(results: readonly (WrittenText | AppError)[], tookMs: number) {
  return {
    results: results.map((result) =>
      result instanceof AppError
        ? { error: { code: result.code, message: result.message } }
        : writeGenerated(result),
    ),
    processing_time: Math.round(tookMs),
    timestamp: new Date().toISOString(),
  };
}

function jsonBody<T>(schema: T) {
  return { required: true, content: { 'application/json': { schema } } };
}

function jsonAnswer<T>(description: string, schema: T) {
  return { description, content: { 'application/json': { schema } } };
}
