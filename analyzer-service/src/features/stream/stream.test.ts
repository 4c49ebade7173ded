import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, get } from 'node:http';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { startEmbeddedLoki } from '@sonde/loki-embedded';
import { WebSocket } from 'ws';
import { numbered, push } from '../../testing/push-lines.ts';
import { StreamClient } from '../../testing/stream-client.ts';
import { eventually } from '../../testing/test-access.ts';
import { testFolder, testService, testStore } from '../../testing/test-stack.ts';
import { TcpProxy } from '../../testing/tcp-proxy.ts';
import { serverMessageSchema } from './schema.ts';

/** Waits until the service noticed that its clients are gone. */
async function nobodyWatches({ deps }: Awaited<ReturnType<typeof testService>>): Promise<void> {
  while (deps.streams.clients > 0) await nextTurn();
}

void test('a line that is stored reaches a subscriber, and every message is as described', async (context) => {
  const store = await testStore(context);
  const service = await testService(context, store.url, { STREAM_METRICS_MS: '100' });
  const client = new StreamClient(context, service.url);
  await client.subscribe();
  await push(store.url, 'api', ['hello stream'], 'error');
  await client.until(() => client.texts.length === 1 && (client.latest('metrics')?.lines ?? 0) > 0);
  client.send({ type: 'ping' });
  await client.until(() => client.latest('pong') !== undefined);
  for (const message of client.messages) assert.deepEqual(serverMessageSchema.parse(message), message);
  const line = client.latest('lines')?.lines[0];
  assert.deepEqual([line?.service, line?.level, line?.line], ['api', 'error', 'hello stream']);
  const metrics = client.latest('metrics');
  assert.deepEqual(metrics?.by_service, [{ service: 'api', lines: 1, errors: 1 }]);
});

void test('the filter changes while the stream runs: services, severity and search', async (context) => {
  const store = await testStore(context);
  const service = await testService(context, store.url);
  const client = new StreamClient(context, service.url);
  await client.subscribe({ severity: ['error'] });
  await push(store.url, 'api', ['quiet 1']);
  await push(store.url, 'api', ['loud 1'], 'error');
  await client.until(() => client.texts.length === 1);

  await client.subscribe({ search: 'NEEDLE' });
  await push(store.url, 'api', ['hay', 'a needle in hay']);
  await client.until(() => client.texts.length === 2);

  await client.subscribe({ services: ['web'] });
  await push(store.url, 'api', ['of api']);
  await push(store.url, 'web', ['of web']);
  await client.until(() => client.texts.length === 3);
  assert.deepEqual(client.texts, ['loud 1', 'a needle in hay', 'of web']);
});

void test('so do the patterns that raise alerts', async (context) => {
  const store = await testStore(context);
  const service = await testService(context, store.url);
  const client = new StreamClient(context, service.url);
  await client.subscribe({ patterns: [{ name: 'one', contains: 'sold out' }] });
  await client.subscribe({ patterns: [{ name: 'two', contains: 'refunded' }] });
  await push(store.url, 'shop', ['item 7 sold out', 'order 8 refunded']);
  await client.until(() => client.latest('alert') !== undefined);
  const alerts = client.messages.flatMap((message) => (message.type === 'alert' ? [message.name] : []));
  assert.deepEqual(alerts, ['two']);
});

void test('a message that is no message is answered with what to write, and the stream goes on', async (context) => {
  const store = await testStore(context);
  const service = await testService(context, store.url);
  const client = new StreamClient(context, service.url);
  await client.subscribe();
  for (const [sent, message] of [
    ['no json', /must be JSON/],
    ['{"type":"subscribe","severty":["error"]}', /severty/],
    ['{"type":"subscribe","patterns":[{"name":"a","regex":"(?=b)"}]}', /no RE2/],
    ['{"type":"subscribe","patterns":[{"name":"a"}]}', /contains or regex/],
  ] as const) {
    const errors = client.messages.filter(({ type }) => type === 'error').length;
    client.socket.send(sent);
    await client.until(() => client.messages.filter(({ type }) => type === 'error').length > errors);
    assert.equal(client.latest('error')?.code, 'invalid_request');
    assert.match(client.latest('error')?.message ?? '', message);
  }
  await push(store.url, 'api', ['still here']);
  await client.until(() => client.texts.length === 1);
});

