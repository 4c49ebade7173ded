import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** The service in a process of its own, so that its time and memory are its own. */
export class ServiceProcess {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, process: ChildProcess) {
    this.url = url;
    this.#process = process;
  }

  static async start(settings: Record<string, string>): Promise<ServiceProcess> {
    const environment = { ...process.env, PORT: '0', LOG_LEVEL: 'silent', ...settings };
    const child = spawn(process.execPath, ['--max-semi-space-size=16', CLI, 'serve', '--no-sample'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /Analyzer\s+\S*?(http:\/\/[\d.:]+)/.exec(line)?.[1];
      if (url) {
        child.stdout.resume();
        return new ServiceProcess(url, child);
      }
    }
    throw new Error('the service ended before it could listen');
  }

  /** Megabytes now, and the highest since `forgetPeak`. Linux only. */
  async memory(): Promise<{ readonly now: number; readonly highest: number }> {
    const status = await readFile(`/proc/${this.#process.pid}/status`, 'utf8');
    const megabytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1_024;
    return { now: megabytes('VmRSS'), highest: megabytes('VmHWM') };
  }

  async forgetPeak(): Promise<void> {
    await writeFile(`/proc/${this.#process.pid}/clear_refs`, '5');
  }

  /** Seconds of processor time since the start. */
  async cpuSeconds(): Promise<number> {
    const fields =
      (await readFile(`/proc/${this.#process.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    this.#process.kill('SIGTERM');
    await once(this.#process, 'close');
  }
}
