import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, describe, it } from 'node:test';
import { OpenAI } from 'openai';
import { hasTransformers } from '../../../adapters/models/onnx/transformers.ts';
import { fakeOpenAi } from '../../../testing/fake-openai.ts';
import { keyOf } from '../../../testing/chat-stack.ts';
import { eventually, testDatabase } from '../../../testing/test-access.ts';
import { testFolder, testService } from '../../../testing/test-stack.ts';
import { writeTinyGguf } from '../../../testing/tiny-gguf.ts';
import { writeTinyOnnxEmbedder, writeTinyOnnxWriter } from '../../../testing/tiny-onnx.ts';

type Settings = Record<string, string>;
type Message = OpenAI.ChatCompletionMessageParam;

const MESSAGES: Message[] = [
  { role: 'system', content: 'Be short.' },
  { role: 'user', content: [{ type: 'text', text: 'How is it?' }] },
];

async function serviceWith(context: TestContext, models: object, settings: Settings = {}) {
  const file = path.join(await testFolder(context), 'models.json');
  await writeFile(file, JSON.stringify({ models, chains: {} }));
  const service = await testService(context, 'http://127.0.0.1:9', { MODELS_CONFIG: file, ...settings });
  const client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: 'none', maxRetries: 0, logLevel: 'off' });
  return { service, client };
}

async function localModel(context: TestContext): Promise<object> {
  const file = path.join(await testFolder(context), 'tiny.gguf');
  await writeTinyGguf(file);
  return { kind: 'gguf', path: file, context_tokens: 4_096 };
}

async function remoteModel(context: TestContext, text?: string) {
  const server = await fakeOpenAi(context, 'openai', text);
  const entry = { kind: 'openai', preset: 'custom', model: 'a-model', base_url: server.baseUrl };
  return { ...server, entry };
}

async function readChunks(stream: AsyncIterable<OpenAI.ChatCompletionChunk>) {
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
  const reasons = chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? []);
  return { chunks, text, reasons, usage: chunks.at(-1)?.usage };
}

void describe("OpenAI's own client on a local model", () => {
  void it('gets an answer, whole and in pieces that make the same text, with tokens', async (context) => {
    const { client } = await serviceWith(context, { local: await localModel(context) });
    const question = { model: 'local', messages: MESSAGES, temperature: 0, max_completion_tokens: 12 };
    const whole = await client.chat.completions.create(question);
    const [choice] = whole.choices;
    assert.deepEqual(
      [whole.object, whole.model, choice?.finish_reason],
      ['chat.completion', 'local', 'length'],
    );
    assert.ok(whole.usage && whole.usage.prompt_tokens > 0 && whole.usage.completion_tokens === 12);
    const stream_options = { include_usage: true };
    const stream = await client.chat.completions.create({ ...question, stream: true, stream_options });
    const { text, reasons, usage } = await readChunks(stream);
    assert.deepEqual([text, reasons], [choice?.message.content, ['length']]);
    assert.equal(usage?.completion_tokens, 12);
    const plain = await readChunks(await client.chat.completions.create({ ...question, stream: true }));
    assert.equal(plain.usage, undefined);
  });

  void it('gets what follows a schema, or any object', async (context) => {
    const { client } = await serviceWith(context, { local: await localModel(context) });
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] };
    const ask = async (response_format: OpenAI.ChatCompletionCreateParams['response_format']) => {
      const question = { model: 'local', messages: MESSAGES, max_tokens: 300, response_format };
      const answer = await client.chat.completions.create(question);
      return JSON.parse(answer.choices[0]?.message.content ?? '') as Record<string, unknown>;
    };
    const followed = await ask({ type: 'json_schema', json_schema: { name: 'answer', schema } });
    assert.equal(typeof followed.ok, 'boolean');
    assert.equal(typeof (await ask({ type: 'json_object' })), 'object');
  });

  void it('gets vectors as numbers and as base64, which are the same', async (context) => {
    const { client } = await serviceWith(context, { local: await localModel(context) });
    const ask = (encoding_format: 'float' | 'base64' | undefined, input: string | string[]) =>
      client.embeddings.create({ model: 'local', input, ...(encoding_format && { encoding_format }) });
    const numbers = await ask('float', ['one text', 'another']);
    assert.deepEqual(
      numbers.data.map(({ index }) => index),
      [0, 1],
    );
    // The client asks for base64 by itself and makes numbers of it.
    const [usual] = (await ask(undefined, 'one text')).data;
    const expected = numbers.data[0]?.embedding ?? [];
    assert.deepEqual([...(usual?.embedding ?? [])], [...new Float32Array(expected)]);
    assert.equal(typeof (await ask('base64', 'one text')).data[0]?.embedding, 'string');
  });

  void it('that hangs up stops the model', async (context) => {
    const { client, service } = await serviceWith(context, { local: await localModel(context) });
    const gone = new AbortController();
    const question = { model: 'local', messages: MESSAGES, max_tokens: 4_000 };
    const asked = [false, true].map((stream) =>
      client.chat.completions.create({ ...question, stream }, { signal: gone.signal }),
    );
    const queued = () => service.deps.models.list()[0]?.queued;
    await eventually(async () => queued() === 2, 20_000);
    gone.abort();
    await Promise.allSettled(asked);
    await eventually(async () => queued() === 0, 20_000);
  });

  void it('of 100 at one time each is answered, or refused with 429 and a time before a stream begins', async (context) => {
    const { client } = await serviceWith(
      context,
      { local: await localModel(context) },
      { MODEL_QUEUE_MAX: '20' },
    );
    const question = { model: 'local', messages: MESSAGES, max_tokens: 2 };
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        try {
          if (index % 2) await client.chat.completions.create(question);
          else await readChunks(await client.chat.completions.create({ ...question, stream: true }));
          return 'answered';
        } catch (error) {
          assert.ok(error instanceof OpenAI.RateLimitError, String(error));
          assert.match(error.headers.get('retry-after') ?? '', /^[1-9]\d?$/);
          assert.equal(error.code, 'rate_limit_exceeded');
          return 'refused';
        }
      }),
    );
    assert.ok(outcomes.filter((outcome) => outcome === 'answered').length >= 21);
  });
});

