import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { tellOutput } from './tell-output.ts';

/** Groups that live: none outlives this process, however it ends by itself. */
const living = new Set<number>();
let isGuarded = false;

/** A program with all that it starts: signalled as one. */
export class ProcessGroup {
  /** Resolves to what became of it. Never rejects. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;

  /** No shell reads the words of `command`. `environment` is all that the program gets to see of ours. */
  constructor(
    command: readonly string[],
    options: {
      readonly folder: string;
      readonly environment: Readonly<Record<string, string>>;
      readonly tell: (line: string) => void;
    },
  ) {
    const [program = '', ...args] = command;
    this.#child = spawn(program, args, {
      cwd: options.folder,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const { pid, stdout, stderr } = this.#child;
    if (stdout && stderr) tellOutput([stdout, stderr], options.tell);
    this.ended = new Promise((resolve) => {
      this.#child.on('error', (error) => resolve(`could not be started: ${error.message}`));
      this.#child.on('exit', (code, signal) => {
        // What it started goes with it: it would hold memory and port.
        this.#signal('SIGKILL');
        if (pid) living.delete(pid);
        resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`);
      });
    });
    if (pid) guard(pid);
  }

  /** Asks it to end, and makes it end after `patienceMs`. */
  async stop(patienceMs: number): Promise<void> {
    this.#signal('SIGTERM');
    const patience = new AbortController();
    const over = sleep(patienceMs, 'over', { signal: patience.signal }).catch(() => 'ended');
    if ((await Promise.race([this.ended, over])) === 'over') this.#signal('SIGKILL');
    patience.abort();
    await this.ended;
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid) signalGroup(this.#child.pid, signal);
  }
}

function guard(pid: number): void {
  living.add(pid);
  if (isGuarded) return;
  isGuarded = true;
  process.on('exit', () => {
    for (const group of living) signalGroup(group, 'SIGKILL');
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}
