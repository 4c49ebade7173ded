import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type TestContext, after, before, it, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startEmbeddedLoki } from '@sonde/loki-embedded';
import { recordingServer } from '../../testing/recording-server.ts';
import { eventually, testDatabase } from '../../testing/test-access.ts';
import { onBothDatabases } from '../../testing/test-databases.ts';
import { SAMPLE_END_MS, fillStore, testApp, testFolder } from '../../testing/test-stack.ts';
import type { IncidentAnswer, IncidentsAnswer } from './schema.ts';

type App = Awaited<ReturnType<typeof testApp>>;
type Settings = Record<string, string>;

const WEBHOOK = '/api/v1/alerts/webhook';
const FAULT_MS = SAMPLE_END_MS - 18 * 60_000;
const cleanups: (() => unknown)[] = [];
const suite: Pick<TestContext, 'after'> = {
  after: (cleanup) => void cleanups.unshift(cleanup as () => unknown),
};
let lokiUrl = '';

before(async () => {
  const store = await startEmbeddedLoki({ dataDir: await testFolder(suite), port: 0, host: '127.0.0.1' });
  cleanups.unshift(() => store.close());
  lokiUrl = store.url;
  await fillStore(lokiUrl, 'pool-exhaustion');
});
after(async () => {
  for (const cleanup of cleanups) await cleanup();
});

function alertOf(name: string, service: string, more: object = {}) {
  return {
    status: 'firing',
    labels: { alertname: name, service_name: service },
    annotations: { __dashboardUid__: 'shop', __panelId__: '4' },
    startsAt: new Date(FAULT_MS + 60_000).toISOString(),
    endsAt: '0001-01-01T00:00:00Z',
    fingerprint: `${name} ${service}`,
    ...more,
  };
}

async function send(app: App, alerts: readonly object[], headers: Record<string, string> = {}) {
  const body = JSON.stringify({ version: '4', status: 'firing', alerts });
  return app.request(WEBHOOK, { method: 'POST', headers, body });
}

async function read<T>(app: App, path: string): Promise<T> {
  const response = await app.request(path);
  assert.equal(response.status, 200, path);
  return (await response.json()) as T;
}

const list = async (app: App) => (await read<IncidentsAnswer>(app, '/api/v1/incidents')).incidents;
const one = (app: App, id: string) => read<IncidentAnswer>(app, `/api/v1/incidents/${id}`);

async function analysed(app: App, count = 1) {
  await eventually(async () => {
    const incidents = await list(app);
    return incidents.length === count && incidents.every(({ analysis }) => analysis !== 'waiting');
  }, 40_000);
  return list(app);
}

const quiet: Settings = { INCIDENT_LINES: 'false' };

onBothDatabases((newDatabase) => {
  void it('ten alerts of one fault, sent at once and again, are one incident with one analysis', async (context) => {
    const settings = { ...quiet, ...(await newDatabase()) };
    const apps = settings.DATABASE_URL
      ? [await testApp(context, lokiUrl, settings), await testApp(context, lokiUrl, settings)]
      : [await testApp(context, lokiUrl, settings)];
    const services = ['api', 'payments', 'gateway'];
    const alerts = Array.from({ length: 10 }, (_, index) =>
      alertOf(`alert ${index}`, services[index % 3] ?? ''),
    );
    const sent = await Promise.all(
      [...alerts, ...alerts].map((alert, index) => send(apps[index % apps.length] as App, [alert])),
    );
    assert.deepEqual([...new Set(sent.map(({ status }) => status))], [202]);
    const [app] = apps as [App];
    const [incident] = await analysed(app);
    assert.ok(incident);
    assert.deepEqual([incident.alerts, incident.suspect, incident.analysis], [10, 'payments', 'done']);
    const whole = await one(app, incident.id);
    assert.ok(whole.findings.some(({ evidence }) => evidence.length > 0));
    assert.equal(whole.timeline.filter(({ kind }) => kind === 'analysis').length, 1);
    const { db } = await testDatabase(context, settings);
    const { analysis_attempts } = await db.selectFrom('incidents').selectAll().executeTakeFirstOrThrow();
    assert.equal(analysis_attempts, 1);
  });

  void it('loses nothing when the process is killed right after its 202', async (context) => {
    const settings = { ...quiet, ...(await newDatabase()), DATA_DIR: await testFolder(context) };
    const program = fileURLToPath(new URL('../../testing/receive-and-die.ts', import.meta.url));
    const start = { LOKI_URL: 'http://127.0.0.1:9', PORT: '0', LEARN_ENABLED: 'false', ...settings };
    const child = fork(program, [JSON.stringify(start)], { stdio: 'inherit' });
    const [url] = (await once(child, 'message')) as [string];
    const body = JSON.stringify({ alerts: [alertOf('deadly', 'payments')] });
    const response = await fetch(`${url}${WEBHOOK}`, { method: 'POST', body });
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(response.status, 202);
    const app = await testApp(context, lokiUrl, settings);
    const [incident] = await analysed(app);
    assert.deepEqual([incident?.alerts, incident?.suspect], [1, 'payments']);
  });
});

