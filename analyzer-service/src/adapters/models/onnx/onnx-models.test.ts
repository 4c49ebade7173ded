import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type TestContext, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { GenerateRequest } from '../../../ports.ts';
import { testModels } from '../../../testing/test-models.ts';
import { testFolder } from '../../../testing/test-stack.ts';
import { writeTinyOnnxEmbedder, writeTinyOnnxWriter } from '../../../testing/tiny-onnx.ts';
import { hasTransformers, loadTransformers } from './transformers.ts';

const REQUEST: GenerateRequest = {
  purpose: 'chat',
  messages: [
    { role: 'system', content: 'Be short.' },
    { role: 'user', content: 'How is it?' },
  ],
  tokensMax: 12,
  temperature: 0,
  timeoutMs: 60_000,
  signal: new AbortController().signal,
};

async function onnxModels(context: TestContext, entry: object = {}) {
  const folder = await testFolder(context);
  const [writer, embedder] = [path.join(folder, 'writer'), path.join(folder, 'embedder')];
  await writeTinyOnnxWriter(writer);
  await writeTinyOnnxEmbedder(embedder);
  const models = await testModels(context, {
    models: {
      writer: { kind: 'onnx', path: writer, ...entry },
      embedder: { kind: 'onnx', path: embedder, task: 'embeddings' },
    },
    chains: { chat: ['writer'], embeddings: ['embedder'] },
  });
  return { models, writer };
}

/** Children of this process that run an ONNX model. */
async function modelProcesses(): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
      const [command, status] = await Promise.all([read('cmdline'), read('status')]);
      const isOurs = status.includes(`PPid:\t${process.pid}\n`) && !status.includes('State:\tZ');
      return isOurs && command.includes('onnx-process') ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

const skip = hasTransformers() ? false : 'the runtime is not installed: npm run onnx:install';

void it('without the runtime it is said how it is installed', () => {
  assert.throws(() => loadTransformers(new URL('file:///nowhere/package.json')), /"npm run onnx:install"/);
});

void describe('a folder with an ONNX model', { skip }, () => {
  void it('is loaded on first use, writes piece by piece, and its process ends with it', async (context) => {
    const { models } = await onnxModels(context);
    assert.deepEqual([models.list()[0]?.state, models.isLocal('chat')], ['unloaded', true]);
    const pieces: string[] = [];
    const answer = await models.generate({ ...REQUEST, onText: (piece) => pieces.push(piece) });
    assert.equal(models.list()[0]?.state, 'loaded');
    assert.ok(answer.promptTokens > 20 && answer.answerTokens === 12 && answer.local, JSON.stringify(answer));
    assert.equal(pieces.join(''), answer.text);
    assert.equal((await models.generate(REQUEST)).text, answer.text, 'the same question, the same answer');
    assert.equal((await modelProcesses()).length, 1);
    await models.unload('writer');
    assert.deepEqual(await modelProcesses(), []);
  });

  void it('gives a vector of length one for each text, equal for equal texts', async (context) => {
    const { models } = await onnxModels(context);
    const { signal } = REQUEST;
    const { vectors, model } = await models.embed(['one', 'another', 'one'], { timeoutMs: 60_000, signal });
    assert.deepEqual([vectors.map(({ length }) => length), model], [[16, 16, 16], 'embedder']);
    assert.deepEqual(vectors[0], vectors[2]);
    assert.notDeepEqual(vectors[0], vectors[1]);
    const norm = Math.hypot(...(vectors[0] ?? []));
    assert.ok(Math.abs(norm - 1) < 1e-5, `${norm}`);
    await assert.rejects(models.generate({ ...REQUEST, model: 'embedder' }), /is a model for embeddings/);
  });

  void it('stops when the caller goes, and the same process answers the next one', async (context) => {
    const { models } = await onnxModels(context);
    await models.load('writer');
    const before = await modelProcesses();
    const gone = new AbortController();
    const asked = models.generate({
      ...REQUEST,
      tokensMax: 4_000,
      signal: gone.signal,
      onText: () => gone.abort(),
    });
    await assert.rejects(asked, { code: 'cancelled' });
    assert.equal((await models.generate(REQUEST)).answerTokens, 12);
    assert.deepEqual(await modelProcesses(), before);
  });

  void it('a process that is killed is started again for the next request', async (context) => {
    const { models } = await onnxModels(context);
    await models.load('writer');
    const [pid = 0] = await modelProcesses();
    const asked = models.generate({
      ...REQUEST,
      tokensMax: 4_000,
      onText: () => process.kill(pid, 'SIGKILL'),
    });
    await assert.rejects(asked, { code: 'model_unavailable', message: /its process ended \(SIGKILL\)/ });
    assert.equal((await models.generate(REQUEST)).answerTokens, 12);
  });

  void it('holds nothing up: the event loop goes on while a model is loaded and writes', async (context) => {
    const { models } = await onnxModels(context);
    await setImmediate();
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await models.generate({ ...REQUEST, tokensMax: 300 });
    delay.disable();
    const lateMs = delay.percentile(90) / 1e6;
    assert.ok(lateMs < 50, `${lateMs} ms`);
  });

  void it('what it writes by a schema is of the schema, or no answer', async (context) => {
    const { models } = await onnxModels(context);
    const schema = { type: 'object', properties: { sure: { type: 'boolean' } }, required: ['sure'] };
    await assert.rejects(models.generate({ ...REQUEST, schema }), /something else than what was asked for/);
  });

  void it('says what is wrong with a folder, and with a prompt that is too long', async (context) => {
    const { models, writer } = await onnxModels(context, { context_tokens: 128 });
    const messages = [{ role: 'user' as const, content: 'x'.repeat(200) }];
    await assert.rejects(
      models.generate({ ...REQUEST, messages }),
      /prompt has \d+ tokens, and context_tokens is 128/,
    );
    await models.unload('writer');
    await rm(path.join(writer, 'onnx/model.onnx'));
    await assert.rejects(models.generate(REQUEST), /writer: .*model\.onnx/s);
    assert.deepEqual(await modelProcesses(), []);
  });
});
