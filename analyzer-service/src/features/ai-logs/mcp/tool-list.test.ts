import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateTokens } from '../../../engine/summary/estimate-tokens.ts';
import { listTools } from './tool-list.ts';

const TOKENS_MAX = 3_000;
const CHARACTERS_A_TOKEN = 4;

void test('all tool definitions together cost an agent less than 3,000 tokens, however they are counted', () => {
  const text = JSON.stringify(listTools());
  assert.ok(text.length / CHARACTERS_A_TOKEN < TOKENS_MAX / 2, `${text.length} characters`);
  assert.ok(estimateTokens(text) < TOKENS_MAX, `${estimateTokens(text)} tokens, estimated high`);
});

void test('every tool says what it is for, takes a budget, and only reads', () => {
  for (const { name, description, inputSchema, annotations } of listTools()) {
    assert.match(name, /^[a-z_]+$/);
    assert.ok((description ?? '').length > 40, name);
    assert.ok('max_tokens' in (inputSchema.properties ?? {}), name);
    assert.equal(annotations?.readOnlyHint, true);
  }
});
