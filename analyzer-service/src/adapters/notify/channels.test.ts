import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { AppError } from '../../errors.ts';
import type { IncidentChannel, IncidentNote } from '../../ports/incident-channel.ts';
import { type Behaviour, recordingServer } from '../../testing/recording-server.ts';
import { type SmtpBehaviour, recordingSmtp } from '../../testing/recording-smtp.ts';
import { grafanaAnnotations } from './grafana-annotations.ts';
import { mail } from './mail.ts';
import { slackApp, slackWebhook } from './slack.ts';
import { telegram } from './telegram.ts';
import { webhook } from './webhook.ts';

// Every channel against a stand-in that records what it gets and fails in each way that the real one fails.

const TIMEOUT_MS = 400;
/** Three attempts that hang, with their pauses. */
const TOOK_MS_MAX = 3 * TIMEOUT_MS + 5_000;
const SECRET = 'marker-of-a-secret';
const never = new AbortController().signal;
const NOTE: IncidentNote = {
  id: 'incident-1',
  state: 'firing',
  title: 'payments has no free connection',
  summary: 'The pool is empty.',
  text: '[firing] payments has no free connection\n<b>@channel</b> & more',
  services: ['payments'],
  suspect: 'payments',
  startedMs: Date.UTC(2026, 10, 20, 12),
  endedMs: null,
  link: null,
  alerts: ['ErrorRateRise'],
  lines: [],
  dashboardUid: 'shop',
  panelId: 4,
};

interface Case {
  readonly make: (url: string) => IncidentChannel;
  /** What the real one answers to a first message. */
  readonly good: Behaviour;
  readonly reference: string | null;
}

const CHANNELS: Readonly<Record<string, Case>> = {
  'a Grafana annotation': {
    make: (url) => grafanaAnnotations({ url, token: SECRET, timeoutMs: TIMEOUT_MS }),
    good: { status: 200, body: { message: 'Annotation added', id: 41 } },
    reference: '41',
  },
  'a Slack app': {
    make: (url) => slackApp({ apiUrl: url, token: SECRET, channel: '#ops', timeoutMs: TIMEOUT_MS }),
    good: { status: 200, body: { ok: true, channel: 'C1', ts: '17.5' } },
    reference: 'C1 17.5',
  },
  'a Slack webhook': {
    make: (url) => slackWebhook(`${url}/services/${SECRET}`, TIMEOUT_MS),
    good: { status: 200, text: 'ok' },
    reference: null,
  },
  'a webhook': {
    make: (url) => webhook(`${url}/hooks/${SECRET}`, SECRET, TIMEOUT_MS),
    good: { status: 204 },
    reference: null,
  },
  Telegram: {
    make: (url) => telegram({ apiUrl: url, token: SECRET, chat: '5', timeoutMs: TIMEOUT_MS }),
    good: { status: 200, body: { ok: true, result: { message_id: 9 } } },
    reference: '9',
  },
};

/** What the channel meets, how often it asks, and whether a later attempt makes sense. */
const FAULTS: Readonly<Record<string, readonly [Behaviour, attempts: number, hopeless: boolean]>> = {
  'a refused token': [{ status: 401, body: { message: 'Unauthorized' } }, 1, true],
  'a missing right': [{ status: 403, body: { message: 'Forbidden' } }, 1, true],
  'a wrong address': [{ status: 404, body: { message: 'Not found' } }, 1, true],
  'too many calls': [{ status: 429 }, 3, false],
  'too many calls, for long': [{ status: 429, headers: { 'retry-after': '600' } }, 1, false],
  'an error of the server': [{ status: 500, text: 'oops' }, 3, false],
  'a cut connection': ['cut', 3, false],
  'no answer': ['hang', 3, false],
};

// Most of their time is waiting.
void describe('faults', { concurrency: 8 }, () => {
  for (const [name, { make, good, reference }] of Object.entries(CHANNELS)) {
    for (const [fault, [behaviour, attempts, hopeless]] of Object.entries(FAULTS))
      void it(`${name} meets ${fault}`, async (context) => {
        const server = await recordingServer(context, () => behaviour);
        await failsWell(make(server.url), hopeless);
        assert.equal(server.received.length, attempts);
      });

    void it(`${name} is told after an error and after too many calls, as soon as it may be`, async (context) => {
      const wait: Behaviour =
        name === 'Telegram'
          ? { status: 429, body: { ok: false, parameters: { retry_after: 1 } } }
          : { status: 429, headers: { 'retry-after': '1' } };
      const server = await recordingServer(
        context,
        (_, count) => [{ status: 502 }, wait, good][count - 1] ?? good,
      );
      const startedMs = performance.now();
      assert.equal(await make(server.url).send(NOTE, null, never), reference);
      assert.ok(performance.now() - startedMs > 1_000, 'it waits as long as it is told to');
      assert.equal(server.received.length, 3);
    });

    void it(`${name} ends with its job`, async (context) => {
      const stop = new AbortController();
      const server = await recordingServer(context, () => {
        stop.abort();
        return 'hang';
      });
      await assert.rejects(make(server.url).send(NOTE, null, stop.signal));
      assert.equal(server.received.length, 1);
    });
  }
});

