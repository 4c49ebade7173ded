import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { generateSample, pushSample } from './sample.ts';
import type { SampleLine } from './sample.ts';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly streams: readonly {
    readonly stream: Record<string, string>;
    readonly values: readonly [string, string, object][];
  }[];
}

/** A server that keeps what it gets and answers as told. */
async function startLoki(
  context: TestContext,
  answer: (response: ServerResponse, count: number) => void,
): Promise<{ readonly url: string; readonly received: Received[]; readonly stop: () => Promise<void> }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { streams } = JSON.parse(gunzipSync(body).toString()) as Received;
      received.push({ path: request.url ?? '', headers: request.headers, streams });
      return answer(response, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  context.after(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, stop };
}

const accept = (response: ServerResponse): void => void response.writeHead(204).end();
const refuse =
  (status: number, text = '') =>
  (response: ServerResponse): void =>
    void response.writeHead(status).end(text);

function lines(count: number): SampleLine[] {
  const startMs = Date.UTC(2026, 10, 21);
  const taken: SampleLine[] = [];
  for (const line of generateSample({
    scenario: 'none',
    seed: 1,
    startMs,
    endMs: Infinity,
    linesPerSecond: 50,
  })) {
    if (taken.length === count) break;
    taken.push(line);
  }
  return taken;
}

void test('every line arrives once, in its stream, with its metadata', async (context) => {
  const loki = await startLoki(context, accept);
  const sent = lines(2500);
  const steps: number[] = [];
  const total = await pushSample(sent, {
    url: loki.url,
    batchLines: 1000,
    onProgress: (step) => steps.push(step.lines),
  });
  assert.deepEqual(steps, [1000, 2000, 2500]);
  assert.equal(total.lines, 2500);
  assert.equal(total.batches, 3);
  assert.equal(total.retries, 0);
  assert.ok(total.bytes > 0);
  const arrived = loki.received.flatMap(({ streams }) =>
    streams.flatMap(({ stream, values }) =>
      values.map(([timestampNs, text, metadata]) => ({ timestampNs, labels: stream, metadata, text })),
    ),
  );
  const expected = sent.map(({ timestampNs, labels, metadata, text }) => ({
    timestampNs,
    labels,
    metadata,
    text,
  }));
  const byText = (
    left: { timestampNs: string; text: string },
    right: { timestampNs: string; text: string },
  ): number => left.timestampNs.localeCompare(right.timestampNs) || left.text.localeCompare(right.text);
  assert.deepEqual(arrived.toSorted(byText), expected.toSorted(byText));
  const [first] = loki.received;
  assert.equal(first?.path, '/loki/api/v1/push');
  assert.equal(first?.headers['content-encoding'], 'gzip');
  assert.equal(
    new Set(first?.streams.map(({ stream }) => JSON.stringify(stream))).size,
    first?.streams.length,
  );
});

void test('a path before the API, as behind a proxy, is kept', async (context) => {
  const loki = await startLoki(context, accept);
  await pushSample(lines(1), { url: `${loki.url}/logs` });
  assert.equal(loki.received[0]?.path, '/logs/loki/api/v1/push');
});

void test('a batch that is refused with 429 or 503 is sent again', async (context) => {
  for (const status of [429, 503]) {
    const loki = await startLoki(context, (response, count) =>
      count < 3 ? refuse(status)(response) : accept(response),
    );
    const total = await pushSample(lines(10), { url: loki.url, backoffMs: 1 });
    assert.equal(total.retries, 2);
    assert.deepEqual(loki.received[2]?.streams, loki.received[0]?.streams);
  }
});

void test('a Loki that goes on refusing ends the push with its reason', async (context) => {
  const loki = await startLoki(context, refuse(429, 'ingestion rate limit exceeded'));
  await assert.rejects(
    pushSample(lines(10), { url: loki.url, attempts: 3, backoffMs: 1 }),
    /refused the lines with 429: ingestion rate limit exceeded \(after 3 attempts\)/,
  );
  assert.equal(loki.received.length, 3);
});

void test('lines that Loki calls wrong are not sent again', async (context) => {
  const loki = await startLoki(context, refuse(400, 'entry too far behind'));
  await assert.rejects(
    pushSample(lines(10), { url: loki.url }),
    /refused the lines with 400: entry too far behind/,
  );
  assert.equal(loki.received.length, 1);
});

void test('a Loki that goes away is named with what to do', async (context) => {
  const loki = await startLoki(context, (response) => void response.destroy());
  await assert.rejects(
    pushSample(lines(10), { url: loki.url, attempts: 2, backoffMs: 1 }),
    /cannot be reached/,
  );
  await loki.stop();
  await assert.rejects(
    pushSample(lines(10), { url: loki.url, attempts: 2, backoffMs: 1 }),
    /Loki cannot be reached at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\): start it, or give another address \(after 2 attempts\)/,
  );
});

void test('an address that is no Loki is refused in one sentence', async (context) => {
  const other = await startLoki(context, refuse(404));
  await assert.rejects(
    pushSample(lines(1), { url: other.url }),
    /answered 404 at \/loki\/api\/v1\/push, so it is no Loki/,
  );
  for (const url of ['localhost:3100', 'no address', 'ftp://localhost', '']) {
    await assert.rejects(
      pushSample(lines(1), { url }),
      /is no address of a Loki; write it like http:\/\/localhost:3100/,
    );
  }
});

void test('an abort ends the push with its reason', async (context) => {
  const stopped = new AbortController();
  const loki = await startLoki(context, (response) => {
    stopped.abort(new Error('stopped by the test'));
    accept(response);
  });
  await assert.rejects(
    pushSample(lines(100), { url: loki.url, batchLines: 10, signal: stopped.signal }),
    /stopped by the test/,
  );
  assert.ok(loki.received.length < 10);
});

void test('paced to the clock, no line arrives before its time', async (context) => {
  const tooEarly: string[] = [];
  const loki = await startLoki(context, accept);
  const startMs = Date.now();
  const live = generateSample({
    scenario: 'none',
    seed: 1,
    startMs,
    endMs: startMs + 600,
    linesPerSecond: 200,
  });
  const total = await pushSample(live, {
    url: loki.url,
    pace: 'clock',
    onProgress: () => {
      for (const { values } of loki.received.at(-1)?.streams ?? []) {
        for (const [timestampNs, text] of values)
          if (Number(timestampNs) / 1e6 > Date.now()) tooEarly.push(text);
      }
    },
  });
  assert.deepEqual(tooEarly, []);
  assert.ok(total.batches > 1);
});
