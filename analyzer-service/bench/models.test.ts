import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { testFolder } from '../src/testing/test-stack.ts';
import { writeTinyGguf } from '../src/testing/tiny-gguf.ts';
import { measureModel } from './models/measure-model.ts';
import { summaryPrompt } from './models/summary-prompt.ts';

void test('a local model is measured through the service: loading, first token, tokens a second', async (context) => {
  const folder = await testFolder(context);
  const file = path.join(folder, 'tiny.gguf');
  await writeTinyGguf(file, { width: 64, hidden: 128, layers: 2, heads: 4, tokens: 400, type: 'q8_0' });
  const speed = await measureModel(file, { folder, threads: 1, tokens: 64 });
  assert.ok(
    speed.loadMs > speed.firstTokenMs && speed.tokensPerSecond > 1 && speed.tokens >= 60,
    JSON.stringify(speed),
  );
});

void test('the prompt of a summary does not grow with the lines, and never passes its limit', async () => {
  const few = await summaryPrompt(20_000, 8_000);
  const many = await summaryPrompt(120_000, 8_000);
  assert.ok(many.lines > 5 * few.lines);
  assert.ok(many.tokens <= 8_000 && many.tokens < 2 * few.tokens, `${few.tokens}, ${many.tokens}`);
  const cut = await summaryPrompt(40_000, 3_000);
  assert.ok(cut.tokens > 2_000 && cut.tokens <= 3_000, `${cut.tokens}`);
});
