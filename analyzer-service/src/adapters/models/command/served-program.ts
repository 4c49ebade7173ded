import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../errors.ts';
import { isTaken } from './free-port.ts';
import { ProcessGroup } from './process-group.ts';

export interface ProgramOptions {
  readonly command: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  /** Answers with 2xx when the program is ready. */
  readonly healthPath: string;
  readonly startMs: number;
  readonly stopMs: number;
  /** Between two looks at a program that runs. */
  readonly checkMs: number;
  /** Before the first start after a crash; twice as long before each one after it. */
  readonly restartMs: number;
  readonly tell: (line: string) => void;
}

const RESTART_MS_MAX = 60_000;
const CHECKS_FAILED_MAX = 3;
const CHECK_TIMEOUT_MS = 5_000;
const START_CHECK_MS = 100;

/** A program that answers over HTTP on a port of this machine: started, watched, started again, stopped. */
export class ServedProgram {
  readonly #options: ProgramOptions;
  readonly #closing = new AbortController();
  #group: ProcessGroup | null = null;
  #isReady = false;
  #trouble = '';
  #retryAtMs = 0;
  #watching: Promise<void> = Promise.resolve();

  private constructor(options: ProgramOptions) {
    this.#options = options;
  }

  /** Resolves when it is ready. Throws when it ends before that, is not ready in time, or its port is taken. */
  static async start(options: ProgramOptions): Promise<ServedProgram> {
    const program = new ServedProgram(options);
    const group = await program.#start();
    program.#watching = program.#watch(group);
    return program;
  }

  /** Throws `model_unavailable` while it is being started again. */
  assertReady(): void {
    if (this.#isReady) return;
    const seconds = Math.max(1, Math.ceil((this.#retryAtMs - Date.now()) / 1_000));
    throw new AppError('model_unavailable', `its program ${this.#trouble}, and is started again`, {
      retryAfterS: seconds,
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#isReady = false;
    await this.#group?.stop(this.#options.stopMs);
    await this.#watching;
  }

  async #start(): Promise<ProcessGroup> {
    const { port, startMs, stopMs } = this.#options;
    if (await isTaken(port))
      throw new Error(`port ${port} is taken by another program: stop that one, or choose another port`);
    let last = '';
    const tell = (line: string) => {
      last = line;
      this.#options.tell(line);
    };
    const group = new ProcessGroup(this.#options.command, { ...this.#options, tell });
    this.#group = group;
    const deadline = AbortSignal.timeout(startMs);
    const ended = group.ended.then((how) => {
      throw new Error(`its program ${how}${last && `, and said last: ${last.slice(0, 200)}`}`);
    });
    ended.catch(() => undefined);
    try {
      while (!(await Promise.race([this.#isHealthy(), ended]))) {
        if (deadline.aborted) throw new Error(`its program was not ready within ${startMs} ms`);
        this.#closing.signal.throwIfAborted();
        await Promise.race([sleep(START_CHECK_MS), ended]);
      }
    } catch (error) {
      await group.stop(stopMs);
      throw error;
    }
    this.#isReady = true;
    return group;
  }

  /** Until it is closed: a program that ended, or answers no more, is started again, later and later. */
  async #watch(first: ProcessGroup): Promise<void> {
    let group: ProcessGroup | null = first;
    let failures = 0;
    while (!this.#closing.signal.aborted) {
      const readyMs = Date.now();
      if (group) {
        this.#trouble = await this.#untilEnd(group);
        this.#isReady = false;
        if (this.#closing.signal.aborted) return;
        if (Date.now() - readyMs > RESTART_MS_MAX) failures = 0;
      }
      const pauseMs = Math.min(this.#options.restartMs * 2 ** failures, RESTART_MS_MAX);
      failures++;
      this.#retryAtMs = Date.now() + pauseMs;
      this.#options.tell(`(its program ${this.#trouble}; it is started again in ${pauseMs} ms)`);
      await this.#pause(pauseMs);
      if (this.#closing.signal.aborted) return;
      group = await this.#start().catch((error: Error) => {
        this.#trouble = `could not be started again: ${error.message}`;
        return null;
      });
    }
  }

  /** Resolves to what became of it; one that answers no more is stopped. */
  async #untilEnd(group: ProcessGroup): Promise<string> {
    const end = { how: '' };
    void group.ended.then((how) => (end.how = how));
    for (let failed = 0; failed < CHECKS_FAILED_MAX;) {
      await Promise.race([this.#pause(this.#options.checkMs), group.ended]);
      if (end.how || this.#closing.signal.aborted) return end.how;
      failed = (await this.#isHealthy()) ? 0 : failed + 1;
    }
    this.#isReady = false;
    await group.stop(this.#options.stopMs);
    return 'answered no more';
  }

  async #isHealthy(): Promise<boolean> {
    const { port, healthPath, checkMs } = this.#options;
    try {
      const response = await fetch(`http://127.0.0.1:${port}${healthPath}`, {
        signal: AbortSignal.timeout(Math.min(CHECK_TIMEOUT_MS, checkMs)),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }
}
