import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { startTestLoki, testTime, type TestLoki } from '../testing/test-loki.ts';

const RANGE = { start: testTime(0), end: testTime(3600) };

async function startFilled(t: TestContext): Promise<TestLoki> {
  const loki = await startTestLoki(t);
  await loki.push({ app: 'web', env: 'prod' }, [
    [1, '{"status":200,"took":"5ms","size":"1KB","ok":true,"who":"ann"}', { trace: 't1' }],
    [2, '{"status":500,"took":"1s","size":"2KB","ok":false,"who":"bob"}', { trace: 't2' }],
  ]);
  await loki.push({ app: 'job', env: 'prod' }, [
    [1800, 'level=warn task=clean rows=12'],
    [1801, 'level=info task=sync rows=13'],
  ]);
  await loki.push({ app: 'job', env: 'test' }, [
    [3, 'user 17 logged in from 10.0.0.1'],
    [4, 'user 18 logged in from 10.0.0.2'],
    [5, 'user 19 logged in from 10.0.0.3'],
  ]);
  return loki;
}

async function json(
  loki: TestLoki,
  endpoint: string,
  parameters: Record<string, string> = {},
): Promise<unknown> {
  const response = await loki.get(endpoint, { ...RANGE, ...parameters });
  assert.equal(response.status, 200, endpoint);
  return response.json();
}

void test('lists labels, their values and series of a time range and selector', async (t) => {
  const loki = await startFilled(t);
  const data = async (endpoint: string, parameters: Record<string, string> = {}): Promise<unknown> =>
    ((await json(loki, endpoint, parameters)) as { data?: unknown }).data;
  assert.deepEqual(await data('/loki/api/v1/labels'), ['app', 'env', 'service_name']);
  assert.deepEqual(await data('/loki/api/v1/label/app/values'), ['job', 'web']);
  assert.deepEqual(await data('/loki/api/v1/label/app/values', { query: '{env="test"}' }), ['job']);
  assert.deepEqual(await data('/loki/api/v1/label/env/values', { start: testTime(1000) }), ['prod']);
  assert.equal(await data('/loki/api/v1/label/nope/values'), undefined);
  assert.deepEqual(await data('/loki/api/v1/series', { 'match[]': '{app="web"}' }), [
    { app: 'web', env: 'prod', service_name: 'web' },
  ]);
  assert.equal(((await data('/loki/api/v1/series')) as unknown[]).length, 3);
});

void test('takes parameters from a form in the body as well as from the URL', async (t) => {
  const loki = await startFilled(t);
  const form = new URLSearchParams({
    ...RANGE,
    query: 'sum(count_over_time({env="prod"}[1h]))',
    step: '3600',
  }).toString();
  const response = await loki.post('/loki/api/v1/query_range', form, {
    'content-type': 'application/x-www-form-urlencoded',
  });
  assert.deepEqual(
    ((await response.json()) as { data: { result: { values: unknown[] }[] } }).data.result[0]?.values,
    [[1_795_172_400, '4']],
  );
});

void test('reads times in nanoseconds, seconds, fractions and RFC 3339, and a time before now', async (t) => {
  const loki = await startFilled(t);
  for (const [start, end] of [
    [testTime(0), testTime(10)],
    ['1795168800', '1795168810'],
    ['1795168800.0', '1795168810.5'],
    ['2026-11-20T10:00:00Z', '2026-11-20T11:00:10.5+01:00'],
  ]) {
    const { result } = await loki.range('{app="web"}', { start: start ?? '', end: end ?? '' });
    assert.equal(result.length, 2, start);
  }
  assert.equal((await loki.get('/loki/api/v1/labels', { start: 'yesterday' })).status, 400);
  assert.equal((await loki.get('/loki/api/v1/labels', { since: '1h' })).status, 200);
});

void test('puts structured metadata and parsed labels beside the line for clients that ask for it', async (t) => {
  const loki = await startFilled(t);
  const response = await loki.get(
    '/loki/api/v1/query_range',
    { ...RANGE, query: '{app="web"} | json who | status="" | who="bob"', limit: '1' },
    { 'x-loki-response-encoding-flags': 'categorize-labels' },
  );
  const { data } = (await response.json()) as { data: unknown };
  assert.deepEqual(data, {
    resultType: 'streams',
    encodingFlags: ['categorize-labels'],
    result: [
      {
        stream: { app: 'web', env: 'prod', service_name: 'web' },
        values: [
          [
            testTime(2),
            '{"status":500,"took":"1s","size":"2KB","ok":false,"who":"bob"}',
            { structuredMetadata: { trace: 't2', detected_level: 'unknown' }, parsed: { who: 'bob' } },
          ],
        ],
      },
    ],
    stats: {},
  });
});

