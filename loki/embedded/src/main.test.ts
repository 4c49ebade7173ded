import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TestLoki, temporaryFolder } from './testing/test-loki.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

function run(t: TestContext, ...parameters: string[]): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...parameters]);
  t.after(() => child.kill('SIGKILL'));
  return child;
}

async function listening(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the process has no output');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return /http:\/\/\S+?(?=,)/.exec(line.toString())?.[0] ?? line.toString();
}

async function ending(child: ChildProcess): Promise<{ code: number | null; errors: string }> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, errors };
}

void test('stops cleanly on SIGTERM, keeps its lines, and ignores a second signal', async (t) => {
  const dataDir = await temporaryFolder(t);
  const first = run(t, '--data', dataDir, '--port', '0');
  await new TestLoki(await listening(first)).push({ app: 'a' }, [[1, 'kept']]);
  first.kill('SIGTERM');
  first.kill('SIGTERM');
  assert.deepEqual(await ending(first), { code: 0, errors: '' });
  const second = run(t, '--data', dataDir, '--port', '0');
  assert.deepEqual(await new TestLoki(await listening(second)).lines('{app="a"}'), ['kept']);
});

void test('says in one line that the port is taken', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  const { code, errors } = await ending(run(t, '--data', await temporaryFolder(t), '--port', String(port)));
  assert.equal(code, 1);
  assert.match(errors, new RegExp(`^port ${port} on 127.0.0.1 is taken: [^\n]+\n$`));
});

void test('says in one line that another process uses the folder', async (t) => {
  const dataDir = await temporaryFolder(t);
  await listening(run(t, '--data', dataDir, '--port', '0'));
  const { code, errors } = await ending(run(t, '--data', dataDir, '--port', '0'));
  assert.equal(code, 1);
  assert.match(errors, /^the data folder \S+ is in use: [^\n]+\n$/);
});

void test('says in one line that a parameter is wrong', async (t) => {
  for (const parameters of [
    ['--port', '70000'],
    ['--nope'],
    ['--port', 'x'],
    ['--set', 'nope=1'],
    ['--set', 'retentionMs=x'],
  ]) {
    const { code, errors } = await ending(run(t, ...parameters));
    assert.equal(code, 1);
    assert.match(errors, /^[^\n]+\n$/);
  }
});
