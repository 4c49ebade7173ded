import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The `sonde` command in a process of its own. */
export class RunningSonde {
  readonly process: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #ended: Promise<unknown>;

  constructor(
    context: Pick<TestContext, 'after'>,
    args: readonly string[],
    environment: Record<string, string> = {},
  ) {
    this.process = spawn(process.execPath, [CLI, ...args], { env: { ...process.env, ...environment } });
    this.process.stdout?.on('data', (chunk) => (this.stdout += String(chunk)));
    this.process.stderr?.on('data', (chunk) => (this.stderr += String(chunk)));
    this.#ended = once(this.process, 'close');
    context.after(async () => {
      this.process.kill('SIGTERM');
      await this.#ended;
    });
  }

  /** Waits until stdout matches; fails with everything printed when the process ends before. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.stdout);
      if (match) return match;
      if (this.process.exitCode !== null)
        throw new Error(`ended without ${pattern}:\n${this.stdout}${this.stderr}`);
      await Promise.race([
        this.process.stdout ? once(this.process.stdout, 'data') : this.#ended,
        this.#ended,
      ]);
    }
  }

  async finish(): Promise<Finished> {
    await this.#ended;
    return { code: this.process.exitCode, stdout: this.stdout, stderr: this.stderr };
  }
}

export function runSonde(context: Pick<TestContext, 'after'>, ...args: readonly string[]): Promise<Finished> {
  return new RunningSonde(context, args).finish();
}
