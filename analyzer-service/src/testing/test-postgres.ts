import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';

const DEBIAN = '/usr/lib/postgresql';
const binaries = findBinaries();

/** Why tests on Postgres are left out; false when they run. With CI set they run in any case, and fail without it. */
export const POSTGRES_MISSING: string | false =
  binaries || process.env.CI ? false : 'no Postgres here: apt-get install postgresql';

/** A real Postgres on loopback, in a folder that goes away with it. */
export class TestPostgres {
  readonly #folder: string;
  readonly #port: number;
  #process: ChildProcess | null = null;
  #databases = 0;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
  }

  static async start(): Promise<TestPostgres> {
    if (!binaries) throw new Error('These tests need Postgres: apt-get install postgresql.');
    const folder = await mkdtemp(path.join(tmpdir(), 'sonde-postgres-'));
    const owner = unprivileged();
    if (owner.uid !== undefined && owner.gid !== undefined) await chown(folder, owner.uid, owner.gid);
    const args = ['-D', folder, '-U', 'sonde', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    const init = spawn(path.join(binaries, 'initdb'), args, { ...owner, cwd: folder, stdio: 'ignore' });
    const [code] = (await once(init, 'close')) as [number];
    if (code !== 0) throw new Error(`initdb failed with ${code} in ${folder}`);
    const server = new TestPostgres(folder, await freePort());
    await server.resume();
    return server;
  }

  /** An empty database of its own. */
  async newDatabase(): Promise<string> {
    const name = `test_${++this.#databases}`;
    const client = new pg.Client(this.#url('postgres'));
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    return this.#url(name);
  }

  /** Ends the server as a crash would; its data stays. */
  async halt(): Promise<void> {
    await stop(this.#process, 'SIGQUIT');
    this.#process = null;
  }

  async resume(): Promise<void> {
    const settings = {
      port: this.#port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'off',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const server = spawn(path.join(binaries ?? '', 'postgres'), ['-D', this.#folder, ...args], {
      ...unprivileged(),
      cwd: this.#folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process = server;
    process.once('exit', () => server.kill('SIGQUIT'));
    for await (const line of createInterface({ input: server.stderr })) {
      if (line.includes('ready to accept connections')) break;
    }
    server.stderr.resume();
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
  }

  async close(): Promise<void> {
    await this.halt();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #url(database: string): string {
    return `postgres://sonde@127.0.0.1:${this.#port}/${database}`;
  }
}

export async function stop(process: ChildProcess | null, signal: NodeJS.Signals): Promise<void> {
  if (!process || process.exitCode !== null || process.signalCode !== null) return;
  const closed = once(process, 'close');
  process.kill(signal);
  await closed;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Postgres refuses to run as root: then it runs as the user that Debian made for it. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const number = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  return { uid: number('-u'), gid: number('-g') };
}

function findBinaries(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => path.join(DEBIAN, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ];
  return folders.find((folder) => existsSync(path.join(folder, 'initdb'))) ?? null;
}