void test('two hundred clients with different filters share one tail', async (context) => {
  const store = await testStore(context);
  const proxy = await TcpProxy.before(context, store.url);
  const service = await testService(context, proxy.url);
  const clients = Array.from({ length: 200 }, () => new StreamClient(context, service.url));
  await Promise.all(clients.map((client, index) => client.subscribe({ search: `for ${index % 20} ` })));
  await push(
    store.url,
    'api',
    numbered('for', 20).map((text) => `${text} only`),
  );
  await Promise.all(clients.map((client) => client.until(() => client.texts.length > 0)));
  for (const [index, client] of clients.entries()) assert.deepEqual(client.texts, [`for ${index % 20} only`]);
  assert.equal(proxy.tailsOpened, 1);
  assert.deepEqual([service.deps.streams.clients, service.deps.streams.tails], [200, 1]);

  assert.equal(proxy.tailsOpen, 1);
  for (const { socket } of clients) socket.terminate();
  await nobodyWatches(service);
  assert.equal(service.deps.streams.tails, 0);
  await eventually(async () => proxy.tailsOpen === 0);
});

void test('what was stored while the connection was cut arrives once and in order', async (context) => {
  const store = await testStore(context);
  const proxy = await TcpProxy.before(context, store.url);
  const service = await testService(context, proxy.url);
  const client = new StreamClient(context, service.url);
  await client.subscribe();
  await push(store.url, 'api', numbered('before', 50));
  await client.until(() => client.texts.length === 50);
  proxy.cut();
  await push(store.url, 'api', numbered('during', 50));
  await client.until(() => client.texts.length >= 100);
  await push(store.url, 'api', numbered('after', 50));
  await client.until(() => client.texts.length >= 150);
  assert.deepEqual(
    client.texts,
    ['before', 'during', 'after'].flatMap((name) => numbered(name, 50)),
  );
  assert.equal(proxy.tailsOpened, 2);
});

void test('a restart of the store loses and repeats nothing, and the clients are told of it', async (context) => {
  const dataDir = await testFolder(context);
  const first = await startEmbeddedLoki({ dataDir, port: 0 });
  const port = Number(new URL(first.url).port);
  const service = await testService(context, first.url);
  const client = new StreamClient(context, service.url);
  await client.subscribe();
  await push(first.url, 'api', numbered('before', 20));
  await client.until(() => client.texts.length === 20);
  await first.close();
  await client.until(() => client.latest('source')?.state === 'reconnecting');
  const second = await startEmbeddedLoki({ dataDir, port });
  context.after(() => second.close());
  await push(second.url, 'api', numbered('after', 20));
  await client.until(() => client.texts.length >= 40 && client.latest('source')?.state === 'live');
  assert.deepEqual(client.texts, [...numbered('before', 20), ...numbered('after', 20)]);
});

void test('a gap that is too long is cut, and the lines left out are counted', async (context) => {
  const store = await testStore(context);
  const proxy = await TcpProxy.before(context, store.url);
  const service = await testService(context, proxy.url, {
    STREAM_GAP_LINES_MAX: '100',
    LOKI_ENTRIES_PER_QUERY: '100',
  });
  const client = new StreamClient(context, service.url);
  await client.subscribe();
  proxy.refuses = true;
  proxy.cut();
  await push(store.url, 'api', numbered('during', 130));
  proxy.refuses = false;
  await client.until(() => client.latest('source')?.state === 'live' && client.texts.length > 0);
  assert.deepEqual(client.texts, numbered('during', 100));
  assert.deepEqual(client.latest('missed'), { type: 'missed', lines: 30, reason: 'long_gap' });
});

void test('a client that never reads misses lines, is told how many, and holds up nobody', async (context) => {
  const store = await testStore(context);
  const service = await testService(context, store.url, {
    STREAM_QUEUE_BYTES_MAX: '65536',
    STREAM_METRICS_MS: '200',
  });
  const slow = new StreamClient(context, service.url);
  const quick = new StreamClient(context, service.url);
  await slow.subscribe();
  await quick.subscribe();
  slow.socket.pause();
  const wide = 'x'.repeat(8_000);
  let sent = 0;
  for (let round = 0; round < 30; round++) {
    await push(store.url, 'api', numbered(`${round} ${wide}`, 50));
    sent += 50;
    await quick.until(() => quick.texts.length === sent);
  }
  assert.equal(quick.latest('missed'), undefined);
  slow.socket.resume();
  await slow.until(() => slow.latest('missed') !== undefined);
  const missed = slow.messages.reduce(
    (sum, message) => sum + (message.type === 'missed' ? message.lines : 0),
    0,
  );
  assert.equal(slow.texts.length + missed, sent);
  assert.ok(missed > 0);
});

