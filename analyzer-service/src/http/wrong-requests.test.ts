import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testApp } from '../testing/test-stack.ts';

// The API called wrongly, as somebody does who has not read about it: each answer says what to write instead.

const NOWHERE = 'http://127.0.0.1:9';
const API = '/api/v1/ai_logs';
const cleanups: (() => unknown)[] = [];
let app: Awaited<ReturnType<typeof testApp>>;

before(async () => {
  const suite = { after: (cleanup: () => unknown) => void cleanups.unshift(cleanup) };
  app = await testApp(suite, NOWHERE);
});
after(async () => {
  for (const cleanup of cleanups) await cleanup();
});

/** Method and path, body, status, and what the message says. */
const WRONG: readonly (readonly [string, unknown, number, RegExp])[] = [
  ['GET /query?service=api', null, 400, /no service here, did you mean services: it takes mode, time_range/],
  ['GET /query?Search=x', null, 400, /did you mean search/],
  ['GET /query?zebra=x', null, 400, /no zebra here: it takes mode/],
  ['GET /query?mode=trouble', null, 400, /mode: must be one of troubleshoot, performance, errors/],
  ['GET /query?severity=warning', null, 400, /severity: must be one of trace, debug, .*warn, error, fatal/],
  ['GET /query?time_range=15min', null, 400, /time_range: must look like 15m, 1h or 7d/],
  ['GET /query?start=yesterday', null, 400, /start is not a time: write it like 2026/],
  ['GET /query?limit=0', null, 400, /limit: must be at least 1\./],
  ['GET /query?limit=5000', null, 400, /limit: must be at most 1000\./],
  ['GET /query?limit=many', null, 400, /limit: must be a number/],
  ['GET /query?services=', null, 400, /services: must not be empty/],
  ['GET /query?services=api&services=auth', null, 400, /services: was given more than once.*with commas/],
  ['GET /query?time_range=1h&start=2026-11-20T11:00:00Z', null, 400, /time_range or start, not both/],
  ['GET /query?time_range=20d', null, 400, /longer than 168 hours\. Ask for a shorter one/],
  ['GET /query?baseline=yesterday&time_range=3d', null, 400, /Use baseline=previous/],
  ['GET /query?format=md', null, 400, /format: must be one of json, text, agent/],
  ['GET /query?max_tokens=5', null, 400, /max_tokens: must be at least 300/],
  [`GET /query?search=${'x'.repeat(600)}`, null, 400, /search: must have at most 500 characters/],
  ['GET /correlate?id=x', null, 400, /no id here.*correlation_id/],
  ['GET /correlate?correlation_id=x&trace_id=y', null, 400, /Give one of correlation_id, trace_id/],
  ['GET /analyze?baseline_start=2026-11-20T11:05:00Z', null, 400, /baseline_start and baseline_end together/],
  ['GET /metrics?foo=1', null, 400, /no foo here: it takes/],
  ['GET /stream?severity=loud', null, 400, /severity: must be one of/],
  ['GET /conversations', null, 404, /Did you mean .*conversations\/.*id/],
  ['GET /workspace/x', null, 404, /Did you mean .*workspace\/.*id.*summary/],
  ['GET /querry', null, 404, /Did you mean \/api\/v1\/ai_logs\/query\?/],
  ['GET /nothing-like-it', null, 404, /There is no GET .* described at \/docs/],
  ['POST /query', {}, 405, /takes GET, not POST\. How it is called is described at \/docs/],
  ['DELETE /query', null, 405, /takes GET, not DELETE/],
  ['GET /export', null, 405, /takes POST, not GET/],
  ['PUT /patterns', {}, 405, /takes GET, POST, not PUT/],
  ['GET /patterns/some-id', null, 405, /takes .*, not GET/],
  ['POST /export', { format: 'pdf' }, 400, /format: must be one of json, ndjson, csv/],
  ['POST /export', { services: 'api' }, 400, /services: must be a list, such as \["one","two"\]/],
  ['POST /export', '{bad', 400, /Malformed JSON/],
  ['POST /patterns', {}, 400, /name: is missing: give a string/],
  ['POST /patterns/test', {}, 400, /text: give text, or regex with literals/],
  ['GET /exports/nope', null, 400, /must be an id as POST \/export gives it/],
  ['DELETE /cache/foo', null, 404, /There is no DELETE/],
  [`GET /${'x'.repeat(5_000)}`, null, 404, /There is no GET/],
];

for (const [call, body, status, message] of WRONG)
  void test(`${call.slice(0, 80)} is answered with what to write instead`, async () => {
    const [method = '', path = ''] = call.split(' ');
    const answer = await send(method, `${API}${path}`, body);
    assert.equal(answer.status, status, answer.message);
    assert.match(answer.message, message);
    assert.ok(answer.message.length < 1_000);
    assert.doesNotMatch(answer.message, /Invalid (input|option)|Too (small|big)|Unrecognized|undefined/);
  });

void test('a path without its beginning is answered with the whole one, a wrong method with the right ones', async () => {
  assert.match((await send('GET', '/query', null)).message, /Did you mean \/api\/v1\/ai_logs\/query\?/);
  assert.match(
    (await send('GET', '/api/v1/query', null)).message,
    /Did you mean \/api\/v1\/ai_logs\/query\?/,
  );
  const response = await app.request(`${API}/query`, { method: 'DELETE' });
  assert.equal(response.headers.get('allow'), 'GET');
});

async function send(method: string, path: string, body: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const sent = body === null ? {} : { body: text, headers: { 'content-type': 'application/json' } };
  const response = await app.request(path, { method, ...sent });
  const { error } = (await response.json()) as { error: { message: string } };
  return { status: response.status, message: error.message };
}
