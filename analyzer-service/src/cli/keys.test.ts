import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunningSonde, runSonde } from '../testing/run-sonde.ts';
import { testFolder } from '../testing/test-stack.ts';

void test('keys are created, listed and revoked; only creating prints the key', async (context) => {
  const data = ['--data', await testFolder(context)];
  const created = await runSonde(context, 'keys', 'create', '--name', 'Grafana', ...data);
  assert.equal(created.code, 0, created.stderr);
  const key = created.stdout.trim();
  const [, id = ''] = /^sonde_([0-9a-f]{12})_[\w-]{43}$/.exec(key) ?? [];
  assert.match(created.stderr, new RegExp(`Key ${id} for viewers`));

  const listed = await runSonde(context, 'keys', 'list', ...data);
  assert.match(listed.stdout, new RegExp(`^${id}  viewer .* in use +0 requests of 0 tokens .*  Grafana\n$`));
  const revoked = await runSonde(context, 'keys', 'revoke', id, ...data);
  assert.equal(revoked.code, 0, revoked.stderr);
  const json = await runSonde(context, 'keys', 'list', '--json', ...data);
  const [row, ...others] = JSON.parse(json.stdout) as { id: string; revoked: string | null }[];
  assert.equal(row?.id, id);
  assert.match(row?.revoked ?? '', /^20\d\d-/);
  assert.deepEqual(others, []);
  assert.ok(!`${listed.stdout}${json.stdout}${revoked.stderr}`.includes(key.slice(-43)));

  const again = await runSonde(context, 'keys', 'revoke', id, ...data);
  assert.equal(again.code, 2);
  assert.match(again.stderr, /No key in use has the id .*sonde keys list/);
});

void test('a key opens the service to the network, and sonde query uses it from the environment', async (context) => {
  const folder = await testFolder(context);
  const { stdout } = await runSonde(context, 'keys', 'create', '--name', 'ops', '--data', folder);
  const service = new RunningSonde(context, ['serve', '--data', folder, '--port', '0'], {
    HOST: '0.0.0.0',
    LOKI_URL: 'http://127.0.0.1:9',
  });
  const [, port] = await service.says(/http:\/\/0\.0\.0\.0:(\d+)\/docs/);
  const args = ['query', '--url', `http://127.0.0.1:${port}`];
  const without = await runSonde(context, ...args);
  assert.match(without.stderr, /takes an API key/);
  const withKey = await new RunningSonde(context, args, { SONDE_API_KEY: stdout.trim() }).finish();
  assert.match(withKey.stderr, /cannot be reached .* LOKI_URL/, 'let in, to a Loki that is not there');
});

const FAILURES: readonly (readonly [readonly string[], RegExp])[] = [
  [['keys', 'create'], /--name/],
  [['keys', 'create', '--name', ' '], /Give a name/],
  [['keys', 'create', '--name', 'x', '--role', 'king'], /Allowed choices are viewer, analyst, admin/],
];

for (const [args, message] of FAILURES) {
  void test(`sonde ${args.join(' ')} fails in one line with exit code 2`, async (context) => {
    const { code, stderr } = await runSonde(context, ...args, '--data', await testFolder(context));
    assert.equal(code, 2);
    assert.match(stderr, message);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  });
}