void test('so does a reader of server-sent events that never reads', async (context) => {
  const store = await testStore(context);
  const service = await testService(context, store.url, {
    STREAM_QUEUE_BYTES_MAX: '65536',
    STREAM_METRICS_MS: '200',
  });
  const request = get(`${service.url}/api/v1/ai_logs/stream?known_patterns=false`);
  const [slow] = (await once(request, 'response')) as [IncomingMessage];
  const quick = new StreamClient(context, service.url);
  await quick.subscribe();
  const wide = 'x'.repeat(8_000);
  let sent = 0;
  for (let round = 0; round < 30; round++) {
    await push(store.url, 'api', numbered(`${round} ${wide}`, 50));
    sent += 50;
    await quick.until(() => quick.texts.length === sent);
  }
  assert.equal(quick.latest('missed'), undefined);
  let text = '';
  const accountedFor = () =>
    [...text.matchAll(/"type":"missed","lines":(\d+)/g)].reduce(
      (sum, [, lines]) => sum + Number(lines),
      text.split('"timestamp_ns"').length - 1,
    );
  for await (const chunk of slow) {
    text += String(chunk);
    if (text.includes('"type":"missed"') && accountedFor() >= sent) break;
  }
  assert.equal(accountedFor(), sent);
});

void test('server-sent events carry the same messages, filtered by parameters', async (context) => {
  const store = await testStore(context);
  const service = await testService(context, store.url);
  const stop = new AbortController();
  const response = await fetch(`${service.url}/api/v1/ai_logs/stream?severity=error&known_patterns=false`, {
    signal: stop.signal,
  });
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  let text = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const readUntil = async (pattern: RegExp) => {
    while (!pattern.test(text)) text += (await reader?.read())?.value ?? '';
  };
  await readUntil(/"state":"live"/);
  await push(store.url, 'api', ['quiet']);
  await push(store.url, 'api', ['loud'], 'error');
  await readUntil(/event: lines\ndata: \{.*"loud".*\}\n\n/);
  assert.doesNotMatch(text, /quiet/);
  stop.abort();
  await nobodyWatches(service);
});

void test('one client too many is refused, on both ways in', async (context) => {
  const store = await testStore(context);
  const service = await testService(context, store.url, { STREAM_CLIENTS_MAX: '1' });
  await new StreamClient(context, service.url).subscribe();
  const events = await fetch(`${service.url}/api/v1/ai_logs/stream`);
  assert.equal(events.status, 429);
  assert.match(await events.text(), /STREAM_CLIENTS_MAX/);
  const socket = new WebSocket(`${service.url.replace('http', 'ws')}/api/v1/ai_logs/stream`);
  const [error] = (await once(socket, 'error')) as [Error];
  assert.match(error.message, /429/);
});

void test('more selectors than tails are allowed are refused with what to do', async (context) => {
  const store = await testStore(context);
  const service = await testService(context, store.url, { STREAM_TAILS_MAX: '1' });
  const client = new StreamClient(context, service.url);
  await client.subscribe({ services: ['api', 'web'] });
  const other = new StreamClient(context, service.url);
  await other.subscribe({ services: ['web', 'api'] });
  other.send({ type: 'subscribe', services: ['worker'] });
  await other.until(() => other.latest('error') !== undefined);
  assert.equal(other.latest('error')?.code, 'too_many_requests');
  await push(store.url, 'web', ['the old filter stays']);
  await other.until(() => other.texts.length === 1);
});

void test('a page of another origin cannot open a WebSocket', async (context) => {
  const service = await testService(context, 'http://127.0.0.1:9');
  const socket = new WebSocket(`${service.url.replace('http', 'ws')}/api/v1/ai_logs/stream`, {
    origin: 'https://evil.example',
  });
  const [error] = (await once(socket, 'error')) as [Error];
  assert.match(error.message, /400/);
});
