import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { recordingServer } from '../../testing/recording-server.ts';
import { eventually } from '../../testing/test-access.ts';
import { onBothDatabases } from '../../testing/test-databases.ts';
import { SAMPLE_END_MS, fillStore, testApp, testFolder, testStore } from '../../testing/test-stack.ts';
import type { IncidentAnswer, IncidentsAnswer } from './schema.ts';

const PROGRAM = fileURLToPath(new URL('../../testing/receive-and-die.ts', import.meta.url));
/** Work of a process that died is taken over when its lease has run out. */
const TAKEN_OVER_MS_MAX = 150_000;

type Settings = Readonly<Record<string, string>>;

async function start(
  context: TestContext,
  settings: Settings,
): Promise<{ url: string; kill: () => Promise<void> }> {
  const child: ChildProcess = fork(PROGRAM, [JSON.stringify({ PORT: '0', ...settings })], {
    stdio: 'inherit',
  });
  context.after(() => child.kill('SIGKILL'));
  const [url] = (await once(child, 'message')) as [string];
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { url, kill };
}

/** A Loki that takes questions and answers none. */
async function silentLoki(context: TestContext) {
  const asked = Promise.withResolvers<void>();
  const server = createServer(() => asked.resolve());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: asked.promise };
}

onBothDatabases((newDatabase) => {
  void it('loses nothing when killed while it reads the logs, and again while it tells', async (context) => {
    const lokiUrl = (await testStore(context)).url;
    await fillStore(lokiUrl, 'pool-exhaustion');
    let hangs = true;
    const grafana = await recordingServer(context, () =>
      hangs ? 'hang' : { status: 200, body: { id: 41, message: 'Annotation added' } },
    );
    const settings = {
      LEARN_ENABLED: 'false',
      LOG_LEVEL: 'silent',
      INCIDENT_LINES: 'false',
      GRAFANA_URL: grafana.url,
      GRAFANA_TOKEN: 'token',
      ...(await newDatabase()),
      DATA_DIR: await testFolder(context),
    };
    const silent = await silentLoki(context);
    const reading = await start(context, { ...settings, LOKI_URL: silent.url });
    const alert = {
      labels: { alertname: 'deadly', service_name: 'payments' },
      startsAt: new Date(SAMPLE_END_MS - 17 * 60_000).toISOString(),
    };
    const body = JSON.stringify({ alerts: [alert] });
    assert.equal((await fetch(`${reading.url}/api/v1/alerts/webhook`, { method: 'POST', body })).status, 202);
    await silent.asked;
    await reading.kill();

    const telling = await start(context, { ...settings, LOKI_URL: lokiUrl });
    await eventually(async () => grafana.received.length > 0, TAKEN_OVER_MS_MAX);
    await telling.kill();

    hangs = false;
    const before = grafana.received.length;
    const app = await testApp(context, lokiUrl, settings);
    await eventually(async () => grafana.received.length > before, TAKEN_OVER_MS_MAX);
    const read = async <T>(path: string) => (await (await app.request(path)).json()) as T;
    const { incidents } = await read<IncidentsAnswer>('/api/v1/incidents');
    assert.deepEqual(
      incidents.map(({ alerts, suspect, analysis }) => [alerts, suspect, analysis]),
      [[1, 'payments', 'done']],
    );
    const one = () => read<IncidentAnswer>(`/api/v1/incidents/${incidents[0]?.id}`);
    await eventually(async () => (await one()).deliveries[0]?.state === 'sent');
    assert.equal((await one()).timeline.filter(({ kind }) => kind === 'analysis').length, 1);
  });
});