for (const [name, { make, reference }] of Object.entries(CHANNELS).filter(([, one]) => one.reference))
  void test(`${name} is not told when something else answers`, async (context) => {
    const server = await recordingServer(context, () => ({ status: 200, text: '<html>Sign in</html>' }));
    await failsWell(make(server.url), false);
    assert.ok(reference);
  });

void test('Slack says in a good answer that it refuses: for good, or for now', async (context) => {
  const refusals = ['invalid_auth', 'ratelimited'];
  const server = await recordingServer(context, (_, count) => ({
    status: 200,
    body: { ok: false, error: refusals[count - 1] },
  }));
  const channel = CHANNELS['a Slack app']?.make(server.url);
  assert.ok(channel);
  await failsWell(channel, true);
  await failsWell(channel, false);
});

void test('an annotation or message that somebody removed is written anew', async (context) => {
  const grafana = await recordingServer(context, ({ method }) =>
    method === 'PATCH' ? { status: 404 } : { status: 200, body: { id: 42 } },
  );
  assert.equal(await CHANNELS['a Grafana annotation']?.make(grafana.url).send(NOTE, '41', never), '42');
  const chat = await recordingServer(context, ({ path }) =>
    path.endsWith('/editMessageText')
      ? { status: 400, body: { ok: false, description: 'Bad Request: message to edit not found' } }
      : { status: 200, body: { ok: true, result: { message_id: 10 } } },
  );
  assert.equal(await CHANNELS['Telegram']?.make(chat.url).send(NOTE, '9', never), '10');
});

void test('log text becomes no markup, and calls nobody', async (context) => {
  const server = await recordingServer(context, (_, count) =>
    count === 1 ? { status: 200, body: { id: 1 } } : { status: 200, text: 'ok' },
  );
  await CHANNELS['a Grafana annotation']?.make(server.url).send(NOTE, null, never);
  await CHANNELS['a Slack webhook']?.make(server.url).send(NOTE, null, never);
  for (const { body } of server.received)
    assert.match(String(body.text), /&lt;b&gt;@channel&lt;\/b&gt; &amp;/);
});

const mailTo = (port: number, query = '?requireTLS=false') =>
  mail({
    url: `smtp://sonde:${SECRET}@127.0.0.1:${port}${query}`,
    from: 'sonde@example.org',
    to: 'ops@example.org',
    timeoutMs: TIMEOUT_MS,
  });

void test('mails of one incident are one thread', async (context) => {
  const server = await recordingSmtp(context, () => 'takes');
  const reference = await mailTo(server.port).send(NOTE, null, never);
  await mailTo(server.port).send({ ...NOTE, state: 'resolved' }, reference, never);
  const [first = '', second = ''] = server.mails;
  assert.match(first, /Subject: \[firing\] payments[\s\S]*Message-ID: <incident-1@sonde>/i);
  assert.match(second, /In-Reply-To: <incident-1@sonde>[\s\S]*Subject: \[resolved\] payments/i);
});

const MAIL_FAULTS: Readonly<Record<string, readonly [SmtpBehaviour, hopeless: boolean]>> = {
  'a refused password': [{ at: 'AUTH', reply: `535 5.7.8 no, ${SECRET}` }, true],
  'a log-in refused for now': [{ at: 'AUTH', reply: '454 4.7.0 later' }, false],
  'an unknown address': [{ at: 'RCPT', reply: '550 5.1.1 nobody' }, true],
  'a grey list': [{ at: 'RCPT', reply: '450 4.2.0 later' }, false],
  'a busy server': [{ at: 'MAIL', reply: '421 4.3.2 later' }, false],
  'a full disk': [{ at: 'DATA', reply: '452 4.3.1 full' }, false],
  'no greeting': ['hangs', false],
  'no answer after the mail': ['hangs after the mail', false],
  'a cut connection': ['cuts', false],
  'something that is no mail server': ['talks nonsense', false],
};

for (const [fault, [behaviour, hopeless]] of Object.entries(MAIL_FAULTS))
  void test(`mail meets ${fault}`, async (context) => {
    const server = await recordingSmtp(context, () => behaviour);
    await failsWell(mailTo(server.port), hopeless);
  });

void test('a mail server without STARTTLS does not get the password', async (context) => {
  const server = await recordingSmtp(context, () => 'takes');
  const error = await failsWell(mailTo(server.port, ''), true);
  assert.match(error.message, /no encryption.*smtps:/);
  assert.doesNotMatch(server.commands.join('\n'), /AUTH/);
});

/** Fails in time, says whether a later attempt makes sense, and names neither token nor address. */
async function failsWell(channel: IncidentChannel, hopeless: boolean): Promise<Error> {
  const startedMs = performance.now();
  const error = await channel.send(NOTE, null, never).then(
    () => assert.fail('it was sent'),
    (reason: unknown) => reason as Error,
  );
  assert.ok(performance.now() - startedMs < TOOK_MS_MAX, `${performance.now() - startedMs} ms`);
  assert.equal(error instanceof AppError && error.code === 'invalid_configuration', hopeless, error.message);
  assert.doesNotMatch(`${error.message} ${error.stack}`, new RegExp(`${SECRET}|127\\.0\\.0\\.1`));
  return error;
}
