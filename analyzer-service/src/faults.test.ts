import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { answerJson, fakeLoki } from './testing/fake-loki.ts';
import { eventually } from './testing/test-access.ts';
import { testFolder, testService } from './testing/test-stack.ts';

// What a client sees of the whole service while something that it needs fails. What each part does about it is tested
// beside the part: Loki in adapters/loki, Redis in features/cache, Postgres in features/health and adapters/jobs.

const LOKI_TIMEOUT_MS = 300;
/** Some answers ask several questions, one after the other. */
const ANSWER_MS_MAX = 5_000;
const PARALLEL = 4;
const SETTINGS = {
  LOKI_TIMEOUT_MS: `${LOKI_TIMEOUT_MS}`,
  LOKI_PARALLEL_QUERIES: `${PARALLEL}`,
  STREAM_METRICS_MS: '50',
};
const API = '/api/v1/ai_logs';
const READS = [
  'query?mode=troubleshoot',
  'query?mode=errors',
  'query?mode=performance',
  'correlate',
  'correlate?correlation_id=req-1',
  'analyze',
  'metrics',
  'conversations/conv-1',
  'workspace/ws-1/summary',
  'health/ready',
];

const FAULTS: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ['never answers', () => undefined],
  ['hangs up', (response) => response.socket?.destroy()],
  ['answers 500', (response) => response.writeHead(500).end('boom')],
  ['answers 429', (response) => response.writeHead(429, { 'retry-after': '3600' }).end('slow down')],
  [
    'cuts bodies off',
    (response) => {
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('{"status":"succ', () => response.socket?.destroy());
    },
  ],
  ['answers in HTML', (response) => response.writeHead(200).end('<html><body>Sign in</body></html>')],
];

for (const [what, fail] of FAULTS) {
  void test(`a Loki that ${what} gets every caller a clear answer in time, and keeps no connection`, async (context) => {
    const rejections = noteRejections(context);
    const loki = await fakeLoki(context, (_, response) => fail(response));
    const service = await testService(context, loki.url, SETTINGS);
    await Promise.all(READS.map((read) => assertClearAnswer(`${service.url}${API}/${read}`)));
    await assertClearAnswer(`${service.url}${API}/export`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"format":"csv","time_range":"15m"}',
    });
    assert.ok(loki.sockets.size <= PARALLEL, `${loki.sockets.size} connections to Loki are open`);
    await service.close();
    await eventually(async () => loki.sockets.size === 0);
    assert.deepEqual(rejections, []);
  });
}

void test('a Loki that comes back is asked again at once: no failure is kept', async (context) => {
  const state = { broken: true };
  const loki = await fakeLoki(context, (url, response) => {
    if (state.broken) return response.writeHead(500).end('boom');
    return answerJson(response, emptyAnswer(url));
  });
  const service = await testService(context, loki.url, { ...SETTINGS, LOKI_RETRIES_MAX: '0' });
  const ask = async () => (await fetch(`${service.url}${API}/query?mode=errors`)).status;
  assert.equal(await ask(), 502);
  state.broken = false;
  assert.equal(await ask(), 200);
});

void test('callers that go away before their answer leave no question and no connection at Loki', async (context) => {
  const rejections = noteRejections(context);
  const loki = await fakeLoki(context, () => undefined);
  const service = await testService(context, loki.url, { ...SETTINGS, LOKI_TIMEOUT_MS: '60000' });
  const stop = new AbortController();
  const asked = READS.map((read) => fetch(`${service.url}${API}/${read}`, { signal: stop.signal }));
  await eventually(async () => loki.sockets.size > 0);
  stop.abort();
  const settled = await Promise.allSettled(asked);
  assert.ok(settled.every(({ status }) => status === 'rejected'));
  // The check of the health endpoint ends by itself within three seconds.
  await eventually(async () => loki.sockets.size === 0);
  assert.deepEqual(rejections, []);
});

void test('a client that leaves while a model writes its analysis ends the question to the model', async (context) => {
  const rejections = noteRejections(context);
  const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
  const server = await fakeLoki(context, (_, response) => resolve(response));
  const file = path.join(await testFolder(context), 'models.json');
  const far = { kind: 'openai', preset: 'custom', model: 'm', base_url: `${server.url}/v1` };
  await writeFile(file, JSON.stringify({ models: { far }, chains: { summaries: ['far'] } }));
  const service = await testService(context, server.url, { MODELS_CONFIG: file });
  const socket = new WebSocket(`${service.url.replace('http', 'ws')}/api/v1/analyses/socket`);
  context.after(() => socket.terminate());
  await once(socket, 'open');
  const text = Array.from(
    { length: 50 },
    (_, index) => `2026-11-20T10:00:${String(index).padStart(2, '0')}Z ERROR pool is empty\n`,
  ).join('');
  socket.send(JSON.stringify({ type: 'analyze_log', request_id: 'a', text, summary: 'model' }));
  const response = await asked;
  const left = once(response, 'close');
  socket.terminate();
  await left;
  assert.equal(response.writableFinished, false);
  await eventually(async () => service.deps.sockets.clients === 0 && server.sockets.size === 0);
  assert.deepEqual(rejections, []);
});

/** Promises that failed with nobody to see it, as long as the test runs. */
function noteRejections(context: TestContext): unknown[] {
  const rejections: unknown[] = [];
  const note = (reason: unknown) => rejections.push(reason);
  process.on('unhandledRejection', note);
  context.after(() => process.off('unhandledRejection', note));
  return rejections;
}

/** An error of the one shape that says what to do, or a good answer that says what it lacks. Never the 500 of a surprise. */
async function assertClearAnswer(url: string, init: RequestInit = {}): Promise<void> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MS_MAX) });
  const body = (await response.json()) as {
    readonly error?: { readonly code: string; readonly message: string; readonly requestId: string };
    readonly missing?: readonly { readonly name: string; readonly message: string }[];
  };
  assert.notEqual(response.status, 500, url);
  if (body.missing) {
    assert.equal(response.status, 503);
    assert.deepEqual(
      body.missing.map(({ name }) => name),
      ['loki'],
    );
    return;
  }
  assert.ok([502, 503, 504].includes(response.status), `${url}: ${response.status} ${JSON.stringify(body)}`);
  assert.match(body.error?.code ?? '', /^loki_/);
  assert.match(body.error?.message ?? '', /\. \w.*\.$/, 'what happened, and what to do next');
  assert.ok(body.error?.requestId);
}

/** As a Loki without lines answers. */
function emptyAnswer({ pathname, searchParams }: URL): object {
  const ofRange = searchParams.has('limit') ? 'streams' : 'matrix';
  const resultType = pathname.endsWith('/query_range') ? ofRange : 'vector';
  return { status: 'success', data: pathname.includes('/label') ? [] : { resultType, result: [] } };
}
