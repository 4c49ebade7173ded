import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, after, before, describe, it } from 'node:test';
import { type Behaviour, fakeOpenAi } from '../../testing/fake-openai.ts';
import { SAMPLE_END_MS, fillStore, testApp, testFolder, testStore } from '../../testing/test-stack.ts';

// Whatever a model does, who asks gets the findings within the time limit, and is told.

const LIMIT_MS = 1_000;
/** The findings themselves, on a machine that does other things too. */
const FINDINGS_MS = 8_000;
const END = new Date(SAMPLE_END_MS).toISOString();
const LOG = Array.from(
  { length: 60 },
  (_, second) =>
    `2026-11-20T11:00:${String(second).padStart(2, '0')}Z ERROR pool exhausted, request ${second} timed out`,
).join('\n');

const cleanups: (() => unknown)[] = [];
const suite = { after: (cleanup: () => unknown) => void cleanups.unshift(cleanup) };
let lokiUrl = '';

before(async () => {
  lokiUrl = (await testStore(suite)).url;
  await fillStore(lokiUrl, 'pool-exhaustion');
});
after(async () => {
  for (const cleanup of cleanups) await cleanup();
});

async function appWith(context: TestContext, behaviour: Behaviour | 'down') {
  const { baseUrl } =
    behaviour === 'down' ? { baseUrl: 'http://127.0.0.1:9/v1' } : await fakeOpenAi(context, behaviour);
  const one = { kind: 'openai', preset: 'custom', model: 'm', base_url: baseUrl };
  const file = path.join(await testFolder(context), 'models.json');
  await writeFile(file, JSON.stringify({ models: { one }, chains: { summaries: ['one'], chat: ['one'] } }));
  return testApp(context, lokiUrl, {
    MODELS_CONFIG: file,
    SUMMARY_TIMEOUT_MS: String(LIMIT_MS),
    MODEL_TIMEOUT_MS: String(LIMIT_MS),
  });
}

interface Words {
  readonly source: string;
  readonly text: string;
  readonly warnings: readonly string[];
}

function posted(body: object): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

const TROUBLES: readonly (readonly [string, Behaviour | 'down', RegExp])[] = [
  ['is down', 'down', /No model answered/],
  ['refuses the key', 'unauthorized', /401/],
  ['is busy', 'busy', /429/],
  ['fails', 'broken', /500/],
  ['falls silent', 'silent', /within \d+ ms|longer than \d+ ms/],
  ['is cut off', 'cut', /No model answered/],
  ['writes broken events', 'wrong json', /No model answered/],
  ['shows a page to sign in', 'html', /No model answered/],
  ['refuses to answer', 'refusal', /it refused/],
  ['talks nonsense', 'openai', /something else than what was asked for/],
];

void describe('a model in trouble', () => {
  for (const [trouble, behaviour, says] of TROUBLES) {
    void it(`that ${trouble}: query, summaries and analyses answer from the findings`, async (context) => {
      const app = await appWith(context, behaviour);
      const ask = async (where: string, request: RequestInit | undefined) => {
        const startMs = performance.now();
        const response = await app.request(where, request);
        const text = await response.text();
        assert.equal(response.status, 200, text);
        assert.ok(performance.now() - startMs < LIMIT_MS + FINDINGS_MS);
        return JSON.parse(text) as { words: Words; result: { words: Words }; warnings: readonly string[] };
      };
      const query = `/api/v1/ai_logs/query?time_range=30m&end=${END}&summary=model`;
      const answers = [
        (await ask(query, undefined)).words,
        (await ask('/api/v1/summaries', posted({ time_range: '30m', end: END }))).words,
        (await ask('/api/v1/analyses', posted({ text: LOG, name: 'a.log', summary: 'model' }))).result.words,
      ];
      for (const { source, text, warnings } of answers) {
        assert.deepEqual([source, text.length > 20], ['findings', true]);
        assert.match(warnings.join(' '), /No model answered|something else|gave no answer/);
      }
      assert.match(answers[0]?.warnings.join(' ') ?? '', says);
    });
  }

  void it('that falls silent: generate says so within its time limit, and as an event', async (context) => {
    const app = await appWith(context, 'silent');
    const startMs = performance.now();
    const whole = await app.request('/api/v1/generate', posted({ prompt: 'How is it?' }));
    assert.equal(whole.status, 503);
    const events = await app.request('/api/v1/generate', posted({ prompt: 'How is it?', stream: true }));
    assert.match(await events.text(), /event: error\ndata: .*model_unavailable/);
    assert.ok(performance.now() - startMs < 2 * LIMIT_MS + 2_000);
  });
});
