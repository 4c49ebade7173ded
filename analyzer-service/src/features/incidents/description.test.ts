import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Description, unlikeDescribed } from '../../testing/described.ts';
import { eventually } from '../../testing/test-access.ts';
import { SAMPLE_END_MS, fillStore, testApp, testStore } from '../../testing/test-stack.ts';
import type { IncidentsAnswer } from './schema.ts';

const ONE = '/api/v1/incidents/{id}';

void test('alerts and incidents answer as /openapi.json describes them, right and wrong', async (context) => {
  const lokiUrl = (await testStore(context)).url;
  await fillStore(lokiUrl, 'pool-exhaustion');
  const app = await testApp(context, lokiUrl);
  const description = (await (await app.request('/openapi.json')).json()) as Description;
  const check = async (
    route: string,
    path: string,
    status = 200,
    init: { readonly method?: string; readonly body?: string } = {},
  ): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const response = await app.request(path, { ...init, ...(init.body ? { headers } : {}) });
    const text = await response.text();
    assert.equal(response.status, status, text);
    const answer: unknown = JSON.parse(text);
    const method = (init.method ?? 'GET').toLowerCase();
    assert.equal(unlikeDescribed(description, { method, path: route, status }, answer), null, text);
    return answer;
  };
  const webhook = '/api/v1/alerts/webhook';
  const alert = {
    labels: { alertname: 'errors', service_name: 'payments' },
    annotations: { __dashboardUid__: 'shop' },
    startsAt: new Date(SAMPLE_END_MS - 17 * 60_000).toISOString(),
  };
  const post = (body: object) => ({ method: 'POST', body: JSON.stringify(body) });
  await check(webhook, webhook, 202, post({ alerts: [alert] }));
  await check(webhook, webhook, 400, post({ alerts: 'none' }));
  let id = '';
  await eventually(async () => {
    const list = (await check('/api/v1/incidents', '/api/v1/incidents?service=payments')) as IncidentsAnswer;
    id = list.incidents[0]?.id ?? '';
    return list.incidents[0]?.analysis === 'done';
  }, 20_000);
  await check('/api/v1/incidents', '/api/v1/incidents?state=sleeping', 400);
  await check(ONE, `/api/v1/incidents/${id}`);
  await check(ONE, '/api/v1/incidents/nobody', 404);
  const patch = (body: object) => ({ method: 'PATCH', body: JSON.stringify(body) });
  await check(
    ONE,
    `/api/v1/incidents/${id}`,
    200,
    patch({ state: 'acknowledged', feedback: { verdict: 'right' } }),
  );
  await check(ONE, `/api/v1/incidents/${id}`, 400, patch({ state: 'sleeping' }));
  await check(ONE, '/api/v1/incidents/nobody', 404, patch({ state: 'resolved' }));
  await check(`${ONE}/postmortem`, '/api/v1/incidents/nobody/postmortem', 404);
  const draft = description.paths[`${ONE}/postmortem`]?.['get']?.responses['200']?.content;
  assert.deepEqual(Object.keys(draft ?? {}), ['text/markdown']);
});
