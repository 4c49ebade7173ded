import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../errors.ts';

/** The embedded store as a process of its own, so that a heavy query never holds up the analyzer. */
export class EmbeddedStore {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, process: ChildProcess) {
    this.url = url;
    this.#process = process;
  }

  /** Starts the store and waits until it listens. Throws `loki_failed` with the store's own sentence. */
  static async start(options: { readonly dataDir: string; readonly port: number }): Promise<EmbeddedStore> {
    const program = fileURLToPath(import.meta.resolve('@sonde/loki-embedded/main'));
    const args = [program, '--data', options.dataDir, '--port', String(options.port), '--host', '127.0.0.1'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (chunk) => (complaint = `${complaint}${String(chunk)}`.slice(-2_000)));
    const ended = once(child, 'close').then(() => '');
    const said = once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line));
    const url = /http:\/\/[^\s,]+/.exec(await Promise.race([said, ended]))?.[0];
    if (url) return new EmbeddedStore(url, child);
    child.kill('SIGKILL');
    throw new AppError('loki_failed', complaint.trim() || 'The embedded store ended before it could listen.');
  }

  get pid(): number | null {
    return this.#process.pid ?? null;
  }

  /** Ends the store and waits until what it took is on the disk. */
  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGTERM');
    await once(this.#process, 'close');
  }
}
