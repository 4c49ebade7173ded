import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { startEmbeddedLoki, type EmbeddedLokiOptions } from './server.ts';
import { startTestLoki, temporaryFolder, testTime, type TestLoki } from './testing/test-loki.ts';

const HEAVY = `sum(count_over_time({app="heavy"} | json | line_format "{{ regexReplaceAll \`([0-9])\` (repeat 20 .n) \`<$1>\` }}" |= "nothing" [1h]))`;

async function startHeavy(t: TestContext, options: Partial<EmbeddedLokiOptions> = {}): Promise<TestLoki> {
  const loki = await startTestLoki(t, options);
  const values = Array.from({ length: 30_000 }, (_, n) => [
    `${BigInt(testTime(1)) + BigInt(n)}`,
    JSON.stringify({ n: String(n), text: 'x'.repeat(60) }),
  ]);
  const body = JSON.stringify({ streams: [{ stream: { app: 'heavy' }, values }] });
  assert.equal(
    (await loki.post('/loki/api/v1/push', body, { 'content-type': 'application/json' })).status,
    204,
  );
  return loki;
}

void test('pushes, other queries and health checks are answered while a heavy query runs', async (t) => {
  const loki = await startHeavy(t);
  let isRunning = true;
  const heavy = loki.instant(HEAVY).finally(() => (isRunning = false));
  for (let number = 0; number < 3; number += 1) {
    await loki.push({ app: 'light' }, [[number, `line ${number}`]]);
    assert.equal((await loki.get('/ready')).status, 200);
    assert.equal((await loki.lines('{app="light"}')).length, number + 1);
  }
  assert.ok(isRunning, 'the heavy query ended too early to prove anything');
  assert.deepEqual(await heavy, {});
});

void test('a query whose client goes away makes room for the next', async (t) => {
  const loki = await startHeavy(t, { concurrentQueriesMax: 1 });
  const parameters = new URLSearchParams({ query: HEAVY, time: testTime(3600) }).toString();
  for (let client = 0; client < 10; client += 1) {
    const gone = new AbortController();
    const query = fetch(`${loki.url}/loki/api/v1/query?${parameters}`, { signal: gone.signal });
    await loki.get('/ready');
    gone.abort();
    await assert.rejects(query, { name: 'AbortError' });
  }
  assert.deepEqual(await loki.instant('sum(count_over_time({app="heavy"}[1h]))'), { '': '30000' });
});

void test('a folder is open once in a process, and can be opened again after it was closed', async (t) => {
  const dataDir = await temporaryFolder(t);
  const first = await startEmbeddedLoki({ dataDir });
  await assert.rejects(startEmbeddedLoki({ dataDir }), /the data folder \S+ is in use/);
  await first.close();
  await (await startEmbeddedLoki({ dataDir })).close();
});

void test('listens on this machine only unless told otherwise', async (t) => {
  const loki = await startTestLoki(t);
  assert.match(loki.url, /^http:\/\/127\.0\.0\.1:\d+$/);
});

void test('closing ends running queries and waits for pushes', async (t) => {
  const dataDir = await temporaryFolder(t);
  const embedded = await startEmbeddedLoki({ dataDir });
  const body = JSON.stringify({ streams: [{ stream: { app: 'a' }, values: [[testTime(1), 'x']] }] });
  const push = fetch(`${embedded.url}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const { status } = await push;
  await embedded.close();
  assert.equal(status, 204);
  const loki = await startTestLoki(t, { dataDir });
  assert.deepEqual(await loki.lines('{app="a"}'), ['x']);
});
