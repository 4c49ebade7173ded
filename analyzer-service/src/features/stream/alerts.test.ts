import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numbered, push } from '../../testing/push-lines.ts';
import { StreamClient } from '../../testing/stream-client.ts';
import { testService, testStore } from '../../testing/test-stack.ts';

void test("a client's patterns raise alerts at once, with the line that matched", async (context) => {
  const store = await testStore(context);
  const service = await testService(context, store.url);
  const client = new StreamClient(context, service.url);
  await client.subscribe({
    patterns: [
      { name: 'sold out', contains: 'Out of Stock' },
      { name: 'order id', regex: String.raw`order=\d{4}` },
    ],
  });
  await push(store.url, 'shop', ['fine', 'item 7 out of stock', 'took order=1234']);
  await client.until(() => client.messages.filter(({ type }) => type === 'alert').length === 2);
  const alerts = client.messages.flatMap((message) => (message.type === 'alert' ? [message] : []));
  assert.deepEqual(
    alerts.map(({ kind, name, service: of, count, evidence }) => [kind, name, of, count, evidence?.line]),
    [
      ['pattern', 'sold out', 'shop', 1, 'item 7 out of stock'],
      ['pattern', 'order id', 'shop', 1, 'took order=1234'],
    ],
  );
});

void test('a line that the library knows raises an alert that explains it', async (context) => {
  const store = await testStore(context);
  const service = await testService(context, store.url);
  const client = new StreamClient(context, service.url);
  await client.subscribe({ known_patterns: true });
  await push(store.url, 'db', ['could not write: No space left on device'], 'error');
  await client.until(() => client.latest('alert') !== undefined);
  const alert = client.latest('alert');
  assert.equal(alert?.kind, 'known_pattern');
  assert.match(alert?.evidence?.line ?? '', /No space left/);
});

void test('a rise of errors raises one alert, and its end clears it', async (context) => {
  const store = await testStore(context);
  const service = await testService(context, store.url, { STREAM_METRICS_MS: '50' });
  const client = new StreamClient(context, service.url);
  await client.subscribe();
  const steps = () => client.messages.filter(({ type }) => type === 'metrics').length;
  const write = async (until: () => boolean, level: string) => {
    while (!until()) await push(store.url, 'api', numbered('line', 5), level);
  };
  const healthyUntil = steps() + 25;
  await write(() => steps() >= healthyUntil, 'info');
  await write(() => client.latest('alert') !== undefined, 'error');
  assert.deepEqual([client.latest('alert')?.kind, client.latest('alert')?.state], ['error_rate', 'raised']);
  await write(() => client.latest('alert')?.state === 'cleared', 'info');
  const states = client.messages.flatMap((message) => (message.type === 'alert' ? [message.state] : []));
  assert.deepEqual(states, ['raised', 'cleared']);
});
