import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCENARIOS } from '@sonde/loki-sample';
import { SAMPLE_END_MS, fillStore, testApp, testStore } from '../../../testing/test-stack.ts';
import type { AiLogsAnswer } from '../schema.ts';

const END = new Date(SAMPLE_END_MS).toISOString();

async function troubleshoot(
  app: Awaited<ReturnType<typeof testApp>>,
  parameters = '',
): Promise<AiLogsAnswer> {
  const response = await app.request(`/api/v1/ai_logs/query?time_range=30m&end=${END}${parameters}`);
  const body = (await response.json()) as AiLogsAnswer;
  assert.equal(response.status, 200, JSON.stringify(body));
  return body;
}

for (const scenario of SCENARIOS) {
  void test(`${scenario.name}: ${scenario.rootCause} is the first suspect, for the right reason`, async (context) => {
    const store = await testStore(context);
    await fillStore(store.url, scenario.name);
    const answer = await troubleshoot(await testApp(context, store.url));
    const told = answer.findings.map(
      ({ severity, kind, service, title }) => `${severity} ${kind} ${service}: ${title}`,
    );

    assert.equal(answer.suspects[0]?.service, scenario.rootCause, told.join('\n'));
    const kinds = new Set(
      answer.findings.filter(({ service }) => service === scenario.rootCause).map(({ kind }) => kind),
    );
    for (const kind of scenario.expectedKinds) {
      assert.ok(
        kinds.has(kind as (typeof answer.findings)[number]['kind']),
        `no ${kind} in\n${told.join('\n')}`,
      );
    }
    assert.match(answer.summary, new RegExp(scenario.rootCause));

    const faultMs = SAMPLE_END_MS - 60 * 60_000 * (1 - scenario.faultStartShare);
    const since = Date.parse(answer.findings[0]?.since ?? '');
    assert.ok(
      Math.abs(since - faultMs) < 4 * 60_000,
      `the fault began at ${new Date(faultMs).toISOString()}, not ${answer.findings[0]?.since}`,
    );
    assertCountsAddUp(answer);
  });
}

void test('a healthy shop gives no finding above info and no suspect', async (context) => {
  const store = await testStore(context);
  await fillStore(store.url, 'none');
  const answer = await troubleshoot(await testApp(context, store.url));
  assert.deepEqual(
    answer.findings.filter(({ severity }) => severity !== 'info').map(({ title }) => title),
    [],
  );
  assert.deepEqual(answer.suspects, []);
  assert.match(answer.summary, /Nothing differs from the baseline/);
});

void test('each finding is proved by lines that its own query finds in the store', async (context) => {
  const store = await testStore(context);
  await fillStore(store.url, 'pool-exhaustion');
  const { findings, window, baseline } = await troubleshoot(await testApp(context, store.url));
  assert.ok(findings.some(({ evidence }) => evidence.length > 0));
  for (const { kind, evidence, evidence_query } of findings) {
    if (kind !== 'silence') assert.ok(evidence.length > 0, `${kind} has no evidence`);
    for (const { timestamp_ns, line } of evidence) {
      const at = BigInt(timestamp_ns);
      assert.ok(at >= BigInt(Date.parse((baseline ?? window).start)) * 1_000_000n);
      const parameters = new URLSearchParams({ query: evidence_query, start: `${at}`, end: `${at + 1n}` });
      const found = await fetch(`${store.url}/loki/api/v1/query_range?${parameters.toString()}`);
      assert.ok(
        (await found.text()).includes(JSON.stringify(line)),
        `${evidence_query} does not show: ${line}`,
      );
    }
  }
});

void test('a sample of the lines finds the same cause, and says that it is a sample', async (context) => {
  const store = await testStore(context);
  await fillStore(store.url, 'pool-exhaustion');
  const answer = await troubleshoot(await testApp(context, store.url, { LINES_READ_MAX: '4000' }));
  assert.equal(answer.suspects[0]?.service, 'payments');
  assert.equal(answer.coverage.cut, true);
  assert.ok(answer.coverage.lines_counted > 10 * 1_000);
  assert.match(answer.coverage.note, /lines counted, .* read: errors and rare services first/);
  assertCountsAddUp(answer);
});

void test('without a baseline the fault still shows from inside the window', async (context) => {
  const store = await testStore(context);
  await fillStore(store.url, 'pool-exhaustion');
  const answer = await troubleshoot(await testApp(context, store.url), '&baseline=none');
  assert.equal(answer.baseline, null);
  assert.ok(answer.findings.some(({ severity }) => severity !== 'info'));
});

void test('an empty window says that there is nothing to say', async (context) => {
  const store = await testStore(context);
  const answer = await troubleshoot(await testApp(context, store.url));
  assert.equal(answer.counts.total, 0);
  assert.match(answer.summary, /No lines in this window/);
});

void test('a service that nobody logs under is named, with those that exist', async (context) => {
  const store = await testStore(context);
  await fillStore(store.url, 'none', 1, 60);
  const { warnings } = await troubleshoot(await testApp(context, store.url), '&services=paymets');
  assert.match(warnings.join(' '), /No lines of paymets .* payments/);
});

function assertCountsAddUp({ counts, coverage }: AiLogsAnswer): void {
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  assert.equal(sum(counts.by_service.map(({ lines }) => lines)), counts.total, 'services');
  assert.equal(sum(Object.values(counts.by_level)), counts.total, 'levels');
  assert.equal(sum(counts.over_time.lines), counts.total, 'steps');
  assert.equal(
    sum(counts.templates.map(({ count }) => count)) + counts.templates_rest,
    counts.total,
    'templates',
  );
  assert.ok(counts.templates_rest >= 0, 'the rest is not negative');
  assert.equal(coverage.lines_counted, counts.total + counts.baseline_total);
}
