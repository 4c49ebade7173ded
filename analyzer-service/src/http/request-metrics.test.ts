import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testApp } from '../testing/test-stack.ts';

void test('/metrics tells of requests by route and status, of queries to Loki and of the event loop', async (context) => {
  const app = await testApp(context, 'http://127.0.0.1:9');
  await app.request('/api/v1/ai_logs/conversations/conv-secret');
  await app.request('/api/v1/ai_logs/query?mode=guess');
  await app.request('/no/such/path');
  const response = await app.request('/metrics');
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  assert.match(
    text,
    /^sonde_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/ai_logs\/conversations\/:id",status="502"\} 1$/m,
  );
  assert.match(text, /_count\{method="GET",route="\/api\/v1\/ai_logs\/query",status="400"\} 1$/m);
  assert.match(text, /_count\{method="GET",route="unmatched",status="404"\} 1$/m);
  assert.match(text, /^sonde_loki_queries_total\{operation="\w+",outcome="loki_unreachable"\} \d+$/m);
  assert.match(text, /^sonde_event_loop_lag_seconds\{quantile="0\.99"\} [\d.e-]+$/m);
  assert.doesNotMatch(text, /conv-secret|no\/such/);
});
