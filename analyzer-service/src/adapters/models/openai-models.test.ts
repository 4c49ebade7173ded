import assert from 'node:assert/strict';
import { type TestContext, describe, it } from 'node:test';
import type { AppError } from '../../errors.ts';
import type { GenerateRequest } from '../../ports.ts';
import { modelEntrySchema } from './model-entry.ts';
import { type Behaviour, fakeOpenAi } from '../../testing/fake-openai.ts';
import { testModels } from '../../testing/test-models.ts';

const REQUEST: GenerateRequest = {
  purpose: 'chat',
  messages: [{ role: 'user', content: 'How is it?' }],
  tokensMax: 20,
  temperature: 0,
  timeoutMs: 5_000,
  signal: new AbortController().signal,
};

function entryOf(baseUrl: string) {
  return { kind: 'openai', preset: 'custom', model: 'a-model', base_url: baseUrl, local: true };
}

async function oneModel(context: TestContext, behaviour: Behaviour, settings: object = {}) {
  const server = await fakeOpenAi(context, behaviour);
  const file = { models: { one: entryOf(server.baseUrl) }, chains: { chat: ['one'], embeddings: ['one'] } };
  return { ...server, models: await testModels(context, file, settings) };
}

void describe('models behind an API of OpenAI', () => {
  for (const dialect of ['openai', 'gemini', 'ollama', 'vllm'] as const) {
    void it(`reads the stream of ${dialect}: text piece by piece, tokens at the end`, async (context) => {
      const { models } = await oneModel(context, dialect);
      const pieces: string[] = [];
      const answer = await models.generate({ ...REQUEST, onText: (piece) => pieces.push(piece) });
      assert.deepEqual(
        [answer.text, answer.model, answer.local, answer.promptTokens, answer.answerTokens],
        ['all well', 'one', true, 7, 2],
      );
      assert.deepEqual(pieces, ['all ', 'well']);
    });
  }

  const faults: readonly (readonly [Behaviour, RegExp])[] = [
    ['unauthorized', /401/],
    ['busy', /429/],
    ['broken', /500/],
    ['silent', /fell silent for 200 ms/],
    ['cut', /one: /],
    ['wrong json', /one: /],
    ['html', /cut off|not of the protocol/],
    ['refusal', /it refused: I cannot help/],
  ];
  for (const [fault, says] of faults) {
    void it(`says why a model gave nothing: ${fault}`, async (context) => {
      const { models } = await oneModel(context, fault, { idleMs: 200 });
      await assert.rejects(models.generate(REQUEST), (error: AppError) => {
        assert.equal(error.code, 'model_unavailable');
        assert.match(error.message, says);
        return true;
      });
    });
    void it(`the next model of the chain answers: ${fault}`, async (context) => {
      const bad = await fakeOpenAi(context, fault);
      const good = await fakeOpenAi(context);
      const entries = { bad: entryOf(bad.baseUrl), good: entryOf(good.baseUrl) };
      const file = { models: entries, chains: { chat: ['bad', 'good', 'none'] } };
      const models = await testModels(context, file, { idleMs: 200 });
      const answer = await models.generate(REQUEST);
      assert.deepEqual([answer.text, answer.model, answer.failures.length], ['all well', 'good', 1]);
    });
  }

  void it('a model that failed three times in a row is left alone', async (context) => {
    const { models, state } = await oneModel(context, 'broken');
    for (let call = 0; call < 5; call++) await assert.rejects(models.generate(REQUEST));
    assert.equal(state.calls, 3);
  });

  void it('a model that said when to come back is left alone until then, and the caller is told', async (context) => {
    const { models, state } = await oneModel(context, 'busy');
    for (let call = 0; call < 3; call++) {
      await assert.rejects(models.generate(REQUEST), ({ code, retryAfterS }: AppError) => {
        assert.deepEqual([code, retryAfterS], ['model_unavailable', 20]);
        return true;
      });
    }
    assert.equal(state.calls, 1);
  });

  void it("OpenAI's reasoning models: learns that they take no temperature, and asks once for it", async (context) => {
    const { baseUrl, state } = await fakeOpenAi(context, 'reasoning');
    const one = { kind: 'openai', preset: 'openai', model: 'a-model', base_url: baseUrl };
    const file = { models: { one }, chains: { chat: ['one'] } };
    const models = await testModels(context, file, { secretOf: () => 'a key' });
    for (let call = 0; call < 2; call++) assert.equal((await models.generate(REQUEST)).text, 'all well');
    assert.equal(state.calls, 3);
  });

  void it('takes the key from the variable that the entry names', async (context) => {
    const server = await fakeOpenAi(context);
    const entry = { ...entryOf(server.baseUrl), key_variable: 'MY_KEY' };
    const file = { models: { one: entry }, chains: { chat: ['one'] } };
    const secretOf = (name: string) => (name === 'MY_KEY' ? 'a secret' : undefined);
    await (await testModels(context, file, { secretOf })).generate(REQUEST);
    assert.deepEqual(server.state.keys, ['Bearer a secret']);
    await assert.rejects((await testModels(context, file)).generate(REQUEST), /MY_KEY holds no key/);
  });

  void it('gives up when the caller goes, and when the time is over', async (context) => {
    const { models } = await oneModel(context, 'silent');
    const gone = new AbortController();
    const asked = models.generate({ ...REQUEST, signal: gone.signal, onText: () => gone.abort() });
    await assert.rejects(asked, { code: 'cancelled' });
    await assert.rejects(models.generate({ ...REQUEST, timeoutMs: 100 }), /no answer within 100 ms/);
  });

  void it('embeddings come in the order of the texts', async (context) => {
    const { models } = await oneModel(context, 'openai');
    const { signal } = REQUEST;
    const { vectors, model } = await models.embed(['a', 'bbb'], { timeoutMs: 5_000, signal });
    assert.deepEqual(
      [vectors, model],
      [
        [
          [1, 0],
          [3, 1],
        ],
        'one',
      ],
    );
  });
});