void test('detects fields with their types, parsers and values', async (t) => {
  const loki = await startFilled(t);
  const { fields } = (await json(loki, '/loki/api/v1/detected_fields', { query: '{app="web"}' })) as {
    fields: { label: string; type: string; parsers: string[] | null; cardinality: number }[];
  };
  assert.deepEqual(
    fields
      .map(({ label, type, parsers, cardinality }) => [label, type, parsers, cardinality])
      .toSorted((a, b) => String(a[0]).localeCompare(String(b[0]))),
    [
      ['detected_level', 'string', null, 1],
      ['ok', 'boolean', ['json'], 2],
      ['size', 'bytes', ['json'], 2],
      ['status', 'int', ['json'], 2],
      ['took', 'duration', ['json'], 2],
      ['trace', 'string', null, 2],
      ['who', 'string', ['json'], 2],
    ],
  );
  assert.deepEqual(
    await json(loki, '/loki/api/v1/detected_field/task/values', { query: '{app="job", env="prod"}' }),
    { values: ['sync', 'clean'], limit: 1000 },
  );
  assert.deepEqual(await json(loki, '/loki/api/v1/detected_labels', { query: '{app="job"}' }), {
    detectedLabels: [
      { label: 'app', cardinality: 1 },
      { label: 'env', cardinality: 2 },
      { label: 'service_name', cardinality: 1 },
    ],
  });
});

void test('groups lines into patterns', async (t) => {
  const loki = await startFilled(t);
  assert.deepEqual(await json(loki, '/loki/api/v1/patterns', { query: '{env="test"}', step: '60' }), {
    status: 'success',
    data: [{ pattern: 'user <_> logged in from <_>', samples: [[1_795_168_800, 3]] }],
  });
});

void test('counts streams, entries and bytes', async (t) => {
  const loki = await startFilled(t);
  assert.deepEqual(await json(loki, '/loki/api/v1/index/stats', { query: '{env="prod"}' }), {
    streams: 2,
    chunks: 2,
    bytes: 2048,
    entries: 4,
  });
  const volume = (await json(loki, '/loki/api/v1/index/volume', {
    query: '{env=~".+"}',
    targetLabels: 'app',
  })) as { data: { result: { metric: unknown; value: [number, string] }[] } };
  assert.deepEqual(
    volume.data.result.map(({ metric, value }) => [metric, value[1]]),
    [
      [{ app: 'job' }, '2048'],
      [{ app: 'web' }, '1024'],
    ],
  );
  const range = (await json(loki, '/loki/api/v1/index/volume_range', {
    query: '{app="job"}',
    step: '1800',
  })) as { data: { result: { values: unknown[] }[] } };
  assert.equal(range.data.result[0]?.values.length, 2);
});

void test('deletes the lines that a query finds and nothing else', async (t) => {
  const loki = await startFilled(t);
  const remove = async (parameters: Record<string, string>): Promise<number> =>
    (await loki.post(`/loki/api/v1/delete?${new URLSearchParams(parameters).toString()}`, '')).status;
  assert.equal(await remove({ query: '{app="job"} |= "17"', ...RANGE }), 204);
  assert.equal(await remove({ query: '{app="job"} | logfmt | task="clean"', ...RANGE }), 204);
  assert.equal(await remove({ query: '{app="web"}', start: testTime(2), end: testTime(2) }), 204);
  assert.deepEqual(await loki.lines('{app="job", env="test"}'), [
    'user 18 logged in from 10.0.0.2',
    'user 19 logged in from 10.0.0.3',
  ]);
  assert.deepEqual(await loki.lines('{app="job", env="prod"}'), ['level=info task=sync rows=13']);
  assert.equal((await loki.lines('{app="web"}')).length, 1);
  assert.equal(((await json(loki, '/loki/api/v1/delete')) as unknown[]).length, 3);
  assert.equal(await remove({ query: '{app="job"}' }), 400);
});

void test('tells that it is ready, what it is, and what it counts', async (t) => {
  const loki = await startFilled(t);
  assert.equal(await (await loki.get('/ready')).text(), 'ready\n');
  assert.match(
    ((await json(loki, '/loki/api/v1/status/buildinfo')) as { version: string }).version,
    /^3\.4\./,
  );
  assert.match(
    await (await loki.get('/metrics')).text(),
    /loki_distributor_lines_received_total\{tenant="fake"\} 7/,
  );
  assert.equal((await loki.post('/flush', '')).status, 204);
});

void test('an unknown path is 404 and a wrong method 405', async (t) => {
  const loki = await startTestLoki(t);
  assert.equal((await loki.get('/nope')).status, 404);
  assert.equal((await loki.get('/loki/api/v1/push')).status, 405);
  assert.equal((await loki.get('/loki/api/v1/label/%E0%A4%A/values')).status, 400);
});