void describe("OpenAI's own client on other models", () => {
  void it('a text ends before a stop, also where the stop comes in two pieces', async (context) => {
    const { entry, state } = await remoteModel(context);
    const { client } = await serviceWith(context, { one: entry });
    const question = { model: 'one', messages: MESSAGES, stop: ['l w'] };
    const whole = await client.chat.completions.create(question);
    assert.deepEqual(
      [whole.choices[0]?.message.content, whole.choices[0]?.finish_reason],
      ['al', 'stop'],
      'the server behind it heeds no stop',
    );
    const { text } = await readChunks(await client.chat.completions.create({ ...question, stream: true }));
    assert.equal(text, 'al');
    assert.deepEqual((JSON.parse(state.bodies[0] ?? '') as { stop: unknown }).stop, ['l w']);
  });

  const skip = hasTransformers() ? false : 'the runtime is not installed: npm run onnx:install';
  void it('ONNX models write and give vectors', { skip }, async (context) => {
    const folder = await testFolder(context);
    const [writer, embedder] = [path.join(folder, 'writer'), path.join(folder, 'embedder')];
    await Promise.all([writeTinyOnnxWriter(writer), writeTinyOnnxEmbedder(embedder)]);
    const { client } = await serviceWith(context, {
      writer: { kind: 'onnx', path: writer },
      embedder: { kind: 'onnx', path: embedder, task: 'embeddings' },
    });
    const question = { model: 'writer', messages: MESSAGES, max_tokens: 4, temperature: 0 };
    const answer = await client.chat.completions.create(question);
    assert.ok((answer.usage?.completion_tokens ?? 0) > 0);
    const vectors = await client.embeddings.create({ model: 'embedder', input: 'a text' });
    assert.ok((vectors.data[0]?.embedding.length ?? 0) > 0);
  });

  void it('models are listed, and one is told', async (context) => {
    const { entry } = await remoteModel(context);
    const { client } = await serviceWith(context, { one: entry });
    const ids = (await client.models.list()).data.map(({ id, owned_by }) => [id, owned_by]);
    assert.deepEqual(ids, [['one', 'openai']]);
    assert.equal((await client.models.retrieve('one')).id, 'one');
    await assert.rejects(client.models.retrieve('two'), { status: 404, code: 'model_not_found' });
  });

  void it('what cannot be done is refused with a reason, also when the model is down', async (context) => {
    const { entry, state } = await remoteModel(context);
    const { client } = await serviceWith(context, { one: entry }, { MODEL_PROMPT_CHARS_MAX: '100' });
    const ask = (body: object) =>
      client.chat.completions.create({ model: 'one', messages: MESSAGES, ...body });
    const refused: readonly (readonly [object, number, RegExp])[] = [
      [{ n: 2 }, 400, /n: must be 1/],
      [{ tools: [{ type: 'function', function: { name: 'f' } }] }, 400, /tools.*not supported/],
      [{ logprobs: true }, 400, /logprobs: are not supported/],
      [{ messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, 400, /messages/],
      [{ messages: [{ role: 'user', content: 'x'.repeat(101) }] }, 400, /MODEL_PROMPT_CHARS_MAX/],
      [{ model: 'two' }, 404, /There is no model two/],
    ];
    for (const [body, status, message] of refused)
      await assert.rejects(Promise.resolve(ask(body)), (error: unknown) => {
        assert.ok(error instanceof OpenAI.APIError);
        assert.deepEqual([error.status, error.type, error.param], [status, 'invalid_request_error', null]);
        assert.match(error.message, message);
        return true;
      });
    state.behaviour = 'broken';
    for (const stream of [false, true])
      await assert.rejects(Promise.resolve(ask({ stream })), { status: 503, type: 'server_error' });
  });

  void it('takes a key, counts its calls and notes them, as the rest of the API does', async (context) => {
    const { entry } = await remoteModel(context);
    const settings = {
      API_KEYS_REQUIRED: 'true',
      CALLS_PER_MINUTE_MAX: '2',
      DATA_DIR: await testFolder(context),
    };
    const [viewer, analyst] = [
      await keyOf(context, settings, 'viewer'),
      await keyOf(context, settings, 'analyst'),
    ];
    const { client } = await serviceWith(context, { one: entry }, settings);
    const question = { model: 'one', messages: MESSAGES };
    const withKey = (key: { headers: Record<string, string> }) =>
      client.withOptions({ apiKey: key.headers['x-api-key'] ?? '' });
    await assert.rejects(client.models.list(), { status: 401, code: 'invalid_api_key' });
    await assert.rejects(withKey(viewer).chat.completions.create(question), { status: 403 });
    for (let call = 0; call < 2; call++) await withKey(analyst).chat.completions.create(question);
    await assert.rejects(withKey(analyst).models.list(), { status: 429, code: 'rate_limit_exceeded' });
    const { db } = await testDatabase(context, settings);
    const noted = await db.selectFrom('audit_log').where('actor', '=', analyst.id).selectAll().execute();
    assert.deepEqual(
      noted.map(({ target }) => target),
      ['/v1/chat/completions', '/v1/chat/completions'],
    );
  });
});