void test('an alert that came long after its fault began is explained by a look further back', async (context) => {
  const near = { INCIDENT_BEFORE_MINUTES: '4', INCIDENT_AFTER_MINUTES: '1' };
  const app = await testApp(context, lokiUrl, { ...quiet, ...near });
  const startsAt = new Date(SAMPLE_END_MS - 5 * 60_000).toISOString();
  await send(app, [alertOf('slow rule', 'payments', { startsAt })]);
  const [incident] = await analysed(app);
  assert.equal(incident?.suspect, 'payments');
});

void test('a resolved alert resolves its incident, also when it comes first', async (context) => {
  const app = await testApp(context, lokiUrl, quiet);
  const alert = alertOf('late', 'payments');
  const resolved = { ...alert, status: 'resolved', endsAt: new Date(SAMPLE_END_MS).toISOString() };
  await send(app, [resolved]);
  await eventually(async () => (await list(app))[0]?.state === 'resolved');
  await send(app, [alert]);
  const [incident] = await analysed(app);
  assert.deepEqual([incident?.state, incident?.ended], ['resolved', new Date(SAMPLE_END_MS).toISOString()]);
});

void test('an alert of a service that the fault does not touch is an incident of its own', async (context) => {
  const app = await testApp(context, lokiUrl, quiet);
  await send(app, [
    alertOf('first', 'payments', { startsAt: new Date(FAULT_MS).toISOString() }),
    alertOf('other', 'search'),
  ]);
  await eventually(async () => (await list(app)).length === 2, 20_000);
  const incidents = await analysed(app, 2);
  assert.deepEqual(
    incidents.map(({ alerts }) => alerts),
    [1, 1],
  );
});

