import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ScenarioName } from '@sonde/loki-sample';
import { numbered, push } from '../../../testing/push-lines.ts';
import { SAMPLE_END_MS, fillStore, testApp, testStore } from '../../../testing/test-stack.ts';
import { type AiLogsAnswer, answerSchema } from '../schema.ts';

// Each scenario is loaded once; the modes only read.

type Cleanups = (() => unknown)[];
const END = new Date(SAMPLE_END_MS).toISOString();

function suite(
  scenario: ScenarioName,
  tests: (ask: (parameters: string) => Promise<AiLogsAnswer>) => void,
): void {
  void describe(scenario, () => {
    let app: Awaited<ReturnType<typeof testApp>>;
    const cleanups: Cleanups = [];
    before(async () => {
      const context = { after: (cleanup: () => unknown) => void cleanups.unshift(cleanup) };
      const store = await testStore(context);
      await fillStore(store.url, scenario);
      app = await testApp(context, store.url);
    });
    tests(async (parameters) => {
      const response = await app.request(`/api/v1/ai_logs/query?time_range=30m&end=${END}&${parameters}`);
      const text = await response.text();
      assert.equal(response.status, 200, text);
      return answerSchema.parse(JSON.parse(text));
    });
    after(async () => {
      for (const cleanup of cleanups) await cleanup();
    });
  });
}

suite('disk-full', (ask) => {
  void it('errors: groups what failed by template, with the service and the counts', async () => {
    const { details, counts, suspects } = await ask('mode=errors');
    const groups = details.errors as { template: string; service: string; level: string; count: number }[];
    assert.ok(
      groups.some(({ template, service }) => service === 'database' && /space|disk/i.test(template)),
      JSON.stringify(groups),
    );
    assert.ok(groups.every(({ level }) => ['warn', 'error', 'fatal'].includes(level)));
    assert.deepEqual(
      Object.keys(counts.by_level).filter((level) => !['warn', 'error', 'fatal'].includes(level)),
      [],
    );
    assert.equal(suspects[0]?.service, 'database');
  });

  void it('severity, services and search narrow every count', async () => {
    const { counts } = await ask('mode=errors&services=database&severity=error&search=SPACE');
    assert.ok(counts.total > 0);
    assert.deepEqual(Object.keys(counts.by_level), ['error']);
    assert.deepEqual(
      counts.by_service.map(({ service }) => service),
      ['database'],
    );
  });

  void it('limit cuts the lists and says how many findings it left out', async () => {
    const all = await ask('mode=troubleshoot&limit=1000');
    const one = await ask('mode=troubleshoot&limit=1');
    assert.equal(one.findings.length, 1);
    assert.equal(one.findings_left_out, all.findings.length - 1);
    assert.equal(one.counts.templates.length, 1);
  });
});

suite('slow-dependency', (ask) => {
  void it('performance: quantiles of every service from all lines, the slow one far above its baseline', async () => {
    const { details, suspects, findings } = await ask('mode=performance');
    const latency = details.latency as { service: string; p95_ms: number; baseline_p95_ms: number }[];
    const database = latency.find(({ service }) => service === 'database');
    assert.ok(database && database.p95_ms > 3 * database.baseline_p95_ms, JSON.stringify(latency));
    assert.ok(latency.length >= 4, JSON.stringify(latency));
    assert.equal(suspects[0]?.service, 'database');
    assert.ok(
      findings.every(({ kind, pattern }) => kind !== 'new_template' || pattern?.category === 'performance'),
    );
  });
});

suite('bad-deploy', (ask) => {
  void it('audit: names the change and what began after it', async () => {
    const { details, findings, summary } = await ask('mode=audit');
    const events = details.events as { service: string; line: string; time: string }[];
    assert.ok(
      events.some(({ service, line }) => service === 'search' && line.includes('2.8.0')),
      JSON.stringify(events),
    );
    const change = findings.find(({ service, title }) => service === 'search' && title.includes('s later'));
    assert.equal(change?.kind, 'config_change');
    assert.equal(change?.severity, 'medium');
    assert.match(summary, /change/);
  });
});

suite('model-limits', (ask) => {
  void it('conversation: turns, models, tokens and failures of each conversation', async () => {
    const { details, summary, suspects } = await ask('mode=conversation');
    const conversations = details.conversations as {
      conversation_id: string;
      turns: number;
      errors: number;
      models: string[];
      tokens_used: number;
    }[];
    assert.ok(conversations.length > 3);
    assert.ok(conversations.some(({ errors }) => errors > 0));
    assert.ok(conversations.some(({ tokens_used, models }) => tokens_used > 0 && models.length > 0));
    assert.match(summary, /conversation\(s\) with .* turns, .* tokens/);
    assert.equal(suspects[0]?.service, 'anythingllm');

    const id = conversations.find(({ turns }) => turns > 1)?.conversation_id ?? '';
    const one = await ask(`mode=conversation&conversation_id=${id}`);
    const turns = one.details.turns as { time: string; model: string | null }[];
    assert.ok(turns.length > 0);
    assert.deepEqual(
      [...turns].sort((a, b) => a.time.localeCompare(b.time)),
      turns,
    );
    assert.deepEqual((one.details.conversations as unknown[]).length, 1);
  });
});

void it("Sonde's own lines are read only by who asks for them", async (context) => {
  const store = await testStore(context);
  await push(store.url, 'sonde', numbered('incident', 5), 'error');
  await push(store.url, 'api', numbered('request', 3));
  const app = await testApp(context, store.url);
  const servicesOf = async (parameters: string) => {
    const response = await app.request(`/api/v1/ai_logs/query?time_range=15m${parameters}`);
    const { counts } = answerSchema.parse(await response.json());
    return counts.by_service.map(({ service, lines }) => [service, lines]);
  };
  assert.deepEqual(await servicesOf(''), [['api', 3]]);
  assert.deepEqual(await servicesOf('&services=sonde'), [['sonde', 5]]);
});
