import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { parser } from '@grafana/lezer-logql';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { readConfig } from './config.ts';
import { createApiKey } from './features/access/api-keys.ts';
import type { IncidentsAnswer } from './features/incidents/schema.ts';
import { eventually, testDatabase } from './testing/test-access.ts';
import { SAMPLE_END_MS, fillStore, testFolder, testService, testStore } from './testing/test-stack.ts';

// Every block of docs/alerts.md is tried: commands are sent, settings read, receivers called, queries asked.

const DOCUMENT = readFileSync(new URL('../../docs/alerts.md', import.meta.url), 'utf8');
const PASSWORD = 'the-password-of-alerts';
const cleanups: (() => unknown)[] = [];
const suite = { after: (cleanup: () => unknown) => void cleanups.unshift(cleanup) };
let lokiUrl = '';
let url = '';
let key = '';
let incident = '';

before(async () => {
  lokiUrl = (await testStore(suite)).url;
  await fillStore(lokiUrl, 'pool-exhaustion');
  const DATA_DIR = await testFolder(suite);
  const { db } = await testDatabase(suite, { DATA_DIR });
  const by = { actor: 'test', nowMs: SAMPLE_END_MS };
  ({ key } = await createApiKey(db, { name: 'on call', role: 'analyst' }, by));
  const sender = { ALERTS_USER: 'grafana', ALERTS_PASSWORD: PASSWORD };
  ({ url } = await testService(suite, lokiUrl, { DATA_DIR, ...sender }));
  await sendAlert(`${url}/api/v1/alerts/webhook`, 'grafana', PASSWORD);
  await eventually(async () => {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await fetch(`${url}/api/v1/incidents`, { headers });
    const { incidents } = (await answer.json()) as IncidentsAnswer;
    incident = incidents[0]?.id ?? '';
    return incidents[0]?.analysis === 'done';
  }, 20_000);
});
after(async () => {
  for (const cleanup of cleanups) await cleanup();
});

const blocks = (language: string) =>
  [...DOCUMENT.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  );
const lines = (language: string) =>
  blocks(language)
    .flatMap((text) => text.trim().split('\n'))
    .filter((line) => !line.startsWith('#'));

function sendAlert(address: string, username: string, password: string): Promise<Response> {
  const labels = { alertname: 'ErrorRateRise', service_name: 'payments' };
  const startsAt = new Date(SAMPLE_END_MS - 17 * 60_000).toISOString();
  return fetch(address, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    body: JSON.stringify({ alerts: [{ labels, startsAt }] }),
  });
}

for (const command of lines('bash'))
  void test(`the command works: ${command.slice(-70)}`, async () => {
    const response = await run(command);
    assert.ok(response.ok, `${response.status} ${await response.text()}`);
  });

/** What curl would send, without needing it. */
function run(command: string): Promise<Response> {
  const filled = command
    .replaceAll('$SONDE_API_KEY', key)
    .replaceAll('$INCIDENT', incident)
    .replaceAll('http://127.0.0.1:3200', url);
  const [program, ...words] = [...filled.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
  assert.equal(program, 'curl');
  const headers = new Headers();
  let method: string | undefined;
  let body: string | undefined;
  let address = '';
  while (words.length > 0) {
    const word = words.shift() ?? '';
    if (word === '-X') method = words.shift();
    else if (word === '-d') body = words.shift();
    else if (word === '-u')
      headers.set('authorization', `Basic ${Buffer.from(words.shift() ?? '').toString('base64')}`);
    else if (word === '-H') {
      const [name = '', value = ''] = (words.shift() ?? '').split(/: (.*)/);
      headers.set(name, value);
    } else address = word;
  }
  return fetch(address, { method: method ?? (body ? 'POST' : 'GET'), headers, body: body ?? null });
}

const hook = z.object({ url: z.string(), username: z.string(), password: z.string() });
const receiver = z.union([
  z
    .object({
      contactPoints: z.tuple([
        z.object({ receivers: z.tuple([z.object({ type: z.literal('webhook'), settings: hook })]) }),
      ]),
    })
    .transform(({ contactPoints }) => contactPoints[0].receivers[0].settings),
  z
    .object({
      receivers: z.tuple([
        z.object({
          webhook_configs: z.tuple([
            z.object({
              url: z.string(),
              send_resolved: z.literal(true),
              http_config: z.object({ basic_auth: hook.omit({ url: true }) }),
            }),
          ]),
        }),
      ]),
    })
    .transform(
      ({
        receivers: [
          {
            webhook_configs: [one],
          },
        ],
      }) => ({
        url: one.url,
        ...one.http_config.basic_auth,
      }),
    ),
]);

for (const [index, text] of blocks('yaml').entries())
  void test(`receiver ${index + 1} of the document gets in`, async () => {
    const { url: address, username, password } = receiver.parse(parseYaml(text));
    const response = await sendAlert(address.replace('http://sonde:3200', url), username, password);
    assert.equal(response.status, 202, await response.text());
  });

for (const query of lines('logql'))
  void test(`the query is LogQL: ${query}`, async () => {
    assert.doesNotThrow(() => parser.configure({ strict: true }).parse(query));
    const search = new URLSearchParams({ query });
    const response = await fetch(`${lokiUrl}/loki/api/v1/query_range?${search.toString()}`);
    assert.equal(response.status, 200, await response.text());
  });

void test('the settings of the document are settings', () => {
  const named = Object.fromEntries(lines('ini').map((line) => line.split(/=(.*)/).slice(0, 2)));
  const config = readConfig(named) as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(named)) assert.equal(String(config[name]), value, name);
});

void test('the document has them all', () => {
  assert.deepEqual(
    [lines('bash').length, blocks('yaml').length, lines('logql').length, lines('ini').length],
    [6, 2, 3, 10],
  );
});
