import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testApp } from '../../testing/test-stack.ts';
import { RingLog } from './ring-log.ts';
import { logSchema } from './schema.ts';

const NOWHERE = 'http://127.0.0.1:9';
const entryOf = (number: number, level = 30) =>
  JSON.stringify({ level, time: number, pid: 1, msg: `line ${number}`, number });

void test('keeps the last lines, newest first, and filters them by level', () => {
  const ring = new RingLog(3);
  assert.deepEqual(ring.recent({ level: 'debug', limit: 10 }), []);
  for (const number of [1, 2, 3, 4, 5]) ring.write(entryOf(number, number === 4 ? 50 : 30));
  const messages = (level: 'info' | 'warn', limit: number) =>
    ring.recent({ level, limit }).map(({ message }) => message);
  assert.deepEqual(messages('info', 10), ['line 5', 'line 4', 'line 3']);
  assert.deepEqual(messages('info', 1), ['line 5']);
  assert.deepEqual(messages('warn', 10), ['line 4']);
});

void test('a line that is too long is told by its beginning', () => {
  const ring = new RingLog(3);
  ring.write(JSON.stringify({ level: 30, time: 1, msg: 'x'.repeat(10_000) }));
  assert.match(ring.recent({ level: 'info', limit: 1 })[0]?.message ?? '', /xxx/);
});

void test('the service tells what it logged, also below LOG_LEVEL', async (context) => {
  const app = await testApp(context, NOWHERE, { LOG_LEVEL: 'error' });
  await app.request('/openapi.json');
  const { entries } = logSchema.parse(await (await app.request('/api/v1/service/logs')).json());
  assert.ok(entries.some(({ fields }) => fields['path'] === '/openapi.json'));
  assert.equal((await app.request('/api/v1/service/logs?level=loud')).status, 400);
});
