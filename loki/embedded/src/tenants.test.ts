import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestLoki } from './testing/test-loki.ts';

void test('tenants see their own lines, and several when they are named together', async (t) => {
  const loki = await startTestLoki(t);
  await loki.push({ app: 'a' }, [[1, 'of nobody']]);
  await loki.push({ app: 'a' }, [[2, 'of red']], 'red');
  await loki.push({ app: 'a' }, [[3, 'of blue']], 'blue');
  assert.deepEqual(await loki.lines('{app="a"}'), ['of nobody']);
  assert.deepEqual(await loki.lines('{app="a"}', 'red'), ['of red']);
  assert.deepEqual(await loki.lines('{app="a"}', 'red|blue'), ['of red', 'of blue']);
  assert.deepEqual(await loki.lines('{app="a"}', 'green'), []);
});

void test('refuses a tenant that could not be a name, and a push to several', async (t) => {
  const loki = await startTestLoki(t);
  for (const tenant of ['a/b', '..', 'x'.repeat(151)]) {
    const response = await loki.get('/loki/api/v1/labels', {}, { 'x-scope-orgid': tenant });
    assert.equal(response.status, 400, tenant);
  }
  await assert.rejects(loki.push({ app: 'a' }, [[1, 'x']], 'red|blue'), /400 a push goes to one tenant/);
});
