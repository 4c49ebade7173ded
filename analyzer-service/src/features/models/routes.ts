import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import { AppError } from '../../errors.ts';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../http/error-answers.ts';
import type { GenerateRequest, Generated, ModelService } from '../../ports.ts';
import { generateBodySchema, generatedSchema, modelNameSchema, modelsSchema } from './schema.ts';
import { writeInPieces } from './write-in-pieces.ts';

export interface ModelRoutesOptions {
  readonly models: ModelService;
  readonly limits: ModelLimits;
}

export interface ModelLimits {
  /** Of all texts of one question together. */
  readonly promptCharsMax: number;
  readonly tokensMax: number;
  readonly timeoutMs: number;
}

/** Models for other programs: ask one, see them, load them and let them go. */
export function modelRoutes({ models, limits }: ModelRoutesOptions): OpenAPIHono<AppEnvironment> {
  const generate = createRoute({
    method: 'post',
    path: '/generate',
    summary: 'Text of a model',
    description:
      'With "stream": true the answer is server-sent events: "text" for each piece, then "done" or "error". They begin with the first text: a model that is busy is told with 429 and Retry-After.',
    request: { body: jsonBody(generateBodySchema) },
    responses: { 200: jsonAnswer('The text', generatedSchema), ...errorAnswers(400, 404, 429, 503) },
  });
  const app = new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook });
  app.openapi(generate, async (c) => {
    const { prompt, model, max_tokens, temperature, schema, stream } = c.req.valid('json');
    if (prompt.length > limits.promptCharsMax)
      throw new AppError(
        'invalid_request',
        `The prompt has ${prompt.length} characters, and ${limits.promptCharsMax} are allowed. Send less, or raise MODEL_PROMPT_CHARS_MAX.`,
      );
    const request: GenerateRequest = {
      purpose: 'chat',
      model,
      messages: [{ role: 'user', content: prompt }],
      schema,
      tokensMax: Math.min(max_tokens, limits.tokensMax),
      temperature,
      timeoutMs: limits.timeoutMs,
      signal: c.req.raw.signal,
    };
    if (!stream) return c.json(writeGenerated(await models.generate(request)), 200);
    const gone = new AbortController();
    const signal = AbortSignal.any([request.signal, gone.signal]);
    const pieces = await writeInPieces(models, { ...request, signal });
    return streamSSE(c, async (events) => {
      events.onAbort(() => gone.abort());
      const send = (event: string, data: unknown) => events.writeSSE({ event, data: JSON.stringify(data) });
      try {
        let next = await pieces.next();
        for (; !next.done; next = await pieces.next()) await send('text', { text: next.value });
        await send('done', writeGenerated(next.value));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        await send('error', { code: error.code, message: error.message });
      }
    }) as never;
  });
  addManagement(app, models);
  return app;
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

function writeGenerated({ text, model, promptTokens, answerTokens, tookMs, failures }: Generated) {
  return {
    text,
    model,
    tokens_used: { prompt: promptTokens, answer: answerTokens, total: promptTokens + answerTokens },
    processing_time: tookMs,
    timestamp: new Date().toISOString(),
    failures: [...failures],
  };
}

function jsonBody<T>(schema: T) {
  return { required: true, content: { 'application/json': { schema } } };
}

function jsonAnswer<T>(description: string, schema: T) {
  return { description, content: { 'application/json': { schema } } };
}
