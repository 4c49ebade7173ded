import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { fakeLoki } from '../../testing/fake-loki.ts';
import { testApp, testService } from '../../testing/test-stack.ts';

const NOWHERE = 'http://127.0.0.1:9';

interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string; readonly requestId: string };
}

async function errorOf(response: Response): Promise<ErrorAnswer['error']> {
  const body = (await response.json()) as ErrorAnswer;
  assert.deepEqual(Object.keys(body), ['error']);
  assert.deepEqual(Object.keys(body.error).sort(), ['code', 'message', 'requestId']);
  assert.equal(body.error.requestId, response.headers.get('x-request-id'));
  assert.doesNotMatch(body.error.message, /\n\s+at |node_modules|undefined|\[object/);
  return body.error;
}

const WRONG_PARAMETERS: readonly (readonly [string, RegExp])[] = [
  ['mode=guess', /mode: .*troubleshoot/],
  ['time_range=soon', /time_range: must look like 15m/],
  ['time_range=15m&start=2026-11-20T10:00:00Z', /time_range or start, not both/],
  ['start=yesterday', /start is not a time: write it like/],
  ['start=2026-11-20T10:00:00Z&end=2026-11-20T09:00:00Z', /start must be before end/],
  ['time_range=52w', /longer than 168 hours/],
  ['time_range=7d&baseline=yesterday', /baseline yesterday overlaps/],
  ['severity=bad', /severity/],
  ['limit=0', /limit/],
  ['limit=many', /limit: must be a number/],
  [`search=${'x'.repeat(501)}`, /search/],
  ['correlation_id=', /correlation_id/],
  ['service=api', /service/],
];

for (const [parameters, message] of WRONG_PARAMETERS) {
  void test(`refuses ${parameters.slice(0, 60)} and says what to write`, async (context) => {
    const app = await testApp(context, NOWHERE);
    const response = await app.request(`/api/v1/ai_logs/query?${parameters}`);
    const { code, message: said } = await errorOf(response);
    assert.equal(response.status, 400);
    assert.equal(code, 'invalid_request');
    assert.match(said, message);
  });
}

void test('an unknown route, a wrong method and a large body get the one error shape', async (context) => {
  const app = await testApp(context, NOWHERE);
  const unknown = await app.request('/api/v2/everything');
  assert.equal(unknown.status, 404);
  assert.match((await errorOf(unknown)).message, /no GET \/api\/v2\/everything.*\/docs/);
  const method = await app.request('/api/v1/ai_logs/query', { method: 'DELETE' });
  assert.equal(method.status, 405);
  assert.match((await errorOf(method)).message, /takes GET/);
  const large = await app.request('/api/v1/ai_logs/query', { method: 'POST', body: 'x'.repeat(2 << 20) });
  assert.equal(large.status, 413);
  assert.match((await errorOf(large)).message, /larger than 1048576 bytes/);
});

void test('a Loki that cannot be reached is said so, with what to check', async (context) => {
  const app = await testApp(context, NOWHERE);
  const response = await app.request('/api/v1/ai_logs/query');
  assert.equal(response.status, 502);
  const { code, message } = await errorOf(response);
  assert.equal(code, 'loki_unreachable');
  assert.match(message, /http:\/\/127\.0\.0\.1:9 cannot be reached .* LOKI_URL/);
  const health = await app.request('/api/v1/ai_logs/health');
  assert.equal(health.status, 503);
  const { status, dependencies } = (await health.json()) as {
    status: string;
    dependencies: { loki: { status: string } };
  };
  assert.deepEqual([status, dependencies.loki.status], ['degraded', 'down']);
});

const BROKEN_LOKIS: readonly (readonly [string, number, string, number, string])[] = [
  ['refuses the credentials', 401, 'no org id', 502, 'loki_denied'],
  ['is over its limits', 429, 'too many outstanding requests', 503, 'loki_busy'],
  ['rejects the query', 400, 'max entries limit per query exceeded', 400, 'query_rejected'],
  ['fails', 500, 'boom', 502, 'loki_failed'],
  ['is a web page', 200, '<html>hello</html>', 502, 'loki_failed'],
  ['answers with another shape', 200, '{"data":{"resultType":"scalar"}}', 502, 'loki_failed'],
];

for (const [what, status, body, expectedStatus, expectedCode] of BROKEN_LOKIS) {
  void test(`a Loki that ${what} becomes one clear error`, async (context) => {
    const url = await serverThatAnswers(context, status, body);
    const response = await (await testApp(context, url)).request('/api/v1/ai_logs/query');
    assert.equal(response.status, expectedStatus);
    assert.equal((await errorOf(response)).code, expectedCode);
  });
}

void test('a Loki that never answers ends in a time-out', async (context) => {
  const url = await serverThatAnswers(context, null, '');
  const app = await testApp(context, url, { LOKI_TIMEOUT_MS: '200' });
  const response = await app.request('/api/v1/ai_logs/query');
  assert.equal(response.status, 504);
  assert.match((await errorOf(response)).message, /within 200 ms.*LOKI_TIMEOUT_MS/);
});

void test('a caller that hangs up ends the question at Loki', async (context) => {
  const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
  const loki = await fakeLoki(context, (_, response) => resolve(response));
  const service = await testService(context, loki.url);
  const stop = new AbortController();
  const answer = fetch(`${service.url}/api/v1/ai_logs/query`, { signal: stop.signal });
  const response = await asked;
  stop.abort();
  await assert.rejects(answer);
  await once(response, 'close');
  assert.equal(response.writableFinished, false);
});

async function serverThatAnswers(context: TestContext, status: number | null, body: string): Promise<string> {
  const loki = await fakeLoki(context, (_, response) => {
    if (status !== null) response.writeHead(status).end(body);
  });
  return loki.url;
}
