import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { testFolder } from '../../testing/test-stack.ts';
import { readModelPrices } from './model-prices.ts';

const TABLE = { currency: 'USD', models: { small: { input: 0.1, output: 0.3 } } };

void test('a price table is read from the setting itself and from a file', async (context) => {
  const file = path.join(await testFolder(context), 'prices.json');
  await writeFile(file, JSON.stringify(TABLE));
  assert.deepEqual(await readModelPrices(JSON.stringify(TABLE)), TABLE);
  assert.deepEqual(await readModelPrices(file), TABLE);
  assert.deepEqual(await readModelPrices(undefined), { currency: '', models: {} });
});

for (const wrong of [
  '{',
  '{"currency":"USD"}',
  '{"currency":"USD","models":{"a":{"input":-1,"output":0}}}',
  '/nowhere',
])
  void test(`${wrong} is no price table: the error shows how to write one`, async () => {
    await assert.rejects(
      readModelPrices(wrong),
      /MODEL_PRICES.* is not a price table .*Write it like \{"currency"/s,
    );
  });
