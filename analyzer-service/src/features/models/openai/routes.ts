import { randomUUID } from 'node:crypto';
import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { AppError } from '../../../errors.ts';
import type { AppEnvironment } from '../../../http/app-environment.ts';
import { openAiErrorAnswers, openAiErrorOf, validationHook } from '../../../http/error-answers.ts';
import type { GenerateRequest, Generated, ModelState } from '../../../ports.ts';
import type { ModelRoutesOptions } from '../request-of.ts';
import { writeInPieces } from '../write-in-pieces.ts';
import { finishReason, refuseTooLong, requestOf, stopsOf, usageOf } from './complete-chat.ts';
import {
  type ChatBody,
  chatBodySchema,
  completionSchema,
  embeddingsBodySchema,
  embeddingsSchema,
  modelParamsSchema,
  openAiModelSchema,
  openAiModelsSchema,
} from './schema.ts';
import { StopTexts } from './stop-texts.ts';

/** The models for whatever speaks OpenAI's protocol. */
export function openAiRoutes(options: ModelRoutesOptions): OpenAPIHono<AppEnvironment> {
  const app = new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook });
  addChat(app, options);
  addEmbeddings(app, options);
  addModels(app, options);
  return app;
}

function addChat(app: OpenAPIHono<AppEnvironment>, { models, limits }: ModelRoutesOptions): void {
  const route = createRoute({
    method: 'post',
    path: '/chat/completions',
    summary: "A model's answer, in OpenAI's protocol",
    description:
      'With "stream": true as server-sent events in chunks of that protocol. The stream begins with the first text: a model that is busy is told with 429 and Retry-After. `top_p`, `seed` and penalties are passed over; tools, several choices and log probabilities are refused.',
    request: { body: jsonBody(chatBodySchema) },
    responses: {
      200: jsonAnswer('The answer', completionSchema),
      ...openAiErrorAnswers(400, 404, 429, 503),
    },
  });
  app.openapi(route, async (c) => {
    const body = c.req.valid('json');
    const request = requestOf(body, limits, c.req.raw.signal);
    if (body.stream) {
      const gone = new AbortController();
      const signal = AbortSignal.any([request.signal, gone.signal]);
      const pieces = await writeInPieces(models, { ...request, signal });
      return streamSSE(c, (events) => {
        events.onAbort(() => gone.abort());
        return sendChunks(events, body, request, pieces);
      }) as never;
    }
    const generated = await models.generate(request);
    const stops = new StopTexts(stopsOf(body));
    const content = stops.push(generated.text) + stops.rest();
    const finish_reason = finishReason(generated, request, stops.isStopped);
    const message = { role: 'assistant' as const, content, refusal: null };
    return c.json(
      {
        id: newId(),
        object: 'chat.completion' as const,
        created: seconds(),
        model: generated.model,
        choices: [{ index: 0, message, logprobs: null, finish_reason }],
        usage: usageOf(generated),
      },
      200,
    );
  });
}

async function sendChunks(
  events: SSEStreamingApi,
  body: ChatBody,
  request: GenerateRequest,
  pieces: AsyncGenerator<string, Generated, void>,
): Promise<void> {
  const about = { id: newId(), object: 'chat.completion.chunk', created: seconds(), model: body.model };
  const withUsage = body.stream_options?.include_usage ?? false;
  const write = (data: object) => events.writeSSE({ data: JSON.stringify(data) });
  const send = (delta: object, finish_reason: string | null = null) =>
    write({
      ...about,
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
      ...(withUsage && { usage: null }),
    });
  const stops = new StopTexts(stopsOf(body));
  const tell = async (content: string) => {
    if (content) await send({ content });
  };
  try {
    await send({ role: 'assistant', content: '' });
    let next = await pieces.next();
    for (; !next.done; next = await pieces.next()) await tell(stops.push(next.value));
    await tell(stops.rest());
    await send({}, finishReason(next.value, request, stops.isStopped));
    if (withUsage) await write({ ...about, choices: [], usage: usageOf(next.value) });
    await events.writeSSE({ data: '[DONE]' });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await write(openAiErrorOf(error.code, error.message));
  }
}

function addEmbeddings(app: OpenAPIHono<AppEnvironment>, { models, limits }: ModelRoutesOptions): void {
  const route = createRoute({
    method: 'post',
    path: '/embeddings',
    summary: "Vectors of texts, in OpenAI's protocol",
    request: { body: jsonBody(embeddingsBodySchema) },
    responses: {
      200: jsonAnswer('One vector for each text', embeddingsSchema),
      ...openAiErrorAnswers(400, 404, 429, 503),
    },
  });
  app.openapi(route, async (c) => {
    const { model, input, encoding_format } = c.req.valid('json');
    const texts = typeof input === 'string' ? [input] : input;
    refuseTooLong(texts, limits);
    const { timeoutMs } = limits;
    const embedded = await models.embed(texts, { model, timeoutMs, signal: c.req.raw.signal });
    const data = embedded.vectors.map((vector, index) => ({
      object: 'embedding' as const,
      index,
      embedding: encoding_format === 'base64' ? base64Of(vector) : [...vector],
    }));
    const usage = { prompt_tokens: 0, total_tokens: 0 };
    return c.json({ object: 'list' as const, data, model: embedded.model, usage }, 200);
  });
}

function addModels(app: OpenAPIHono<AppEnvironment>, { models }: ModelRoutesOptions): void {
  const list = createRoute({
    method: 'get',
    path: '/models',
    summary: "The models, in OpenAI's protocol",
    responses: { 200: jsonAnswer('All models', openAiModelsSchema), ...openAiErrorAnswers(401) },
  });
  const one = createRoute({
    method: 'get',
    path: '/models/{id}',
    summary: "One model, in OpenAI's protocol",
    request: { params: modelParamsSchema },
    responses: { 200: jsonAnswer('The model', openAiModelSchema), ...openAiErrorAnswers(404) },
  });
  app.openapi(list, (c) => c.json({ object: 'list' as const, data: models.list().map(writeModel) }, 200));
  app.openapi(one, (c) => {
    const { id } = c.req.valid('param');
    const model = models.list().find(({ name }) => name === id);
    if (!model)
      throw new AppError('not_found', `There is no model ${id.slice(0, 100)}. GET /v1/models lists them.`);
    return c.json(writeModel(model), 200);
  });
}

function writeModel({ name, kind }: ModelState) {
  return { id: name, object: 'model' as const, created: 0, owned_by: kind };
}

function base64Of(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes.toString('base64');
}

function newId(): string {
  return `chatcmpl-${randomUUID()}`;
}

function seconds(): number {
  return Math.floor(Date.now() / 1_000);
}

function jsonBody<T>(schema: T) {
  return { required: true, content: { 'application/json': { schema } } };
}

function jsonAnswer<T>(description: string, schema: T) {
  return { description, content: { 'application/json': { schema } } };
}
