import { z } from '@hono/zod-openapi';

const textPart = z.object({
  type: z.literal('text', { error: 'must be "text": pictures and sound are not read' }),
  text: z.string(),
});

const message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z.union([z.string(), z.array(textPart).max(1_000)]),
});

const responseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({ name: z.string().optional(), schema: z.record(z.string(), z.unknown()) }),
  }),
]);

const tokens = z.int().min(1).nullish();

/** What changes the form of an answer and is not there is refused; what only colours it, like `seed`, is passed over. */
const notHere = (what: string) => z.null({ error: `is not supported: ${what}. Leave it out` }).optional();

export const chatBodySchema = z
  .object({
    model: z.string().min(1).max(200).openapi({ description: 'A model of /v1/models', example: 'local' }),
    messages: z.array(message).min(1).max(1_000),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
    stop: z.union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).max(4)]).nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    max_tokens: tokens,
    max_completion_tokens: tokens,
    n: z.literal(1, { error: 'must be 1: ask again for another choice' }).nullish(),
    response_format: responseFormat.nullish(),
    tools: z.array(z.unknown()).max(0, 'are not supported: leave them out').nullish(),
    functions: z.array(z.unknown()).max(0, 'are not supported: leave them out').nullish(),
    logprobs: z.literal(false, { error: 'are not supported: leave them out' }).nullish(),
    audio: notHere('answers are text'),
  })
  .openapi('ChatCompletionBody', {
    example: { model: 'local', messages: [{ role: 'user', content: 'What does ECONNREFUSED mean?' }] },
  });
export type ChatBody = z.infer<typeof chatBodySchema>;

const usage = z.object({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  total_tokens: z.number(),
});

export const completionSchema = z
  .object({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.number().openapi({ description: 'Seconds since the epoch' }),
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.number(),
        message: z.object({ role: z.literal('assistant'), content: z.string(), refusal: z.null() }),
        logprobs: z.null(),
        finish_reason: z.enum(['stop', 'length']),
      }),
    ),
    usage,
  })
  .openapi('ChatCompletion');

const INPUTS_MAX = 256;
const input = z.string().min(1);

export const embeddingsBodySchema = z
  .object({
    model: z.string().min(1).max(200).openapi({ example: 'vectors' }),
    input: z.union([input, z.array(input).min(1).max(INPUTS_MAX)], {
      error: `must be a text, or 1 to ${INPUTS_MAX} of them; tokens are not taken`,
    }),
    encoding_format: z.enum(['float', 'base64']).default('float'),
    dimensions: notHere('a model has the dimensions that it has'),
  })
  .openapi('EmbeddingsBody', { example: { model: 'vectors', input: ['connection refused'] } });

export const embeddingsSchema = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        object: z.literal('embedding'),
        index: z.number(),
        embedding: z.union([z.array(z.number()), z.string()]).openapi({
          description: 'Numbers, or with base64 their 32-bit floats, little-endian',
        }),
      }),
    ),
    model: z.string(),
    usage: z
      .object({ prompt_tokens: z.number(), total_tokens: z.number() })
      .openapi({ description: 'Always 0: the tokens of embeddings are not counted' }),
  })
  .openapi('Embeddings');

export const modelParamsSchema = z.object({ id: z.string().min(1).openapi({ example: 'local' }) });

export const openAiModelSchema = z
  .object({
    id: z.string().openapi({ example: 'local' }),
    object: z.literal('model'),
    created: z.number(),
    owned_by: z.string().openapi({ description: 'The kind of the model', example: 'gguf' }),
  })
  .openapi('OpenAiModel');

export const openAiModelsSchema = z
  .object({ object: z.literal('list'), data: z.array(openAiModelSchema) })
  .openapi('OpenAiModels');
