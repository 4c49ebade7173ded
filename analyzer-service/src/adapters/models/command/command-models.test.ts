import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { AppError } from '../../../errors.ts';
import type { GenerateRequest } from '../../../ports.ts';
import { testModels } from '../../../testing/test-models.ts';
import { freePort } from './free-port.ts';
import { ServedProgram } from './served-program.ts';

const PROGRAM = fileURLToPath(new URL('../../../testing/model-program.ts', import.meta.url));
const REQUEST: GenerateRequest = {
  purpose: 'chat',
  messages: [{ role: 'user', content: 'How is it?' }],
  tokensMax: 20,
  temperature: 0,
  timeoutMs: 20_000,
  signal: new AbortController().signal,
};

async function served(context: TestContext, traits: readonly string[] = [], entry: object = {}) {
  const lines: string[] = [];
  const command = [process.execPath, PROGRAM, '{port}', ...traits];
  const one = { kind: 'command', command, model: 'a-model', stop_seconds: 1, ...entry };
  const file = { models: { one }, chains: { chat: ['one'] } };
  const models = await testModels(context, file, { tell: (_, line) => lines.push(line) });
  return { models, lines };
}

function pidsIn(lines: readonly string[]): readonly number[] {
  return lines.flatMap((line) => /^pids (\d+) (\d+)/.exec(line)?.slice(1).map(Number) ?? []);
}

async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat !== null && !/\) Z/.test(stat);
}

async function untilGone(pids: readonly number[]): Promise<void> {
  for (let look = 0; look < 100; look++) {
    if ((await Promise.all(pids.map(isAlive))).every((alive) => !alive)) return;
    await sleep(20);
  }
  assert.fail(`still there: ${pids.join(', ')}`);
}

void describe('a program that serves a model', () => {
  for (const traits of [[], ['slow'], ['deaf']]) {
    void it(`is started on first use, answers, and is stopped with all it started: ${traits.join() || 'well-behaved'}`, async (context) => {
      const { models, lines } = await served(context, traits);
      assert.deepEqual([models.isLocal('chat'), models.list()[0]?.state], [true, 'unloaded']);
      const answer = await models.generate(REQUEST);
      assert.deepEqual([answer.text, answer.local], ['all well', true]);
      const pids = pidsIn(lines);
      assert.equal(pids.length, 2);
      await models.unload('one');
      await untilGone(pids);
      assert.equal((await models.generate(REQUEST)).text, 'all well', 'it is started again');
    });
  }

  void it('one that ends at its start is told with its last words, at once', async (context) => {
    const { models } = await served(context, ['fails']);
    await assert.rejects(models.generate(REQUEST), ({ code, message }: AppError) => {
      assert.equal(code, 'model_unavailable');
      assert.match(message, /ended with code 3, and said last: no weights in \/models\/none/);
      return true;
    });
  });

  void it('one that does not exist, or is not ready in time, is told', async (context) => {
    const missing = await served(context, [], { command: ['no-such-program', '{port}'] });
    await assert.rejects(missing.models.generate(REQUEST), /could not be started: .*ENOENT/);
    const command = [process.execPath, '-e', 'setInterval(() => {}, 1000) // {port}'];
    const idle = await served(context, [], { command, start_seconds: 1 });
    await assert.rejects(idle.models.generate(REQUEST), /not ready within 1000 ms/);
  });

  void it('a port that is taken is told, and what listens there is not asked', async (context) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    context.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const { models } = await served(context, [], { port });
    await assert.rejects(models.generate(REQUEST), new RegExp(`port ${port} is taken`));
  });

  void it('one that crashes in the middle is started again; until then the caller is told when', async (context) => {
    const { models, lines } = await served(context);
    await models.generate(REQUEST);
    const crash = { ...REQUEST, messages: [{ role: 'user' as const, content: 'crash' }] };
    await assert.rejects(models.generate(crash), { code: 'model_unavailable' });
    let told: AppError | null = null;
    for (let tries = 0; tries < 200; tries++) {
      const answer = await models.generate(REQUEST).catch((error: AppError) => error);
      if ('text' in answer) break;
      told ??= answer;
      await sleep(50);
    }
    assert.equal(pidsIn(lines).length, 4, lines.join('\n'));
    assert.equal((await models.generate(REQUEST)).text, 'all well');
    assert.ok((told?.retryAfterS ?? 1) >= 1);
    assert.match(lines.join('\n'), /ended with code 5; it is started again in 1000 ms/);
  });

  void it('sees neither settings nor secrets of the service', async (context) => {
    const { models, lines } = await served(context);
    await models.generate(REQUEST);
    const seen = lines.find((line) => line.startsWith('sees ')) ?? '';
    assert.match(seen, /PATH/);
    assert.doesNotMatch(seen, /HOME/, 'only what environmentFor gives');
  });
});

void describe('the watch over a program', () => {
  void it('one that answers no more is stopped and started again', async (context) => {
    const port = await freePort();
    const lines: string[] = [];
    const secondStart = Promise.withResolvers<void>();
    const program = await ServedProgram.start({
      command: [process.execPath, PROGRAM, String(port), 'mute', 'deaf'],
      folder: '.',
      environment: {},
      port,
      healthPath: '/v1/models',
      startMs: 10_000,
      stopMs: 100,
      checkMs: 300,
      restartMs: 50,
      tell: (line) => {
        lines.push(line);
        if (lines.filter((text) => text.startsWith('pids')).length === 2) secondStart.resolve();
      },
    });
    context.after(() => program.close());
    await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, { method: 'POST', body: '{}' });
    await secondStart.promise;
    assert.match(lines.join('\n'), /answered no more; it is started again in 50 ms/);
    await untilGone(pidsIn(lines).slice(0, 2));
  });

  void it('does not outlive the process that started it', async () => {
    const group = fileURLToPath(new URL('./process-group.ts', import.meta.url));
    const script = `
      import { ProcessGroup } from ${JSON.stringify(group)};
      const command = [process.execPath, ${JSON.stringify(PROGRAM)}, '0', 'deaf'];
      const tell = (line) => { console.log(line); if (line.startsWith('sees')) process.exit(0); };
      new ProcessGroup(command, { folder: '.', environment: {}, tell });`;
    const { promise, resolve } = Promise.withResolvers<string>();
    execFile(process.execPath, ['--input-type=module', '-e', script], (_, stdout) => resolve(stdout));
    const pids = pidsIn((await promise).split('\n'));
    assert.equal(pids.length, 2);
    await untilGone(pids);
  });
});
