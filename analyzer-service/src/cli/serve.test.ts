import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { RunningSonde, runSonde } from '../testing/run-sonde.ts';
import { testFolder } from '../testing/test-stack.ts';

void test('loads the sample, explains it, ends on Ctrl-C, and keeps the data for the next start', async (context) => {
  const folder = await testFolder(context);
  const args = ['serve', '--sample', '--data', folder, '--port', '0', '--loki-port', '0'];
  const first = new RunningSonde(context, args);
  await first.says(/Running\. Ctrl-C stops everything/);
  assert.match(first.stdout, /Suspects\n +1\. payments/);
  const url = /(http:\/\/127\.0\.0\.1:\d+)\/docs/.exec(first.stdout)?.[1] ?? '';
  const health = await fetch(`${url}/api/v1/ai_logs/health`);
  assert.equal(((await health.json()) as { status: string }).status, 'ok');
  first.process.kill('SIGINT');
  assert.equal((await first.finish()).code, 0);
  await assert.rejects(fetch(`${url}/docs`), 'nothing listens any more');

  const second = new RunningSonde(context, args);
  await second.says(/Running\. Ctrl-C stops everything/);
  assert.match(second.stdout, /holds logs already.*no sample was loaded/);
  assert.match(second.stdout, /Suspects\n +1\. payments/);
});

void test('--no-sample leaves the store empty', async (context) => {
  const folder = await testFolder(context);
  const args = ['serve', '--sample', '--no-sample', '--data', folder, '--port', '0', '--loki-port', '0'];
  const sonde = new RunningSonde(context, args);
  const [, loki] = await sonde.says(/Loki API +(http:\/\/\S+)/);
  await sonde.says(/Running\./);
  const labels = (await (await fetch(`${loki}/loki/api/v1/labels`)).json()) as { data?: string[] };
  assert.deepEqual(labels.data ?? [], []);
});

for (const option of ['--port', '--loki-port']) {
  void test(`says which port is taken and what to do: ${option}`, async (context) => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    context.after(() => taken.close());
    const port = String((taken.address() as AddressInfo).port);
    const other = option === '--port' ? '--loki-port' : '--port';
    const folder = await testFolder(context);
    const result = await runSonde(context, 'serve', '--data', folder, option, port, other, '0');
    assert.equal(result.code, 2);
    assert.match(result.stderr, new RegExp(`[Pp]ort ${port}.*taken`));
    assert.equal(result.stderr.trim().split('\n').length, 1, result.stderr);
  });
}

void test('refuses to open the logs to the network', async (context) => {
  const sonde = new RunningSonde(context, ['serve', '--data', await testFolder(context)], {
    HOST: '0.0.0.0',
  });
  const { code, stderr } = await sonde.finish();
  assert.equal(code, 2);
  assert.match(stderr, /HOST=0\.0\.0\.0 .* ALLOW_OPEN_ACCESS/);
});
