import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { AppError, type ErrorCode } from '../../errors.ts';
import { answerJson, fakeLoki } from '../../testing/fake-loki.ts';
import { LokiLogSource } from './loki-log-source.ts';

const RANGE = { startMs: 1_795_168_800_000, endMs: 1_795_168_860_000 };
const NO_LINES = { status: 'success', data: { resultType: 'streams', result: [] } };

function sourceOf(context: TestContext, url: string, settings: Settings = {}): LokiLogSource {
  const { timeoutMs = 5_000, retriesMax = 2, bytesPerAnswerMax = 1e6, rangeMsMax = 86_400_000 } = settings;
  const source = new LokiLogSource(
    { url, timeoutMs, retriesMax, parallelQueries: 2, answerBytesMax: 1e6 },
    { service: 'service_name', level: 'detected_level' },
    { entriesPerQuery: 100, rangeMsMax, bytesPerAnswerMax },
  );
  context.after(() => source.close());
  return source;
}

interface Settings {
  readonly timeoutMs?: number;
  readonly retriesMax?: number;
  readonly bytesPerAnswerMax?: number;
  readonly rangeMsMax?: number;
}

const read = (source: LokiLogSource, signal = AbortSignal.timeout(10_000)) =>
  source.readLines({ query: '{service_name="api"}', range: RANGE, limit: 10, signal });

const failsWith = (code: ErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof AppError, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, message);
  return true;
};

const PASSING: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ['fails with 500', (response) => response.writeHead(500).end('boom')],
  ['is not ready', (response) => response.writeHead(503).end('starting')],
  ['is over its limits', (response) => response.writeHead(429, { 'retry-after': '0' }).end('slow down')],
  ['hangs up', (response) => response.socket?.destroy()],
  [
    'cuts the body off',
    (response) => {
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('{"status":"succ', () => response.socket?.destroy());
    },
  ],
  ['sends half of its JSON', (response) => response.writeHead(200).end('{"status":"success","data":{"res')],
];

for (const [what, fail] of PASSING) {
  void test(`a Loki that ${what} once and is fine then gives the answer`, async (context) => {
    let failures = 0;
    const loki = await fakeLoki(context, (_, response) =>
      failures++ === 0 ? fail(response) : answerJson(response, NO_LINES),
    );
    assert.deepEqual(await read(sourceOf(context, loki.url)), []);
    assert.equal(loki.asked.length, 2);
  });
}

void test('a question is asked at most three times, then the last failure is told', async (context) => {
  const loki = await fakeLoki(context, (_, response) => response.writeHead(500).end('boom'));
  await assert.rejects(read(sourceOf(context, loki.url)), failsWith('loki_failed', /status 500: boom/));
  assert.equal(loki.asked.length, 3);
});

void test('a query that Loki rejects is not asked again', async (context) => {
  const loki = await fakeLoki(context, (_, response) => response.writeHead(400).end('parse error'));
  await assert.rejects(read(sourceOf(context, loki.url)), failsWith('query_rejected', /parse error/));
  assert.equal(loki.asked.length, 1);
});

void test('a wait that Loki asks for is kept', async (context) => {
  const times: number[] = [];
  const loki = await fakeLoki(context, (_, response) => {
    times.push(performance.now());
    if (times.length > 1) answerJson(response, NO_LINES);
    else response.writeHead(429, { 'retry-after': '1' }).end('slow down');
  });
  await read(sourceOf(context, loki.url));
  assert.ok((times[1] ?? 0) - (times[0] ?? 0) >= 1_000);
});

void test('a wait that is longer than the time limit is told at once instead', async (context) => {
  const loki = await fakeLoki(context, (_, response) =>
    response.writeHead(429, { 'retry-after': '3600' }).end('slow down'),
  );
  await assert.rejects(read(sourceOf(context, loki.url)), failsWith('loki_busy', /Try again in 3600 s/));
  assert.equal(loki.asked.length, 1);
});

void test('a slow Loki ends in a time-out that names the limit, and its connection is closed', async (context) => {
  const loki = await fakeLoki(context, () => undefined);
  const source = sourceOf(context, loki.url, { timeoutMs: 150 });
  await assert.rejects(read(source), failsWith('loki_timeout', /within 150 ms.*LOKI_TIMEOUT_MS/));
  for (const socket of loki.sockets) if (!socket.closed) await once(socket, 'close');
  assert.equal(loki.sockets.size, 0);
});

void test('a reader that goes away ends the question at Loki', async (context) => {
  const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
  const loki = await fakeLoki(context, (_, response) => resolve(response));
  const stop = new AbortController();
  const reading = read(sourceOf(context, loki.url), stop.signal);
  const response = await asked;
  stop.abort();
  await assert.rejects(reading, failsWith('cancelled', /cancelled/));
  await once(response, 'close');
  assert.equal(response.writableFinished, false);
});

void test('a question that waits behind others is given up when its reader goes', async (context) => {
  const loki = await fakeLoki(context, () => undefined);
  const source = sourceOf(context, loki.url, { timeoutMs: 2_000 });
  const busy = new AbortController();
  const running = [read(source, busy.signal), read(source, busy.signal)];
  await assert.rejects(read(source, AbortSignal.abort()), failsWith('cancelled', /cancelled/));
  busy.abort();
  await Promise.allSettled(running);
  assert.ok(loki.asked.length <= 2);
});

