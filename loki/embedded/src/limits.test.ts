import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync, deflateSync } from 'node:zlib';
import { startTestLoki, TEST_START_S, testTime, type TestLoki } from './testing/test-loki.ts';

type Case = {
  readonly name: string;
  readonly limits?: Record<string, number>;
  readonly stream: Record<string, string>;
  readonly value: readonly [string, string, Record<string, string>?];
  readonly status: number;
  readonly reason: RegExp;
};

const now = `${Date.now()}000000`;

const REFUSALS: readonly Case[] = [
  { name: 'no labels', stream: {}, value: [now, 'x'], status: 400, reason: /at least one label pair/ },
  {
    name: 'a label name that is none',
    stream: { 'a-b': 'x' },
    value: [now, 'x'],
    status: 400,
    reason: /not a valid label name/,
  },
  {
    name: 'too many labels',
    limits: { labelNamesMax: 2 },
    stream: { a: '1', b: '2', c: '3' },
    value: [now, 'x'],
    status: 400,
    reason: /has 3 label names; limit 2/,
  },
  {
    name: 'a label name too long',
    limits: { labelNameBytesMax: 5 },
    stream: { abcdef: '1' },
    value: [now, 'x'],
    status: 400,
    reason: /label name too long/,
  },
  {
    name: 'a label value too long',
    limits: { labelValueBytesMax: 5 },
    stream: { a: 'éééé' },
    value: [now, 'x'],
    status: 400,
    reason: /label value too long/,
  },
  {
    name: 'a line too long',
    limits: { lineBytesMax: 10 },
    stream: { a: 'b' },
    value: [now, 'x'.repeat(11)],
    status: 400,
    reason: /max entry size '10' bytes exceeded .* length '11' bytes/,
  },
  {
    name: 'metadata too large',
    limits: { metadataBytesMax: 10 },
    stream: { a: 'b' },
    value: [now, 'x', { key: 'x'.repeat(10) }],
    status: 400,
    reason: /structured metadata too large: '13' bytes, limit: '10'/,
  },
  {
    name: 'too much metadata',
    limits: { metadataEntriesMax: 1 },
    stream: { a: 'b' },
    value: [now, 'x', { a: '1', b: '2' }],
    status: 400,
    reason: /too many structured metadata labels: '2', limit: '1'/,
  },
  {
    name: 'a line too old',
    limits: { oldestAcceptedMs: 3_600_000 },
    stream: { a: 'b' },
    value: [testTime(-1e6), 'x'],
    status: 400,
    reason: /timestamp too old/,
  },
  {
    name: 'a line from the future',
    stream: { a: 'b' },
    value: ['9000000000000000000', 'x'],
    status: 400,
    reason: /timestamp too new/,
  },
  {
    name: 'too many streams',
    limits: { streamsMax: 1 },
    stream: { a: 'c' },
    value: [now, 'x'],
    status: 429,
    reason: /Maximum active stream limit exceeded/,
  },
];

const pushBody = (streams: unknown): string => JSON.stringify({ streams });

async function postJson(loki: TestLoki, body: string | Buffer, headers: Record<string, string> = {}) {
  const response = await loki.post('/loki/api/v1/push', body, {
    'content-type': 'application/json',
    ...headers,
  });
  return { status: response.status, reason: await response.text() };
}

for (const { name, limits, stream, value, status, reason } of REFUSALS)
  void test(`refuses ${name} and keeps the other lines of the request`, async (t) => {
    const loki = await startTestLoki(t, limits ?? {});
    const good = { stream: { a: 'b' }, values: [[now, 'kept']] };
    const answer = await postJson(loki, pushBody([good, { stream, values: [value] }]));
    assert.equal(answer.status, status);
    assert.match(answer.reason, reason);
    const { result } = await loki.range('{a="b"}', {
      start: String(TEST_START_S - 1e6),
      end: String(Date.now() + 1000) + '000000',
    });
    assert.deepEqual(
      (result as { values: [string, string][] }[]).flatMap(({ values }) => values.map(([, line]) => line)),
      ['kept'],
    );
  });

