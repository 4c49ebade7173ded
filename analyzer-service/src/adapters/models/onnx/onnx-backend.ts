import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ModelMessage } from '../../../ports.ts';
import { closeJson } from '../close-json.ts';
import type { ModelBackend, WriteRequest, Written } from '../model-backend.ts';
import { formOf } from '../schema-form.ts';
import type { OnnxEntry } from '../model-entry.ts';
import type { FromProcess, ToProcess } from './messages.ts';

const PROCESS = fileURLToPath(new URL('./onnx-process.ts', import.meta.url));
/** For a model that is to stop, until its process is ended. */
const STOP_MS = 3_000;

type Said<K extends FromProcess['kind']> = Extract<FromProcess, { kind: K }>;

/** A folder with an ONNX model, in a process of its own through @huggingface/transformers. */
export class OnnxBackend implements ModelBackend {
  readonly local = true;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  static async open(
    entry: OnnxEntry,
    environment: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<OnnxBackend> {
    const child = fork(PROCESS, {
      execArgv: [],
      env: environment,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const backend = new OnnxBackend(child);
    const { path: folder, task, precision, threads, context_tokens: contextTokens } = entry;
    try {
      const load = { kind: 'load', folder, task, precision, threads, contextTokens } as const;
      await backend.#ask(load, 'loaded', signal);
      return backend;
    } catch (error) {
      await backend.close();
      throw error;
    }
  }

  get isGone(): boolean {
    return !this.#process.connected;
  }

  async write(request: WriteRequest): Promise<Written> {
    const { schema, tokensMax, temperature, signal, onText } = request;
    const messages = schema ? withSchema(request.messages, schema) : request.messages;
    const onPiece = (piece: string) => onText(schema ? '' : piece);
    const ask = { kind: 'write', messages, tokensMax, temperature } as const;
    const { text, promptTokens, answerTokens } = await this.#ask(ask, 'written', signal, onPiece);
    if (!schema) return { text, promptTokens, answerTokens };
    const json = jsonOf(text, schema);
    onText(json);
    return { text: json, promptTokens, answerTokens };
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly number[])[]> {
    return (await this.#ask({ kind: 'embed', texts }, 'embedded', signal)).vectors;
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }

  /** Ends when the process is free for the next piece of work, or gone. */
  #ask<K extends FromProcess['kind']>(
    message: ToProcess,
    kind: K,
    signal: AbortSignal,
    onPiece: (piece: string) => void = () => undefined,
  ): Promise<Said<K>> {
    signal.throwIfAborted();
    const child = this.#process;
    const { promise, resolve, reject } = Promise.withResolvers<Said<K>>();
    let patience: NodeJS.Timeout | undefined;
    const onMessage = (said: FromProcess) => {
      if (said.kind === 'text') onPiece(said.piece);
      else if (signal.aborted) reject(signal.reason as Error);
      else if (said.kind === kind) resolve(said as Said<K>);
      else reject(new Error(said.kind === 'failed' ? said.message : `it answered with ${said.kind}`));
    };
    const onExit = (code: number | null, ending: string | null) =>
      reject(signal.aborted ? (signal.reason as Error) : new Error(`its process ended (${ending ?? code})`));
    const onAbort = () => {
      if (child.connected) child.send({ kind: 'stop' } satisfies ToProcess);
      patience = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    };
    child.on('message', onMessage).on('exit', onExit);
    signal.addEventListener('abort', onAbort, { once: true });
    child.send(message, (error) => error && reject(error));
    return promise.finally(() => {
      clearTimeout(patience);
      child.off('message', onMessage).off('exit', onExit);
      signal.removeEventListener('abort', onAbort);
    });
  }
}

/** This runtime knows no grammars: the model is told the form, and held to it afterwards. */
function withSchema(messages: readonly ModelMessage[], schema: object): readonly ModelMessage[] {
  const content = `Answer with JSON that follows this JSON Schema, and with nothing else: ${JSON.stringify(schema)}`;
  return [{ role: 'system', content }, ...messages];
}

function jsonOf(text: string, schema: Readonly<Record<string, unknown>>): string {
  const start = text.indexOf('{');
  const json = start === -1 ? null : closeJson(text.slice(start), schema, formOf(schema));
  if (json) return json;
  throw new Error('it wrote something else than what was asked for');
}
