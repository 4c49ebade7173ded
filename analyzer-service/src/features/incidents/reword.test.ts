import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { type Behaviour, fakeOpenAi } from '../../testing/fake-openai.ts';
import { eventually } from '../../testing/test-access.ts';
import { SAMPLE_END_MS, fillStore, testApp, testFolder, testStore } from '../../testing/test-stack.ts';
import type { IncidentsAnswer } from './schema.ts';

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

const STATEMENT = 'Nobody gets a free connection at payments any more.';
const words = (text: string) => JSON.stringify({ summary: [{ text, evidence: ['F1', 'S1'] }] });

/** The incident of one alert, explained with a model that behaves so. */
async function summaryWith(context: Parameters<typeof testApp>[0], behaviour: Behaviour, text: string) {
  const { baseUrl, state } = await fakeOpenAi(context, behaviour, words(text));
  const file = path.join(await testFolder(context), 'models.json');
  const model = { kind: 'openai', preset: 'custom', model: 'a-model', base_url: baseUrl };
  await writeFile(file, JSON.stringify({ models: { one: model }, chains: { summaries: ['one'] } }));
  const app = await testApp(context, lokiUrl, {
    MODELS_CONFIG: file,
    SUMMARY_TIMEOUT_MS: '1500',
    INCIDENT_LINES: 'false',
  });
  const alert = {
    status: 'firing',
    labels: { alertname: 'errors', service_name: 'payments' },
    startsAt: new Date(SAMPLE_END_MS - 17 * 60_000).toISOString(),
  };
  const body = JSON.stringify({ alerts: [alert] });
  await app.request('/api/v1/alerts/webhook', { method: 'POST', body });
  let summary = '';
  await eventually(async () => {
    const { incidents } = (await (await app.request('/api/v1/incidents')).json()) as IncidentsAnswer;
    summary = incidents[0]?.summary ?? '';
    return incidents[0]?.analysis === 'done';
  }, 20_000);
  assert.ok(state.calls > 0, 'the model was asked');
  return summary;
}

void test('with a model, the summary of an incident is in its words', async (context) => {
  assert.equal(await summaryWith(context, 'openai', STATEMENT), STATEMENT);
});

void test('a statement that the findings do not bear out is not told', async (context) => {
  const summary = await summaryWith(context, 'openai', 'The billing service lost 31337 connections.');
  assert.doesNotMatch(summary, /billing|31337/);
  assert.match(summary, /payments/);
});

for (const behaviour of ['broken', 'silent', 'cut', 'html', 'refusal'] as const)
  void test(`with a model that is ${behaviour}, the findings tell the summary in time`, async (context) => {
    const startedMs = performance.now();
    assert.match(await summaryWith(context, behaviour, STATEMENT), /payments/);
    assert.ok(performance.now() - startedMs < 15_000);
  });
