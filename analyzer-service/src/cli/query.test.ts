import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AiLogsAnswer } from '../features/ai-logs/schema.ts';
import { RunningSonde, runSonde } from '../testing/run-sonde.ts';
import { testFolder, testStore } from '../testing/test-stack.ts';

void test('simulate writes into a Loki, and query finds the fault in it', async (context) => {
  const store = await testStore(context);
  const wrote = await runSonde(
    context,
    'simulate',
    '--scenario',
    'disk-full',
    '--backfill',
    '1h',
    '--rate',
    '20',
    '--to',
    store.url,
  );
  assert.equal(wrote.code, 0, wrote.stderr);
  assert.match(wrote.stdout, /Wrote [\d,]+ lines of disk-full/);

  const folder = await testFolder(context);
  const service = new RunningSonde(context, ['serve', '--data', folder, '--port', '0'], {
    LOKI_URL: store.url,
  });
  const [, url = ''] = await service.says(/(http:\/\/127\.0\.0\.1:\d+)\/docs/);
  const report = await runSonde(context, 'query', '--url', url, '--mode', 'troubleshoot', '--since', '30m');
  assert.equal(report.code, 0, report.stderr);
  assert.match(report.stdout, /Suspects\n +1\. database/);
  assert.ok(!report.stdout.includes('\u001b'), 'no colours where there is no terminal');

  const json = await runSonde(context, 'query', '--url', url, '--since', '30m', '--json');
  assert.equal((JSON.parse(json.stdout) as AiLogsAnswer).suspects[0]?.service, 'database');

  const wrong = await runSonde(context, 'query', '--url', url, '--mode', 'guess');
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^sonde: mode: .*troubleshoot/);
});

void test('simulate writes live lines at about the asked rate until it is told to stop', async (context) => {
  const store = await testStore(context);
  const args = ['simulate', '--scenario', 'none', '--rate', '100', '--for', '3s', '--to', store.url];
  const { code, stdout } = await runSonde(context, ...args);
  assert.equal(code, 0);
  const lines = Number(/Wrote ([\d,]+) lines\./.exec(stdout)?.[1]?.replaceAll(',', ''));
  assert.ok(lines > 100 && lines < 900, `${lines} lines in three seconds at 100 a second`);
});

const FAILURES: readonly (readonly [readonly string[], RegExp])[] = [
  [['query', '--url', 'http://127.0.0.1:9'], /No analyzer answers at http:\/\/127\.0\.0\.1:9.*npm start/],
  [['query', '--nonsense'], /unknown option '--nonsense'/],
  [['simulate', '--scenario', 'earthquake'], /Allowed choices are none, pool-exhaustion/],
  [['simulate', '--to', 'nowhere', '--backfill', '1m'], /"nowhere" is no address of a Loki/],
  [['simulate', '--rate', 'fast'], /Give a number above 0/],
  [['analyze', '/no/such/file.log'], /no\/such\/file\.log/],
  [['dance'], /unknown command 'dance'/],
];

for (const [args, message] of FAILURES) {
  void test(`sonde ${args.join(' ')} fails in one line with exit code 2`, async (context) => {
    const { code, stdout, stderr } = await runSonde(context, ...args);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  });
}
