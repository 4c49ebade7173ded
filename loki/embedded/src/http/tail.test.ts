import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { startTestLoki, testTime, type TestLoki } from '../testing/test-loki.ts';

class TailClient {
  readonly lines: string[] = [];
  readonly #socket: WebSocket;
  #arrived: () => void = () => undefined;

  constructor(t: TestContext, loki: TestLoki, parameters: Record<string, string>) {
    this.#socket = new WebSocket(
      `${loki.url.replace('http', 'ws')}/loki/api/v1/tail?${new URLSearchParams(parameters).toString()}`,
    );
    this.#socket.on('message', (data: Buffer) => {
      const { streams } = JSON.parse(data.toString()) as { streams: { values: [string, string][] }[] };
      this.lines.push(...streams.flatMap(({ values }) => values.map(([, line]) => line)));
      this.#arrived();
    });
    this.#socket.on('error', () => undefined);
    t.after(() => this.#socket.terminate());
  }

  opened(): Promise<unknown> {
    return once(this.#socket, 'open');
  }

  async refusal(): Promise<number | undefined> {
    const [, response] = (await once(this.#socket, 'unexpected-response')) as [
      unknown,
      { statusCode?: number },
    ];
    return response.statusCode;
  }

  async until(count: number): Promise<string[]> {
    while (this.lines.length < count) await new Promise<void>((resolve) => (this.#arrived = resolve));
    return this.lines;
  }
}

void test('tail sends stored lines from the start on, then each new line once and in order', async (t) => {
  const loki = await startTestLoki(t);
  await loki.push({ app: 'a' }, [
    [1, 'stored 1'],
    [2, 'stored 2'],
  ]);
  const client = new TailClient(t, loki, { query: '{app="a"}', start: testTime(0) });
  await client.opened();
  const expected = ['stored 1', 'stored 2'];
  for (let number = 0; number < 50; number += 1) {
    await loki.push({ app: 'a' }, [[10 + number, `new ${number}`]]);
    await loki.push({ app: 'b' }, [[10 + number, 'of another stream']]);
    expected.push(`new ${number}`);
  }
  assert.deepEqual(await client.until(expected.length), expected);
});

void test('200 clients get every line once and in order', async (t) => {
  const loki = await startTestLoki(t);
  const clients = Array.from(
    { length: 200 },
    () => new TailClient(t, loki, { query: '{app="a"} |= "keep" | logfmt', start: testTime(0) }),
  );
  await Promise.all(clients.map((client) => client.opened()));
  const expected: string[] = [];
  for (let number = 0; number < 20; number += 1) {
    await loki.push({ app: 'a' }, [
      [number, `keep n=${number}`],
      [number, `leave n=${number}`],
    ]);
    expected.push(`keep n=${number}`);
  }
  for (const client of clients) assert.deepEqual(await client.until(20), expected);
});

void test('tail refuses a metric query, a wrong query and more clients than allowed', async (t) => {
  const loki = await startTestLoki(t, { tailClientsMax: 1 });
  assert.equal(await new TailClient(t, loki, { query: 'rate({app="a"}[1m])' }).refusal(), 400);
  assert.equal(await new TailClient(t, loki, { query: '{' }).refusal(), 400);
  const first = new TailClient(t, loki, { query: '{app="a"}', start: testTime(0) });
  await first.opened();
  await loki.push({ app: 'a' }, [[1, 'x']]);
  await first.until(1);
  assert.equal(await new TailClient(t, loki, { query: '{app="a"}' }).refusal(), 429);
});
