import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, describe, it } from 'node:test';
import { fakeOpenAi } from '../../testing/fake-openai.ts';
import { testApp, testFolder } from '../../testing/test-stack.ts';

async function appWithModel(context: TestContext) {
  const server = await fakeOpenAi(context);
  const file = path.join(await testFolder(context), 'models.json');
  const one = { kind: 'openai', preset: 'custom', model: 'a-model', base_url: server.baseUrl };
  await writeFile(file, JSON.stringify({ models: { one }, chains: { chat: ['one'] } }));
  const settings = { MODELS_CONFIG: file, MODEL_PROMPT_CHARS_MAX: '100' };
  return { app: await testApp(context, 'http://127.0.0.1:9', settings), ...server };
}

function posted(body: object): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

void describe('the API of the models', () => {
  void it('answers with text, tokens and time, whole and as events', async (context) => {
    const { app } = await appWithModel(context);
    const whole = await app.request('/api/v1/generate', posted({ prompt: 'How is it?' }));
    assert.equal(whole.status, 200);
    const answer = (await whole.json()) as { text: string; model: string; tokens_used: object };
    assert.deepEqual(
      [answer.text, answer.model, answer.tokens_used],
      ['all well', 'one', { prompt: 7, answer: 2, total: 9 }],
    );
    const events = await app.request('/api/v1/generate', posted({ prompt: 'How?', stream: true }));
    const names = [...(await events.text()).matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
    assert.deepEqual(names, ['text', 'text', 'done']);
  });

  void it('lists, loads and unloads', async (context) => {
    const { app } = await appWithModel(context);
    const stateAfter = async (response: Response | Promise<Response>) =>
      ((await (await response).json()) as { models: { state: string }[] }).models[0]?.state;
    assert.equal(await stateAfter(app.request('/api/v1/models')), 'unloaded');
    const load = (action: string) => app.request(`/api/v1/models/${action}`, posted({ model: 'one' }));
    assert.equal(await stateAfter(load('load')), 'loaded');
    assert.equal(await stateAfter(load('unload')), 'unloaded');
    const unknown = await app.request('/api/v1/models/load', posted({ model: 'two' }));
    assert.equal(unknown.status, 404);
  });

  void it('refuses a prompt that is too long, and says 503 when no model answers', async (context) => {
    const { app, state } = await appWithModel(context);
    const long = await app.request('/api/v1/generate', posted({ prompt: 'x'.repeat(101) }));
    assert.equal(long.status, 400);
    state.behaviour = 'broken';
    const failed = await app.request('/api/v1/generate', posted({ prompt: 'How is it?' }));
    assert.equal(failed.status, 503);
    assert.match(await failed.text(), /model_unavailable/);
  });
});
