import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, describe, it } from 'node:test';
import { z } from 'zod';
import { writeDigest } from '../../engine/summary/digest.ts';
import { answerSchemaFor } from '../../engine/summary/prompt.ts';
import { readWords } from '../../engine/summary/read-words.ts';
import { FACTS } from '../../engine/summary/testing/facts.ts';
import { testModels } from '../../testing/test-models.ts';
import { testFolder } from '../../testing/test-stack.ts';
import { writeTinyGguf } from '../../testing/tiny-gguf.ts';

const SEEDS = 10;
const text = { type: 'string', maxLength: 20 };

const SCHEMAS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'the one of summaries': answerSchemaFor(writeDigest(FACTS, { tokensMax: 3_000, redact: (line) => line })),
  'yes or no and a choice': {
    type: 'object',
    properties: { sure: { type: 'boolean' }, cause: { enum: ['disk', 'network', 'a "quoted" one', null] } },
    required: ['sure', 'cause'],
    additionalProperties: false,
  },
  'objects in objects': {
    type: 'object',
    properties: { a: { type: 'object', properties: { b: text }, required: ['b'] }, c: text },
    required: ['a', 'c'],
  },
  'numbers that may be too large for JavaScript': {
    type: 'object',
    properties: { whole: { type: 'integer' }, any: { type: 'number' } },
    required: ['whole', 'any'],
  },
  'lists of bounded length': {
    type: 'object',
    properties: { list: { type: 'array', items: text, minItems: 2, maxItems: 4 } },
    required: ['list'],
  },
};

async function write(context: TestContext, schema: Readonly<Record<string, unknown>>, seed: number) {
  const file = path.join(await testFolder(context), 'tiny.gguf');
  await writeTinyGguf(file, undefined, seed);
  const content = {
    models: { local: { kind: 'gguf', path: file, context_tokens: 1_024 } },
    chains: { chat: ['local'] },
  };
  const models = await testModels(context, content);
  const answer = await models.generate({
    purpose: 'chat',
    messages: [{ role: 'user', content: 'What is wrong?' }],
    schema,
    tokensMax: 300,
    temperature: seed % 3,
    timeoutMs: 60_000,
    signal: context.signal,
  });
  await models.unload('local');
  return answer.text;
}

void describe('what a model of random weights writes by a schema is of the schema', () => {
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    void it(name, async (context) => {
      const form = z.fromJSONSchema(schema);
      for (let seed = 1; seed <= SEEDS; seed++) {
        const written = await write(context, schema, seed);
        const { success, error } = form.safeParse(JSON.parse(written));
        assert.ok(success, `seed ${seed}: ${written}: ${error?.message}`);
        if (name === 'the one of summaries') assert.ok(readWords(written), written);
      }
    });
  }

  void it("a schema that cannot be followed is the caller's fault, and no pattern of a caller is run", async (context) => {
    await assert.rejects(write(context, { type: 'nothing' }, 1), { code: 'invalid_request' });
    const text = { type: 'string', maxLength: 8, pattern: '^(a+)+$' };
    const schema = { type: 'object', properties: { text }, required: ['text'] };
    assert.equal(typeof (JSON.parse(await write(context, schema, 1)) as { text: unknown }).text, 'string');
  });
});
