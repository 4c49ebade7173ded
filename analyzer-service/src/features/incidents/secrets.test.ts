import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Behaviour, type Recorded, recordingServer } from '../../testing/recording-server.ts';
import { type SmtpBehaviour, recordingSmtp } from '../../testing/recording-smtp.ts';
import { RunningSonde } from '../../testing/run-sonde.ts';
import { eventually } from '../../testing/test-access.ts';
import { SAMPLE_END_MS, fillStore, testFolder, testStore } from '../../testing/test-stack.ts';
import type { IncidentAnswer, IncidentsAnswer } from './schema.ts';

// A service with every channel, each with a secret of its own. Every channel fails in every way, and repeats in its
// answer what it was asked with; an alert and log lines hold the secrets too. Nothing that leaves the process has one.

const MARKER = /marker-\w+/;
const CHANNELS = ['grafana', 'mail', 'slack', 'telegram', 'webhook'] as const;
type ChannelName = (typeof CHANNELS)[number];

const echo = ({ path, authorization, body }: Recorded) => JSON.stringify({ path, authorization, body });
const FAULTS: readonly {
  readonly name: string;
  readonly http: (request: Recorded) => Behaviour;
  readonly smtp: SmtpBehaviour;
}[] = [
  {
    name: 'refused',
    http: (request) => ({ status: 401, text: echo(request) }),
    smtp: { at: 'AUTH', reply: '535 marker-smtp is wrong' },
  },
  {
    name: 'forbidden',
    http: (request) => ({ status: 403, text: echo(request) }),
    smtp: { at: 'RCPT', reply: '550 no' },
  },
  { name: 'gone', http: (request) => ({ status: 404, text: echo(request) }), smtp: 'talks nonsense' },
  {
    name: 'busy',
    http: (request) => ({ status: 429, text: echo(request), headers: { 'retry-after': '600' } }),
    smtp: { at: 'MAIL', reply: '421 later' },
  },
  {
    name: 'broken',
    http: (request) => ({ status: 500, text: echo(request) }),
    smtp: { at: 'DATA', reply: '452 full' },
  },
  { name: 'nonsense', http: () => ({ status: 200, text: '<html>' }), smtp: 'talks nonsense' },
  { name: 'cut', http: () => 'cut', smtp: 'cuts' },
  { name: 'silent', http: () => 'hang', smtp: 'hangs' },
];

const GOOD: Readonly<Record<ChannelName, Behaviour>> = {
  grafana: { status: 200, body: { id: 41 } },
  mail: 'hang',
  slack: { status: 200, body: { ok: true, channel: 'C1', ts: '17.5' } },
  telegram: { status: 200, body: { ok: true, result: { message_id: 9 } } },
  webhook: { status: 204 },
};

