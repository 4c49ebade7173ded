import type { ModelBackend, WriteRequest, Written } from '../model-backend.ts';
import type { CommandEntry } from '../model-entry.ts';
import { OpenAiBackend } from '../openai-backend.ts';
import { freePort } from './free-port.ts';
import { ServedProgram } from './served-program.ts';

export interface CommandOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly tell: (line: string) => void;
}

const CHECK_MS = 10_000;
const RESTART_MS = 1_000;

/** A program of this machine that speaks OpenAI's protocol, run by us. */
export class CommandBackend implements ModelBackend {
  readonly local = true;
  readonly #program: ServedProgram;
  readonly #api: OpenAiBackend;

  private constructor(program: ServedProgram, api: OpenAiBackend) {
    this.#program = program;
    this.#api = api;
  }

  static async open(entry: CommandEntry, { environment, tell }: CommandOptions): Promise<CommandBackend> {
    const port = entry.port || (await freePort());
    const program = await ServedProgram.start({
      command: entry.command.map((word) => word.replaceAll('{port}', String(port))),
      folder: entry.folder,
      environment,
      port,
      healthPath: entry.health_path,
      startMs: entry.start_seconds * 1_000,
      stopMs: entry.stop_seconds * 1_000,
      checkMs: CHECK_MS,
      restartMs: RESTART_MS,
      tell,
    });
    const server = { model: entry.model, baseUrl: `http://127.0.0.1:${port}/v1`, local: true };
    return new CommandBackend(program, await OpenAiBackend.open(server, undefined));
  }

  async write(request: WriteRequest): Promise<Written> {
    this.#program.assertReady();
    return this.#api.write(request);
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly number[])[]> {
    this.#program.assertReady();
    return this.#api.embed(texts, signal);
  }

  close(): Promise<void> {
    return this.#program.close();
  }
}
