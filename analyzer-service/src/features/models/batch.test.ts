import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, describe, it } from 'node:test';
import type { GeneratedBatch, GeneratedText } from '../../contract.ts';
import { fakeOpenAi } from '../../testing/fake-openai.ts';
import { testApp, testFolder } from '../../testing/test-stack.ts';

async function appWithModel(context: TestContext) {
  const server = await fakeOpenAi(context);
  const file = path.join(await testFolder(context), 'models.json');
  const one = { kind: 'openai', preset: 'custom', model: 'a-model', base_url: server.baseUrl };
  await writeFile(file, JSON.stringify({ models: { one }, chains: { chat: ['one'] } }));
  const app = await testApp(context, 'http://127.0.0.1:9', {
    MODELS_CONFIG: file,
    MODEL_PROMPT_CHARS_MAX: '100',
  });
  const ask = async <T>(body: object, status = 200) => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await app.request('/api/v1/generate', init);
    const text = await answer.text();
    assert.equal(answer.status, status, text);
    return JSON.parse(text) as T;
  };
  return { ask, state: server.state };
}

void describe('several prompts at one time', () => {
  void it('each has its own answer, in their order, or its own error', async (context) => {
    const { ask, state } = await appWithModel(context);
    const known = await ask<GeneratedText>({ prompt: 'known' });
    const { results } = await ask<GeneratedBatch>({ prompts: ['known', 'new'] });
    assert.deepEqual(
      results.map((result) => 'text' in result && [result.text, result.cached]),
      [
        [known.text, true],
        [known.text, false],
      ],
    );
    state.behaviour = 'broken';
    const mixed = await ask<GeneratedBatch>({ prompts: ['unknown', 'known'] });
    assert.deepEqual(
      mixed.results.map((result) => ('error' in result ? result.error.code : result.text)),
      ['model_unavailable', known.text],
    );
  });

  void it('too many, too long ones, none, and a stream of several are refused', async (context) => {
    const { ask } = await appWithModel(context);
    const prompts = ['a', 'b'];
    for (const body of [
      {},
      { prompt: 'a', prompts },
      { prompts, stream: true },
      { prompts: [] },
      { prompts: Array.from({ length: 33 }, () => 'a') },
      { prompts: ['a', 'x'.repeat(101)] },
    ])
      await ask(body, 400);
  });
});

void describe('answers that were given before', () => {
  void it('are given again at temperature 0 or when asked, for the same question only', async (context) => {
    const { ask, state } = await appWithModel(context);
    const askFor = async (body: object) => (await ask<GeneratedText>({ prompt: 'How?', ...body })).cached;
    assert.equal(await askFor({}), false);
    assert.equal(await askFor({}), true);
    assert.equal(await askFor({ cache: false }), false);
    assert.equal(await askFor({ max_tokens: 3 }), false, 'another length is another question');
    assert.equal(await askFor({ model: 'one' }), false);
    assert.equal(await askFor({ temperature: 1 }), false);
    assert.equal(await askFor({ temperature: 1 }), false, 'a warm answer is written anew');
    assert.equal(await askFor({ temperature: 1, cache: true }), false);
    assert.equal(await askFor({ temperature: 1, cache: true }), true);
    assert.equal(state.calls, 7);
  });
});
