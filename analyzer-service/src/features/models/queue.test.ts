import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { fakeOpenAi } from '../../testing/fake-openai.ts';
import { eventually } from '../../testing/test-access.ts';
import { testFolder, testService } from '../../testing/test-stack.ts';
import { writeTinyGguf } from '../../testing/tiny-gguf.ts';

async function serviceWith(context: TestContext, models: object, settings: Record<string, string> = {}) {
  const file = path.join(await testFolder(context), 'models.json');
  await writeFile(file, JSON.stringify({ models, chains: { chat: Object.keys(models) } }));
  return testService(context, 'http://127.0.0.1:9', { MODELS_CONFIG: file, ...settings });
}

function posted(body: object, signal?: AbortSignal): RequestInit {
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', headers, body: JSON.stringify(body), ...(signal && { signal }) };
}

async function localModel(context: TestContext): Promise<object> {
  const file = path.join(await testFolder(context), 'tiny.gguf');
  await writeTinyGguf(file);
  return { kind: 'gguf', path: file, context_tokens: 4_096 };
}

void test('a client that hangs up stops the model, whole or as events, waiting or running', async (context) => {
  const service = await serviceWith(context, { local: await localModel(context) });
  const queued = () => service.deps.models.list()[0]?.queued;
  const url = `${service.url}/api/v1/generate`;
  const body = { prompt: 'How is it?', max_tokens: 4_000, temperature: 1 };
  const gone = new AbortController();
  const asked = [false, true, true].map((stream) => fetch(url, posted({ ...body, stream }, gone.signal)));
  await eventually(async () => queued() === 3, 20_000);
  gone.abort();
  await Promise.allSettled(asked);
  await eventually(async () => queued() === 0, 20_000);
  const next = await fetch(url, posted({ ...body, max_tokens: 2 }));
  assert.equal(next.status, 200, await next.text());
});

void test('of 100 requests at one time each is answered, or refused with 429 and a time', async (context) => {
  const settings = { MODEL_QUEUE_MAX: '20', REQUESTS_AT_ONCE_MAX: '200' };
  const service = await serviceWith(context, { local: await localModel(context) }, settings);
  const answers = await Promise.all(
    Array.from({ length: 100 }, () =>
      fetch(
        `${service.url}/api/v1/generate`,
        posted({ prompt: 'How is it?', max_tokens: 2, temperature: 1 }),
      ),
    ),
  );
  for (const answer of answers) {
    const text = await answer.text();
    if (answer.status === 200) continue;
    assert.equal(answer.status, 429, text);
    assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d?$/);
  }
  assert.ok(answers.filter(({ status }) => status === 200).length >= 21);
});

void test('behind a chain: the next model answers; when that fails too, 429 and a time', async (context) => {
  const silent = await fakeOpenAi(context, 'silent');
  const broken = await fakeOpenAi(context);
  const server = (baseUrl: string) => ({
    kind: 'openai',
    preset: 'custom',
    model: 'm',
    base_url: baseUrl,
    parallel: 1,
  });
  const models = { first: server(silent.baseUrl), second: server(broken.baseUrl) };
  const service = await serviceWith(context, models, { MODEL_QUEUE_MAX: '1', MODEL_TIMEOUT_MS: '20000' });
  const gone = new AbortController();
  const ask = (signal?: AbortSignal) =>
    fetch(`${service.url}/api/v1/generate`, posted({ prompt: 'How?', cache: false }, signal));
  const waiting = [ask(gone.signal), ask(gone.signal)];
  await eventually(async () => service.deps.models.list()[0]?.queued === 2, 10_000);
  const answered = await ask();
  assert.equal(((await answered.json()) as { model: string }).model, 'second');
  broken.state.behaviour = 'broken';
  const refused = await ask();
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '1']);
  assert.match(await refused.text(), /first: 1 requests wait/);
  gone.abort();
  await Promise.allSettled(waiting);
});
