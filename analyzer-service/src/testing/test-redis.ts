import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { freePort, stop } from './test-postgres.ts';

const found = spawnSync('redis-server', ['--version']).status === 0;

/** Why tests on Redis are left out; false when they run. With CI set they run in any case, and fail without it. */
export const REDIS_MISSING: string | false =
  found || process.env.CI ? false : 'no Redis here: apt-get install redis-server';

/** A real Redis on loopback that keeps nothing on disk. */
export class TestRedis {
  readonly #folder: string;
  readonly #port: number;
  #process: ChildProcess | null = null;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
  }

  static async start(): Promise<TestRedis> {
    if (!found) throw new Error('These tests need Redis: apt-get install redis-server.');
    const server = new TestRedis(await mkdtemp(path.join(tmpdir(), 'sonde-redis-')), await freePort());
    await server.resume();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  async halt(): Promise<void> {
    await stop(this.#process, 'SIGKILL');
    this.#process = null;
  }

  async resume(): Promise<void> {
    const settings = {
      port: `${this.#port}`,
      bind: '127.0.0.1',
      save: '',
      appendonly: 'no',
      dir: this.#folder,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#process = server;
    process.once('exit', () => server.kill('SIGKILL'));
    for await (const line of createInterface({ input: server.stdout })) {
      if (/ready to accept connections/i.test(line)) break;
    }
    server.stdout.resume();
    if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`);
  }

  /** Connections stay, answers do not come: what an overloaded or cut-off server looks like. */
  hang(): void {
    this.#process?.kill('SIGSTOP');
  }

  wake(): void {
    this.#process?.kill('SIGCONT');
  }

  async close(): Promise<void> {
    await this.halt();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
