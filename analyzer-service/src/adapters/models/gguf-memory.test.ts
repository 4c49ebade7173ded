import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { GenerateRequest } from '../../ports.ts';
import { testModels } from '../../testing/test-models.ts';
import { testFolder } from '../../testing/test-stack.ts';
import { writeTinyGguf, writeTinyLora } from '../../testing/tiny-gguf.ts';

const REQUEST: GenerateRequest = {
  purpose: 'chat',
  messages: [{ role: 'user', content: 'How is it?' }],
  tokensMax: 12,
  temperature: 0,
  timeoutMs: 60_000,
  signal: new AbortController().signal,
};

async function modelFile(context: TestContext): Promise<string> {
  const file = path.join(await testFolder(context), 'tiny.gguf');
  await writeTinyGguf(file);
  return file;
}

const entry = (file: string, settings: object = {}) => ({
  kind: 'gguf',
  path: file,
  context_tokens: 512,
  ...settings,
});

void describe('settings of a GGUF file', () => {
  void it('an adapter changes what is written, at the scale that is asked for', async (context) => {
    const file = await modelFile(context);
    const adapter = path.join(path.dirname(file), 'lora.gguf');
    await writeTinyLora(adapter);
    const lora = (scale: number) => entry(file, { lora: [{ path: adapter, scale }] });
    const models = await testModels(context, {
      models: {
        plain: entry(file),
        off: lora(0),
        on: lora(1),
        missing: entry(file, { lora: [{ path: 'no.gguf' }] }),
      },
    });
    const say = async (model: string) => (await models.generate({ ...REQUEST, model })).text;
    const plain = await say('plain');
    assert.equal(await say('off'), plain);
    assert.notEqual(await say('on'), plain);
    assert.equal(await say('plain'), plain, 'the adapter of one model does not reach another');
    await assert.rejects(say('missing'), { code: 'model_unavailable' });
  });

  void it('threads and layers for a GPU are taken also where there is none', async (context) => {
    const file = await modelFile(context);
    const models = await testModels(context, {
      models: { one: entry(file, { threads: 2, gpu_layers: 4 }) },
    });
    assert.ok((await models.generate({ ...REQUEST, model: 'one' })).answerTokens > 0);
  });

  void it('a prompt longer than the context is answered or told, and the next one is answered', async (context) => {
    const models = await testModels(context, { models: { one: entry(await modelFile(context)) } });
    const messages = [{ role: 'user' as const, content: 'word '.repeat(1_000) }];
    const answer = await models
      .generate({ ...REQUEST, model: 'one', messages })
      .catch((error: Error) => error);
    if (answer instanceof Error) assert.match(answer.message, /No model answered/);
    assert.ok((await models.generate({ ...REQUEST, model: 'one' })).answerTokens > 0);
  });
});

void describe('memory of local models', () => {
  void it('what was not used for the longest time makes room; what is too large at all is told', async (context) => {
    const file = await modelFile(context);
    const { size } = await stat(file);
    const models = await testModels(
      context,
      { models: { a: entry(file), b: entry(file), c: entry(file) } },
      { memoryBytesMax: Math.floor(2.5 * size) },
    );
    const loaded = () => models.list().flatMap(({ name, state }) => (state === 'loaded' ? name : []));
    for (const model of ['a', 'b', 'a', 'c']) await models.generate({ ...REQUEST, model });
    assert.deepEqual(loaded(), ['a', 'c']);
    await models.generate({ ...REQUEST, model: 'b' });
    assert.deepEqual(loaded(), ['b', 'c']);
    const small = await testModels(context, { models: { a: entry(file) } }, { memoryBytesMax: size - 1 });
    await assert.rejects(small.generate({ ...REQUEST, model: 'a' }), /MODELS_MEMORY_BYTES_MAX/);
  });

  void it('a file is exchanged while requests come in, and none of them fails', async (context) => {
    const file = await modelFile(context);
    const models = await testModels(context, { models: { one: entry(file) } });
    const ask = () => models.generate({ ...REQUEST, model: 'one' });
    const [before] = await Promise.all([ask(), ask(), ask()]);
    const during = [ask(), ask()];
    const exchanged = models.unload('one').then(() => writeTinyGguf(file, undefined, 2));
    during.push(ask(), ask());
    await Promise.all([...during, exchanged]);
    await models.unload('one');
    const after = await ask();
    assert.notEqual(after.text, before?.text, 'the new weights answer');
  });

  void it('comes back when a model is unloaded, however often, to within 10 %', async () => {
    const script = fileURLToPath(new URL('../../testing/measure-unloading.ts', import.meta.url));
    const args = ['--expose-gc', script, '8'];
    // As bin/bootstrap.mjs sets it.
    const env = { ...process.env, MALLOC_MMAP_THRESHOLD_: '131072' };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    const { before, loaded, after } = JSON.parse(stdout) as Record<'before' | 'loaded' | 'after', number>;
    assert.ok(loaded > before + 90e6, `the model takes memory: ${stdout}`);
    assert.ok(after < before * 1.1, stdout);
  });
});