void test('people acknowledge it, say what the cause was, and get a draft of the post-mortem', async (context) => {
  const app = await testApp(context, lokiUrl, quiet);
  await send(app, [alertOf('x', 'payments')]);
  const [incident] = await analysed(app);
  const path = `/api/v1/incidents/${incident?.id}`;
  const change = async (body: object) =>
    app.request(path, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  assert.equal((await change({})).status, 400);
  const feedback = { verdict: 'wrong', true_cause: 'a <b>leak</b>, password=abcdefgh12' };
  const changed = await change({ state: 'acknowledged', feedback });
  assert.equal(changed.status, 200);
  const answer = (await changed.json()) as IncidentAnswer;
  assert.equal(answer.state, 'acknowledged');
  assert.doesNotMatch(JSON.stringify(answer), /abcdefgh12/);
  const draft = await (await app.request(`${path}/postmortem`)).text();
  assert.match(draft, /## Timeline[\s\S]+acknowledged/);
  assert.match(draft, /a \\<b\\>leak/);
  assert.equal((await app.request('/api/v1/incidents/none')).status, 404);
});

void test(
  'without the logs the incident says so after its attempts',
  { timeout: 90_000 },
  async (context) => {
    const app = await testApp(context, 'http://127.0.0.1:9', { ...quiet, LOKI_RETRIES_MAX: '0' });
    await send(app, [alertOf('x', 'payments')]);
    await eventually(async () => (await list(app))[0]?.analysis === 'failed', 80_000);
    assert.match((await list(app))[0]?.summary ?? '', /could not be read.*LOKI_URL/);
  },
);

void test('lets in who has the password, the signature or a key, and nobody else', async (context) => {
  const settings = {
    API_KEYS_REQUIRED: 'true',
    ALERTS_USER: 'grafana',
    ALERTS_PASSWORD: 'pass',
    ALERTS_HMAC_SECRET: 'sign',
  };
  const app = await testApp(context, lokiUrl, { ...quiet, ...settings });
  const body = JSON.stringify({ version: '4', status: 'firing', alerts: [] });
  const sign = (text: string) => createHmac('sha256', 'sign').update(text).digest('hex');
  const now = String(Math.floor(Date.now() / 1_000));
  const signature = 'x-grafana-alerting-signature';
  const timestamp = 'x-grafana-alerting-signature-timestamp';
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  for (const [headers, status] of [
    [basic('grafana:pass'), 202],
    [basic('grafana:wrong'), 401],
    [{ [signature]: sign(body) }, 202],
    [{ [signature]: sign(`${body} `) }, 401],
    [{ [signature]: sign(`${now}:${body}`), [timestamp]: now }, 202],
    [{ [signature]: sign(`1000:${body}`), [timestamp]: '1000' }, 401],
    [{ [signature]: sign(body), [timestamp]: now }, 401],
    [{}, 401],
  ] as const)
    assert.equal((await send(app, [], headers)).status, status, JSON.stringify(headers));
});

void test('tells Grafana, Slack, Telegram and a webhook, changes what can be changed, and one failure loses no other', async (context) => {
  const grafana = await recordingServer(context, (_, count) =>
    count === 1 ? { status: 500 } : { status: 200, body: { id: 41, message: 'Annotation added' } },
  );
  const slack = await recordingServer(context, (_, count) =>
    count === 1
      ? { status: 429, headers: { 'retry-after': '1' } }
      : { status: 200, body: { ok: true, channel: 'C1', ts: '17.5' } },
  );
  const telegram = await recordingServer(context, (_, count) =>
    count === 1 ? 'cut' : { status: 200, body: { ok: true, result: { message_id: 9 } } },
  );
  const webhook = await recordingServer(context, () => ({
    status: 401,
    body: { error: 'token hook-secret' },
  }));
  const app = await testApp(context, lokiUrl, {
    GRAFANA_URL: grafana.url,
    GRAFANA_TOKEN: 'glsa_secret',
    SLACK_API_URL: slack.url,
    SLACK_TOKEN: 'xoxb-secret',
    SLACK_CHANNEL: '#ops',
    TELEGRAM_API_URL: telegram.url,
    TELEGRAM_TOKEN: '123:secret',
    TELEGRAM_CHAT: '5',
    NOTIFY_WEBHOOK_URL: webhook.url,
    NOTIFY_WEBHOOK_TOKEN: 'hook-secret',
    INCIDENT_LINK: 'https://grafana.example.org/incidents/{id}',
  });
  await send(app, [alertOf('x', 'payments')]);
  const [incident] = await analysed(app);
  const states = async () =>
    (await one(app, incident?.id ?? '')).deliveries.map(({ channel, state }) => `${channel} ${state}`);
  const wanted = ['grafana sent', 'loki sent', 'slack sent', 'telegram sent', 'webhook failed'];
  await eventually(async () => (await states()).join() === wanted.join(), 30_000);
  const [, annotation] = grafana.received;
  assert.deepEqual(
    [annotation?.path, annotation?.authorization, annotation?.body.dashboardUID, annotation?.body.panelId],
    ['/api/annotations', 'Bearer glsa_secret', 'shop', 4],
  );
  assert.match(String(annotation?.body.text), /payments/);
  assert.match(
    String(slack.received[1]?.body.text),
    /payments.*\n[\s\S]*https:\/\/grafana\.example\.org\/incidents\//,
  );
  const shown = JSON.stringify(await one(app, incident?.id ?? ''));
  assert.doesNotMatch(shown, /glsa_secret|xoxb-secret|123:secret|hook-secret/);

  await send(app, [
    { ...alertOf('x', 'payments'), status: 'resolved', endsAt: new Date(SAMPLE_END_MS).toISOString() },
  ]);
  await eventually(async () => grafana.received.some(({ method }) => method === 'PATCH'), 20_000);
  await eventually(async () => slack.received.some(({ path }) => path === '/chat.update'), 20_000);
  await eventually(
    async () => telegram.received.some(({ path }) => path.endsWith('/editMessageText')),
    20_000,
  );
  const changed = grafana.received.find(({ method }) => method === 'PATCH');
  assert.deepEqual([changed?.path, changed?.body.timeEnd], ['/api/annotations/41', SAMPLE_END_MS]);
  const update = slack.received.find(({ path }) => path === '/chat.update');
  assert.deepEqual([update?.body.channel, update?.body.ts], ['C1', '17.5']);
  const search = new URLSearchParams({ query: '{service_name="sonde", kind="incident"}' });
  const lines = await fetch(`${lokiUrl}/loki/api/v1/query_range?${search.toString()}`);
  assert.match(await lines.text(), new RegExp(incident?.id ?? '-'));
});
