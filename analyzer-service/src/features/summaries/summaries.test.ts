import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onBothDatabases } from '../../testing/test-databases.ts';
import { sampleSuite } from '../../testing/sample-suite.ts';
import { testApp } from '../../testing/test-stack.ts';
import { answerSchema } from '../ai-logs/schema.ts';
import { settingsSchema } from './schema.ts';

const NOWHERE = 'http://127.0.0.1:9';

sampleSuite('pool-exhaustion', ({ ask }) => {
  void it('query with summary=model and no model tells the findings in sections, with a warning', async () => {
    const answer = answerSchema.parse(await ask('query?time_range=30m&summary=model&language=German'));
    assert.equal(answer.words?.source, 'findings');
    assert.equal(answer.words.language, 'German');
    assert.match(answer.warnings.join(), /No model is configured/);
    const evidence = answer.words.sections.what_is_wrong.flatMap((statement) => statement.evidence);
    const ids = new Set(answer.findings.map(({ id }) => id));
    assert.ok(evidence.length > 0);
    for (const cited of evidence) assert.ok(ids.has(answer.words.evidence[cited]?.finding_id ?? ''));
    assert.match(answer.words.sections.probable_cause[0]?.text ?? '', /^payments/);
  });

  void it('how it is told is no part of the question: words come from the kept answer', async () => {
    await ask('query?time_range=20m');
    const answer = answerSchema.parse(await ask('query?time_range=20m&summary=model'));
    assert.equal(answer.cached, true);
  });

  void it('a template that does not exist is refused', async () => {
    await ask('query?summary=model&template=nobodys', 404);
  });
});

onBothDatabases((newDatabase) => {
  const json = (method: string, body: object) => ({
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

  void it('templates are made, shown, tried, changed and deleted', async (context) => {
    const app = await testApp(context, NOWHERE, await newDatabase());
    const text = 'Write for the head of sales, in one sentence.';
    assert.equal((await app.request('/api/v1/templates/sales', json('PUT', { text }))).status, 204);
    assert.equal(
      (await app.request('/api/v1/templates/sales', json('PUT', { text: `${text} Please.` }))).status,
      204,
    );
    const { templates } = (await (await app.request('/api/v1/templates')).json()) as {
      templates: { name: string; text: string }[];
    };
    assert.deepEqual(
      templates.map(({ name }) => name),
      ['default', 'security', 'performance', 'sales'],
    );
    const preview = await app.request(
      '/api/v1/templates/preview',
      json('POST', { template: 'sales', language: 'French' }),
    );
    const { messages, prompt_tokens } = (await preview.json()) as {
      messages: { content: string }[];
      prompt_tokens: number;
    };
    assert.match(messages[0]?.content ?? '', /head of sales, in one sentence\. Please\.[^]*French/);
    assert.match(messages[1]?.content ?? '', /\[EMAIL_1\]/);
    assert.ok(prompt_tokens > 300 && prompt_tokens <= 3_000);
    const unsaved = await app.request(
      '/api/v1/templates/preview',
      json('POST', { text: 'An unsaved text of a template' }),
    );
    assert.match(await unsaved.text(), /An unsaved text/);
    assert.equal((await app.request('/api/v1/templates/sales', { method: 'DELETE' })).status, 204);
    assert.equal((await app.request('/api/v1/templates/sales', { method: 'DELETE' })).status, 404);
    assert.equal((await app.request('/api/v1/templates/default', { method: 'DELETE' })).status, 400);
    assert.equal((await app.request('/api/v1/templates/default', json('PUT', { text }))).status, 400);
    assert.equal((await app.request('/api/v1/templates/bad name', json('PUT', { text }))).status, 400);
  });

  void it('settings start with their defaults, change one by one, and outlive the service', async (context) => {
    const settings = await newDatabase();
    const app = await testApp(context, NOWHERE, settings);
    const before = settingsSchema.parse(await (await app.request('/api/v1/settings')).json());
    assert.equal(before.template, 'default');
    const changed = await app.request(
      '/api/v1/settings',
      json('PUT', { template: 'security', redacted_names: ['Acme'] }),
    );
    assert.equal(changed.status, 200);
    const again = await testApp(context, NOWHERE, settings);
    const after = settingsSchema.parse(await (await again.request('/api/v1/settings')).json());
    assert.deepEqual(after, { ...before, template: 'security', redacted_names: ['Acme'] });
    for (const wrong of [
      { template: 'nobodys' },
      { language: '1' },
      { unknown: 1 },
      { redacted_names: [''] },
    ])
      assert.ok(
        [400, 404].includes((await again.request('/api/v1/settings', json('PUT', wrong))).status),
        JSON.stringify(wrong),
      );
  });

  void it('POST /summaries refuses what the query endpoint refuses, and says when Loki is away', async (context) => {
    const app = await testApp(context, NOWHERE, { ...(await newDatabase()), LOKI_RETRIES_MAX: '0' });
    const ask = async (body: object) => (await app.request('/api/v1/summaries', json('POST', body))).status;
    assert.equal(await ask({ time_range: 'soon' }), 400);
    assert.equal(await ask({ severity: ['loud'] }), 400);
    assert.equal(await ask({ time_range: '5m' }), 502);
  });
});