void test('a long count is asked in parts that together are the whole', async (context) => {
  const loki = await fakeLoki(context, (url, response) => answerJson(response, minutes(url)));
  const request = {
    query: 'sum by (service_name) (count_over_time({service_name=~".+"} [$step]))',
    range: RANGE,
    stepMs: 5_000,
    signal: AbortSignal.timeout(10_000),
  };
  const whole = await sourceOf(context, loki.url).countOverTime(request);
  assert.equal(loki.asked.length, 1);
  const inParts = await sourceOf(context, loki.url, { rangeMsMax: 17_000 }).countOverTime(request);
  assert.equal(loki.asked.length, 1 + 4);
  assert.deepEqual(inParts, whole);
  assert.deepEqual(whole[0]?.values, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

void test('the range that Loki takes is learned from its refusal', async (context) => {
  const loki = await fakeLoki(context, (url, response) => {
    const lengthMs = Number((BigInt(url.searchParams.get('end') ?? 0) - startOf(url)) / 1_000_000n);
    if (lengthMs <= 30_000) answerJson(response, minutes(url));
    else
      response
        .writeHead(400)
        .end(`the query time range exceeds the limit (query length: ${lengthMs}ms, limit: 0h0m30s)\n`);
  });
  const source = sourceOf(context, loki.url);
  const request = { query: 'count', range: RANGE, stepMs: 5_000, signal: AbortSignal.timeout(10_000) };
  const [series] = await source.countOverTime(request);
  assert.deepEqual(series?.values, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  await source.countOverTime(request);
  assert.equal(loki.asked.length, 1 + 2 + 2);
});

void test('what Loki says it read is passed on, part by part', async (context) => {
  const summary = { totalBytesProcessed: 2_000, totalLinesProcessed: 30 };
  const loki = await fakeLoki(context, (_, response) =>
    answerJson(response, { data: { ...NO_LINES.data, stats: { summary } } }),
  );
  const statistics: object[] = [];
  await sourceOf(context, loki.url).readLines({
    query: '{service_name="api"}',
    range: RANGE,
    limit: 10,
    signal: AbortSignal.timeout(10_000),
    onStatistics: (read) => statistics.push(read),
  });
  assert.deepEqual(statistics, [{ bytes: 2_000, lines: 30 }]);
});

void test('a range with too many bytes is refused with the services and minutes that would do', async (context) => {
  const loki = await fakeLoki(context, (url, response) =>
    url.pathname.endsWith('/stats')
      ? answerJson(response, { streams: 4, chunks: 9, bytes: 6_000_000, entries: 1 })
      : answerJson(response, {
          data: {
            resultType: 'vector',
            result: [
              { metric: { service_name: 'web' }, value: [0, '1000000'] },
              { metric: { service_name: 'api' }, value: [0, '5000000'] },
            ],
          },
        }),
  );
  const query = '{service_name=~".+"}';
  const range = { startMs: RANGE.startMs, endMs: RANGE.startMs + 3_600_000 };
  await assert.rejects(
    sourceOf(context, loki.url).guardCost({ query, range, signal: AbortSignal.timeout(10_000) }),
    failsWith(
      'query_too_large',
      /about 6 MB .* at most 1 MB\. Either narrow .*services=api has 5 MB, services=web has 1 MB.* about 10 minutes/,
    ),
  );
});

for (const [what, status, body] of [
  ['does not have', 404, '404 page not found'],
  ['refuses', 400, 'not supported'],
] as const) {
  void test(`a Loki that ${what} the estimate is asked without one`, async (context) => {
    const loki = await fakeLoki(context, (_, response) => response.writeHead(status).end(body));
    const request = { query: '{a="b"}', range: RANGE, signal: AbortSignal.timeout(10_000) };
    await sourceOf(context, loki.url).guardCost(request);
    assert.equal(loki.asked.length, 1);
  });
}

void test('tells which fields lines carry as structured metadata, without those that only parsing shows', async (context) => {
  const fields = [
    { label: 'trace_id', type: 'string', cardinality: 9, parsers: null },
    { label: 'amount', type: 'float', cardinality: 5, parsers: ['json'] },
    { label: 'correlation_id', type: 'string', cardinality: 7 },
  ];
  const loki = await fakeLoki(context, (_, response) => answerJson(response, { fields, limit: 200 }));
  const request = { query: '{a="b"}', range: RANGE, signal: AbortSignal.timeout(10_000) };
  assert.deepEqual(await sourceOf(context, loki.url).carriedFields(request), ['correlation_id', 'trace_id']);
  assert.equal(loki.asked[0]?.pathname, '/loki/api/v1/detected_fields');
});

void test('a Loki without detected fields tells none, which is not the same as no fields', async (context) => {
  const loki = await fakeLoki(context, (_, response) => response.writeHead(404).end('404 page not found'));
  const request = { query: '{a="b"}', range: RANGE, signal: AbortSignal.timeout(10_000) };
  assert.equal(await sourceOf(context, loki.url).carriedFields(request), null);
});

/** A count that is 1 in the first step of RANGE, 2 in the second ... */
function minutes(url: URL): object {
  const stepMs = 5_000;
  const steps = [];
  for (
    let ns = startOf(url);
    ns <= BigInt(url.searchParams.get('end') ?? 0);
    ns += BigInt(stepMs) * 1_000_000n
  ) {
    const ms = Number(ns / 1_000_000n) + 1;
    steps.push([ms / 1_000, String(Math.round((ms - RANGE.startMs) / stepMs))]);
  }
  return { data: { resultType: 'matrix', result: [{ metric: { service_name: 'api' }, values: steps }] } };
}

function startOf(url: URL): bigint {
  return BigInt(url.searchParams.get('start') ?? 0);
}