void test('no secret leaves the process, whatever fails; and one channel that works is told each time', async (context) => {
  let fault = FAULTS[0] as (typeof FAULTS)[number];
  let healthy: ChannelName = 'grafana';
  const stand = (name: ChannelName) =>
    recordingServer(context, (request) => (name === healthy ? GOOD[name] : fault.http(request)));
  const servers = {
    grafana: await stand('grafana'),
    slack: await stand('slack'),
    telegram: await stand('telegram'),
    webhook: await stand('webhook'),
  };
  const smtp = await recordingSmtp(context, () => (healthy === 'mail' ? 'takes' : fault.smtp));
  const lokiUrl = (await testStore(context)).url;
  await fillStore(lokiUrl, 'pool-exhaustion');
  await pushSecrets(lokiUrl);
  const sonde = new RunningSonde(context, ['serve', '--no-sample'], {
    LOKI_URL: lokiUrl,
    DATA_DIR: await testFolder(context),
    PORT: '0',
    LOG_LEVEL: 'debug',
    LEARN_ENABLED: 'false',
    NOTIFY_TIMEOUT_MS: '300',
    INCIDENT_GROUP_MINUTES: '1',
    ALERTS_USER: 'grafana',
    ALERTS_PASSWORD: 'marker-alerts',
    ALERTS_HMAC_SECRET: 'marker-hmac',
    GRAFANA_URL: servers.grafana.url,
    GRAFANA_TOKEN: 'marker-grafana',
    SLACK_API_URL: servers.slack.url,
    SLACK_TOKEN: 'marker-slack',
    SLACK_CHANNEL: '#ops',
    TELEGRAM_API_URL: servers.telegram.url,
    TELEGRAM_TOKEN: '123:marker-telegram',
    TELEGRAM_CHAT: '5',
    NOTIFY_WEBHOOK_URL: `${servers.webhook.url}/hooks/marker-address?key=marker-parameter`,
    NOTIFY_WEBHOOK_TOKEN: 'marker-webhook',
    SMTP_URL: `smtp://sonde:marker-smtp@127.0.0.1:${smtp.port}?requireTLS=false`,
    MAIL_FROM: 'sonde@example.org',
    MAIL_TO: 'ops@example.org',
  });
  const [, url = ''] = await sonde.says(/Analyzer\s+\S*?(http:\/\/[\d.:]+)/);
  const shown: string[] = [];
  const read = async (path: string) => {
    const text = await (await fetch(`${url}${path}`)).text();
    shown.push(text);
    return text;
  };
  for (const [index, next] of FAULTS.entries()) {
    fault = next;
    healthy = CHANNELS[index % CHANNELS.length] ?? 'grafana';
    const id = await fire(url, index, read);
    const told = async () => {
      const { deliveries } = JSON.parse(await read(`/api/v1/incidents/${id}`)) as IncidentAnswer;
      const done = deliveries.filter(({ state, attempts }) => state !== 'waiting' || attempts > 0);
      return (
        done.length === CHANNELS.length + 1 &&
        deliveries.find(({ channel }) => channel === healthy)?.state === 'sent'
      );
    };
    await eventually(told, 30_000);
    await read(`/api/v1/incidents/${id}/postmortem`);
  }
  for (const path of [
    '/api/v1/service/logs?level=debug',
    '/metrics',
    '/openapi.json',
    '/api/v1/ai_logs/health',
  ])
    await read(path);
  const search = new URLSearchParams({ query: '{service_name="sonde"}' });
  shown.push(await (await fetch(`${lokiUrl}/loki/api/v1/query_range?${search.toString()}`)).text());
  shown.push(sonde.stdout, sonde.stderr, ...smtp.mails);
  for (const { received } of Object.values(servers)) {
    assert.ok(received.length >= FAULTS.length);
    shown.push(...received.map(({ body }) => JSON.stringify(body)));
  }
  for (const text of shown) {
    const found = MARKER.exec(text);
    assert.equal(found, null, text.slice(Math.max(0, (found?.index ?? 0) - 300), (found?.index ?? 0) + 100));
  }
  assert.match(shown.join('\n'), /\[hidden\]/, 'the secrets were there to be hidden');
});

/** Lines with the secrets of the settings, among those that an analysis shows. */
async function pushSecrets(lokiUrl: string): Promise<void> {
  const values = Array.from({ length: 200 }, (_, index) => [
    `${BigInt(SAMPLE_END_MS - 15 * 60_000 + index * 1_000)}000000`,
    `cannot post to http://127.0.0.1:1/hooks/marker-address with marker-webhook, nor as 123:marker-telegram, attempt ${index}`,
    { detected_level: 'error' },
  ]);
  await fetch(`${lokiUrl}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ streams: [{ stream: { service_name: 'payments' }, values }] }),
  });
}

/** One more incident; resolves to its id once its logs were read. */
async function fire(url: string, index: number, read: (path: string) => Promise<string>): Promise<string> {
  const startsAt = new Date(SAMPLE_END_MS - (4 + 2 * index) * 60_000).toISOString();
  const labels = { alertname: `alert ${index}`, service_name: 'payments', token: 'marker-slack' };
  const annotations = { summary: 'sent with marker-grafana', description: 'as marker-hmac, marker-alerts' };
  const alert = { status: 'firing', labels, annotations, startsAt, fingerprint: `${index}` };
  const response = await fetch(`${url}/api/v1/alerts/webhook`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('grafana:marker-alerts').toString('base64')}` },
    body: JSON.stringify({ alerts: [alert] }),
  });
  assert.equal(response.status, 202);
  let id = '';
  await eventually(async () => {
    const { incidents } = JSON.parse(await read('/api/v1/incidents')) as IncidentsAnswer;
    id = incidents.find(({ started }) => started === startsAt)?.id ?? '';
    return incidents.length === index + 1 && incidents.every(({ analysis }) => analysis !== 'waiting');
  }, 30_000);
  return id;
}
