import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import { AppError } from '../../errors.ts';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../http/error-answers.ts';
import type { GenerateRequest, ModelService } from '../../ports.ts';
import {
  generateBodySchema,
  generatedBatchSchema,
  generatedSchema,
  modelNameSchema,
  modelsSchema,
} from './schema.ts';
import { writeInPieces } from './write-in-pieces.ts';
import { type TextOptions, type WrittenText, writeText, writeTexts } from './write-texts.ts';

export interface ModelRoutesOptions {
  readonly models: ModelService;
  readonly limits: ModelLimits;
}

export type GenerateRoutesOptions = ModelRoutesOptions & Omit<TextOptions, 'models'>;

export interface ModelLimits {
  /** Of all texts of one question together. */
  readonly promptCharsMax: number;
  readonly tokensMax: number;
  readonly timeoutMs: number;
}

/** Models for other programs: ask one, see them, load them and let them go. */
export function modelRoutes(options: GenerateRoutesOptions): OpenAPIHono<AppEnvironment> {
  const app = new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook });
  addGenerate(app, options);
  addManagement(app, options.models);
  return app;
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

function requestOf(
  prompt: string,
  body: Pick<z.infer<typeof generateBodySchema>, 'model' | 'max_tokens' | 'temperature' | 'schema'>,
  limits: ModelLimits,
  signal: AbortSignal,
): GenerateRequest {
  if (prompt.length > limits.promptCharsMax)
    throw new AppError(
      'invalid_request',
      `The prompt has ${prompt.length} characters, and ${limits.promptCharsMax} are allowed. Send less, or raise MODEL_PROMPT_CHARS_MAX.`,
    );
  return {
    purpose: 'chat',
    model: body.model,
    messages: [{ role: 'user', content: prompt }],
    schema: body.schema,
    tokensMax: Math.min(body.max_tokens, limits.tokensMax),
    temperature: body.temperature,
    timeoutMs: limits.timeoutMs,
    signal,
  };
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

function writeGenerated(written: WrittenText) {
  const { text, model, promptTokens, answerTokens, tookMs, failures, cached } = written;
  return {
    text,
    model,
    tokens_used: { prompt: promptTokens, answer: answerTokens, total: promptTokens + answerTokens },
    processing_time: tookMs,
    timestamp: new Date().toISOString(),
    failures: [...failures],
    cached,
  };
}

function jsonBody<T>(schema: T) {
  return { required: true, content: { 'application/json': { schema } } };
}

function jsonAnswer<T>(description: string, schema: T) {
  return { description, content: { 'application/json': { schema } } };
}