void test('refuses a body that is too large with 413, compressed or not, and serves the next request', async (t) => {
  const loki = await startTestLoki(t, { bodyBytesMax: 1000 });
  const large = pushBody([{ stream: { a: 'b' }, values: [[now, 'x'.repeat(2000)]] }]);
  assert.equal((await postJson(loki, large)).status, 413);
  assert.equal((await postJson(loki, gzipSync(large), { 'content-encoding': 'gzip' })).status, 413);
  assert.equal((await postJson(loki, pushBody([{ stream: { a: 'b' }, values: [[now, 'x']] }]))).status, 204);
});

void test('takes gzip and deflate, and refuses other encodings and broken streams with 400', async (t) => {
  const loki = await startTestLoki(t);
  const body = (line: string): string => pushBody([{ stream: { a: 'b' }, values: [[testTime(1), line]] }]);
  assert.equal((await postJson(loki, gzipSync(body('gzip')), { 'content-encoding': 'gzip' })).status, 204);
  assert.equal(
    (await postJson(loki, deflateSync(body('deflate')), { 'content-encoding': 'deflate' })).status,
    204,
  );
  assert.equal((await postJson(loki, body('br'), { 'content-encoding': 'br' })).status, 400);
  assert.equal((await postJson(loki, 'no gzip', { 'content-encoding': 'gzip' })).status, 400);
  assert.deepEqual(await loki.lines('{a="b"}'), ['gzip', 'deflate']);
});

void test('refuses queries over their limits as Loki does', async (t) => {
  const loki = await startTestLoki(t, {
    entriesPerQueryMax: 10,
    queryRangeMsMax: 3_600_000,
    querySeriesMax: 2,
    queryStepsMax: 100,
  });
  await loki.push({ a: '1' }, [
    [1, 'x', { id: '1' }],
    [2, 'x', { id: '2' }],
    [3, 'x', { id: '3' }],
  ]);
  const refusal = async (parameters: Record<string, string>) => {
    const response = await loki.get('/loki/api/v1/query_range', {
      query: '{a="1"}',
      start: testTime(0),
      end: testTime(60),
      ...parameters,
    });
    return `${response.status} ${(await response.text()).trim()}`;
  };
  assert.match(
    await refusal({ limit: '11' }),
    /^400 max entries limit per query exceeded, limit > max_entries_limit_per_query \(11 > 10\)$/,
  );
  assert.match(await refusal({ end: testTime(3601) }), /^400 the query time range exceeds the limit/);
  assert.match(
    await refusal({ query: 'count_over_time({a="1"}[1m])', step: '0.1' }),
    /^400 exceeded maximum resolution of 100 points/,
  );
  assert.match(
    await refusal({ query: 'count_over_time({a="1"}[1m])' }),
    /^400 maximum of series \(2\) reached for a single query$/,
  );
  assert.match(
    await refusal({ query: 'sum(count_over_time({a="1"}[1m]))', step: '0' }),
    /^400 zero or negative query resolution/,
  );
});

void test('a query over its time limit ends with 504 and leaves the store answering', async (t) => {
  const loki = await startTestLoki(t, { queryTimeoutMs: 1 });
  await loki.push(
    { a: '1' },
    Array.from({ length: 3000 }, (_, index) => [index, `{"n":${index}}`] as const),
  );
  const { status, reason } = await loki.refusal('sum by (n) (count_over_time({a="1"} | json [1h]))');
  assert.equal(status, 504);
  assert.match(reason, /^request timed out after 1 ms/);
  assert.equal((await loki.get('/ready')).status, 200);
});

void test('lines that take more than an answer may are refused, and fewer of them are given', async (t) => {
  const loki = await startTestLoki(t, { queryBytesMax: 10_000_000 });
  for (let second = 1; second <= 60; second += 1)
    await loki.push({ a: '1' }, [[second, `${second} ${'x'.repeat(250_000)}`]]);
  const { status, reason } = await loki.refusal('{a="1"}');
  assert.equal(status, 400);
  assert.match(reason, /take more than 10000000 bytes: add filters or lower the limit$/);
  const { result } = await loki.range('{a="1"}', { limit: '10' });
  assert.equal((result as { values: unknown[] }[])[0]?.values.length, 10);
  assert.deepEqual(await loki.instant('sum(bytes_over_time({a="1"} | logfmt [1h]))'), { '': '15000171' });
});