void describe('models.json', () => {
  const refusals: readonly (readonly [string, object, RegExp])[] = [
    ['an unknown kind', { models: { a: { kind: 'magic' } } }, /models\.a/],
    ['a key in the file', { models: { a: { ...entryOf('http://x/v1'), key: 'sk-1' } } }, /models\.a.*key/],
    [
      'custom without address',
      { models: { a: { kind: 'openai', preset: 'custom', model: 'm' } } },
      /a\.base_url/,
    ],
    [
      'the claim that an address elsewhere is of this machine',
      { models: { a: { ...entryOf('http://10.0.0.5/v1'), local: true } } },
      /models\.a\.local: can be true only for an address of this machine/,
    ],
    [
      'a chain with an unknown model',
      { models: {}, chains: { chat: ['b'] } },
      /chains\.chat: there is no model b/,
    ],
  ];
  for (const [what, file, says] of refusals) {
    void it(`refuses ${what} with a sentence about the entry`, async (context) => {
      await assert.rejects(testModels(context, file), (error: AppError) => {
        assert.equal(error.code, 'invalid_configuration');
        assert.match(error.message, says);
        return true;
      });
    });
  }
});

void describe('what stays on this machine', () => {
  const loopback = 'http://127.0.0.1:9/v1';
  const cases: readonly (readonly [string, object, boolean])[] = [
    ['Ollama', { preset: 'ollama', model: 'qwen3' }, true],
    ["Ollama with a model of its maker's cloud", { preset: 'ollama', model: 'gpt-oss:120b-cloud' }, false],
    ['Ollama elsewhere', { preset: 'ollama', model: 'qwen3', base_url: 'http://10.0.0.5/v1' }, false],
    ['vLLM', { preset: 'vllm', model: 'm' }, true],
    ["Grafana's LLM app, which forwards", { preset: 'grafana-llm-app', model: 'base' }, false],
    [
      "Grafana's LLM app that the operator answers for",
      { preset: 'grafana-llm-app', model: 'base', local: true },
      true,
    ],
    ['OpenAI', { preset: 'openai', model: 'm' }, false],
    ['OpenAI behind a proxy on this machine', { preset: 'openai', model: 'm', base_url: loopback }, false],
    ['Gemini', { preset: 'gemini', model: 'm' }, false],
    ['Hugging Face', { preset: 'huggingface', model: 'm' }, false],
    ['an address of which nothing is known', { preset: 'custom', model: 'm', base_url: loopback }, false],
    [
      'a server that the operator answers for',
      { preset: 'custom', model: 'm', base_url: loopback, local: true },
      true,
    ],
    ['a file', { kind: 'gguf', path: 'm.gguf' }, true],
  ];
  for (const [what, entry, expected] of cases) {
    void it(`${what}: ${expected ? 'stays' : 'may leave'}`, async (context) => {
      const file = { models: { one: { kind: 'openai', ...entry } }, chains: { summaries: ['one', 'none'] } };
      const models = await testModels(context, file);
      assert.deepEqual([models.isLocal('summaries'), models.isLocal('chat', 'one')], [expected, expected]);
      assert.equal(models.isLocal('chat', 'unknown'), false);
    });
  }
});

void describe('presets', () => {
  const presets: readonly (readonly [string, RegExp, string | null])[] = [
    ['openai', /^https:\/\/api\.openai\.com\/v1$/, 'OPENAI_API_KEY'],
    ['gemini', /^https:\/\/generativelanguage\.googleapis\.com\/v1beta\/openai$/, 'GEMINI_API_KEY'],
    ['huggingface', /^https:\/\/router\.huggingface\.co\/v1$/, 'HF_TOKEN'],
    ['ollama', /^http:\/\/127\.0\.0\.1:11434\/v1$/, null],
    ['vllm', /^http:\/\/127\.0\.0\.1:8000\/v1$/, null],
    ['grafana-llm-app', /\/api\/plugins\/grafana-llm-app\/resources\/openai\/v1$/, 'GRAFANA_TOKEN'],
  ];
  for (const [preset, address, key] of presets) {
    void it(`${preset} knows its address and the variable of its key`, () => {
      const entry = modelEntrySchema.parse({ kind: 'openai', preset, model: 'm' });
      assert.ok(entry.kind === 'openai');
      assert.match(entry.baseUrl, address);
      assert.equal(entry.keyVariable, key);
    });
  }
});
