import assert from 'node:assert/strict';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type TestContext, describe, it } from 'node:test';
import type { AppError } from '../../errors.ts';
import type { GenerateRequest } from '../../ports.ts';
import { testModels } from '../../testing/test-models.ts';
import { testFolder } from '../../testing/test-stack.ts';
import { writeTinyGguf } from '../../testing/tiny-gguf.ts';

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

async function localModel(context: TestContext, settings: object = {}) {
  const file = path.join(await testFolder(context), 'tiny.gguf');
  await writeTinyGguf(file);
  const content = {
    models: { local: { kind: 'gguf', path: file, context_tokens: 512 } },
    chains: { chat: ['local'], embeddings: ['local'] },
  };
  return testModels(context, content, settings);
}

void describe('a GGUF file in the process', () => {
  void it('is loaded on first use, writes piece by piece, and is unloaded', async (context) => {
    const models = await localModel(context);
    assert.equal(models.list()[0]?.state, 'unloaded');
    const pieces: string[] = [];
    const answer = await models.generate({ ...REQUEST, onText: (piece) => pieces.push(piece) });
    assert.equal(models.list()[0]?.state, 'loaded');
    assert.ok(answer.promptTokens > 0 && answer.answerTokens > 0 && answer.local);
    assert.equal(pieces.join('').trim(), answer.text.trim());
    await models.unload('local');
    assert.equal(models.list()[0]?.state, 'unloaded');
  });

  void it('what it writes by a schema is of the schema', async (context) => {
    const models = await localModel(context);
    const schema = {
      type: 'object',
      properties: { sure: { type: 'boolean' }, cause: { enum: ['disk', 'network'] } },
      required: ['sure', 'cause'],
    };
    const { text } = await models.generate({ ...REQUEST, schema, tokensMax: 200, temperature: 1 });
    const { sure, cause } = JSON.parse(text) as { sure: unknown; cause: unknown };
    assert.equal(typeof sure, 'boolean');
    assert.ok(cause === 'disk' || cause === 'network');
  });

  void it('holds nothing up: the event loop goes on while the next question is answered', async (context) => {
    const models = await localModel(context);
    await models.generate(REQUEST);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    for (let round = 0; round < 5; round++) await models.generate({ ...REQUEST, tokensMax: 40 });
    delay.disable();
    const lateMs = delay.percentile(95) / 1e6;
    assert.ok(lateMs < 50, `${lateMs} ms`);
  });

  void it('gives a vector for each text', async (context) => {
    const models = await localModel(context);
    const { vectors } = await models.embed(['one', 'another'], { timeoutMs: 60_000, signal: REQUEST.signal });
    assert.deepEqual(
      vectors.map(({ length }) => length),
      [64, 64],
    );
  });

  void it('stops when the caller goes, and answers the next one', async (context) => {
    const models = await localModel(context);
    const gone = new AbortController();
    const asked = models.generate({
      ...REQUEST,
      tokensMax: 400,
      signal: gone.signal,
      onText: () => gone.abort(),
    });
    await assert.rejects(asked, { code: 'cancelled' });
    assert.ok((await models.generate(REQUEST)).answerTokens > 0);
  });

  void it('of 100 requests at one time none is lost: answered in order of arrival, or refused with a time', async (context) => {
    const models = await localModel(context, { queueMax: 60 });
    const order: number[] = [];
    const asked = Array.from({ length: 100 }, (_, index) =>
      models.generate({ ...REQUEST, tokensMax: 2 }).then((answer) => {
        order.push(index);
        return answer;
      }),
    );
    const ends = await Promise.allSettled(asked);
    assert.deepEqual(
      order,
      Array.from({ length: 61 }, (_, index) => index),
    );
    for (const end of ends.slice(61)) {
      assert.ok(end.status === 'rejected');
      const { code, retryAfterS } = end.reason as AppError;
      assert.deepEqual([code, (retryAfterS ?? 0) >= 1], ['too_many_requests', true]);
    }
  });

  void it('a full queue is told as such also when the next model of the chain fails', async (context) => {
    const file = path.join(await testFolder(context), 'tiny.gguf');
    await writeTinyGguf(file);
    const local = { kind: 'gguf', path: file, context_tokens: 512 };
    const content = {
      models: { local, away: { ...local, path: `${file}.away` } },
      chains: { chat: ['local', 'away'] },
    };
    const models = await testModels(context, content, { queueMax: 1 });
    const ends = await Promise.allSettled([1, 2, 3].map(() => models.generate({ ...REQUEST, tokensMax: 2 })));
    const { code, retryAfterS } = (ends[2] as PromiseRejectedResult).reason as AppError;
    assert.deepEqual([code, retryAfterS], ['too_many_requests', 1]);
  });
});
