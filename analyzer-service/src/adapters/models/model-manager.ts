import { AppError } from '../../errors.ts';
import type {
  Embedded,
  GenerateRequest,
  Generated,
  ModelPurpose,
  ModelService,
  ModelState,
  ModelsCheck,
} from '../../ports.ts';
import { ManagedModel } from './managed-model.ts';
import type { ModelBackend, Written } from './model-backend.ts';
import type { ModelsFile } from './models-file.ts';
import { bytesOf, openBackend, type OpenBackendOptions } from './open-backend.ts';

export interface ModelManagerOptions extends Pick<OpenBackendOptions, 'secretOf' | 'environmentFor'> {
  readonly file: ModelsFile;
  /** Told each line that the program of a model writes. */
  readonly tell: (model: string, line: string) => void;
  /** Of one model. */
  readonly queueMax: number;
  /** Without a piece of text for so long, an answer counts as failed. */
  readonly idleMs: number;
  readonly loadMs: number;
  readonly memoryBytesMax: number;
}

const PURPOSES: readonly ModelPurpose[] = ['summaries', 'chat', 'embeddings'];

/** The models of `models.json`. */
export class ModelManager implements ModelService {
  readonly #options: ModelManagerOptions;
  readonly #models = new Map<string, ManagedModel>();
  /** Models are loaded one after the other, so that two never count on the same memory. */
  #loading: Promise<unknown> = Promise.resolve();

  constructor(options: ModelManagerOptions) {
    this.#options = options;
    for (const [name, entry] of options.file.models) {
      this.#models.set(name, new ManagedModel(entry, () => this.#openInTurn(name), options.queueMax));
    }
  }

  has(purpose: ModelPurpose): boolean {
    return this.#chain(purpose).length > 0;
  }

  isLocal(purpose: ModelPurpose, model?: string): boolean {
    const names = model ? [model] : this.#chain(purpose);
    return names.every((name) => this.#models.get(name)?.entry.local ?? false);
  }

  contextTokens(purpose: ModelPurpose, model?: string): number | null {
    const names = model ? [model] : this.#chain(purpose);
    const entries = names.map((name) => this.#models.get(name)?.entry);
    const sizes = entries.flatMap((entry) =>
      entry && 'context_tokens' in entry ? [entry.context_tokens] : [],
    );
    return sizes.length > 0 ? Math.min(...sizes) : null;
  }

  list(): readonly ModelState[] {
    return [...this.#models].map(([name, model]) => ({
      name,
      kind: model.entry.kind,
      state: model.state,
      queued: model.queued,
    }));
  }

  async check(): Promise<ModelsCheck> {
    for (const purpose of PURPOSES) {
      const resting = this.#chain(purpose).map((name) => ({ name, restMs: this.#find(name).restMs }));
      if (resting.length === 0 || resting.some(({ restMs }) => restMs === 0)) continue;
      const seconds = Math.ceil(Math.min(...resting.map(({ restMs }) => restMs)) / 1_000);
      throw new Error(
        `${resting.map(({ name }) => name).join(', ')} failed lately, so that no model is left for ${purpose}. Asked again in ${seconds} s; the log of the service says why.`,
      );
    }
    const models = [...this.#models.values()];
    const last = models
      .filter(({ lastAnswerMs }) => lastAnswerMs !== null)
      .toSorted((a, b) => b.lastUsedMs - a.lastUsedMs)[0];
    return {
      version: models.length > 0 ? 'as in MODELS_CONFIG' : 'none: answers are written without a model',
      configured: models.length,
      loaded: models.filter(({ state }) => state === 'loaded').length,
      waiting: models.reduce((sum, { queued }) => sum + queued, 0),
      lastAnswerMs: last?.lastAnswerMs ?? null,
    };
  }

  async load(name: string): Promise<void> {
    const model = this.#find(name);
    try {
      await model.load();
    } catch (error) {
      throw unavailable([`${name}: ${sentenceOf(error)}`], { cause: error });
    }
  }

  unload(name: string): Promise<void> {
    return this.#find(name).unload();
  }

  async generate(request: GenerateRequest): Promise<Generated> {
    const startedMs = performance.now();
    let told = false;
    const onText = (piece: string) => {
      if (!piece) return;
      told = true;
      request.onText?.(piece);
    };
    const { value, local, model, failures } = await this.#first<Written>(
      request,
      (backend, signal, alive) =>
        backend.write({
          ...request,
          signal,
          onText: (piece) => {
            alive();
            onText(piece);
          },
        }),
      // What the caller has read already cannot be taken back.
      () => Boolean(request.onText) && told,
    );
    return { ...value, model, local, failures, tookMs: Math.round(performance.now() - startedMs) };
  }

  async embed(
    texts: readonly string[],
    request: {
      readonly model?: string | undefined;
      readonly timeoutMs: number;
      readonly signal: AbortSignal;
    },
  ): Promise<Embedded> {
    const { value, model } = await this.#first(
      { purpose: 'embeddings', ...request },
      (backend, signal) => backend.embed(texts, signal),
      () => false,
    );
    return { vectors: value, model };
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#models.values()].map((model) => model.unload()));
  }

  async #first<T>(
    request: Pick<GenerateRequest, 'purpose' | 'model' | 'timeoutMs' | 'signal'>,
    work: (backend: ModelBackend, signal: AbortSignal, alive: () => void) => Promise<T>,
    isTold: () => boolean,
  ) {
    const deadline = AbortSignal.timeout(request.timeoutMs);
    const names = request.model ? [request.model] : this.#chain(request.purpose);
    const failures: string[] = [];
    const retryAfterS: number[] = [];
    let isBusy = false;
    for (const name of names) {
      const model = this.#find(name);
      try {
        const signal = AbortSignal.any([request.signal, deadline]);
        const answer = await untilAborted(
          signal,
          model.use(signal, async (backend) => {
            const value = await this.#watched(signal, (ended, alive) => work(backend, ended, alive));
            return { value, local: backend.local };
          }),
        );
        return { ...answer, model: name, failures };
      } catch (error) {
        if (request.signal.aborted)
          throw new AppError('cancelled', 'Nobody waits for this any more. Ask again.');
        if (error instanceof AppError && error.code === 'invalid_request') throw error;
        if (error instanceof AppError && error.retryAfterS) retryAfterS.push(error.retryAfterS);
        isBusy ||= error instanceof AppError && error.code === 'too_many_requests';
        const reason = deadline.aborted ? `no answer within ${request.timeoutMs} ms` : sentenceOf(error);
        failures.push(`${name}: ${reason}`);
        if (deadline.aborted || isTold()) break;
      }
    }
    // The soonest one is worth another try.
    throw unavailable(failures, {
      isBusy: isBusy && !deadline.aborted,
      retryAfterS: retryAfterS.toSorted((a, b) => a - b)[0],
    });
  }

  /** Gives up on a model that falls silent. Ends when the model has really stopped: the next in its queue needs it whole. */
  async #watched<T>(
    signal: AbortSignal,
    work: (signal: AbortSignal, alive: () => void) => Promise<T>,
  ): Promise<T> {
    const silent = new AbortController();
    const { idleMs } = this.#options;
    const timer = setTimeout(() => silent.abort(new Error(`it fell silent for ${idleMs} ms`)), idleMs);
    try {
      const ended = AbortSignal.any([signal, silent.signal]);
      return await work(ended, () => timer.refresh());
    } catch (error) {
      throw silent.signal.aborted ? silent.signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  #openInTurn(name: string): Promise<ModelBackend> {
    const opened = this.#loading.then(() => this.#openNow(name));
    this.#loading = opened.catch(() => undefined);
    return opened;
  }

  async #openNow(name: string): Promise<ModelBackend> {
    const { entry } = this.#find(name);
    await this.#makeRoom(await bytesOf(entry), name);
    return openBackend(entry, {
      ...this.#options,
      tell: (line) => this.#options.tell(name, line),
      signal: AbortSignal.timeout(this.#options.loadMs),
    });
  }

  /** Unloads what was not used for the longest time and does nothing now. */
  async #makeRoom(bytes: number, name: string): Promise<void> {
    const limit = this.#options.memoryBytesMax;
    if (bytes > limit) throw new Error(`it takes ${bytes} bytes, and MODELS_MEMORY_BYTES_MAX is ${limit}`);
    const loaded = [...this.#models.values()]
      .filter((model) => model.state === 'loaded' && model.entry.kind !== 'openai')
      .toSorted((a, b) => a.lastUsedMs - b.lastUsedMs);
    let taken = 0;
    for (const model of loaded) taken += await bytesOf(model.entry);
    for (const model of loaded.filter(({ queued }) => queued === 0)) {
      if (taken + bytes <= limit) return;
      await model.unload();
      taken -= await bytesOf(model.entry);
    }
    if (taken + bytes > limit) throw new Error(`there is no room for ${name} while other models work`);
  }

  #chain(purpose: ModelPurpose): readonly string[] {
    const names = this.#options.file.chains[purpose] ?? [];
    const end = names.indexOf('none');
    return end === -1 ? names : names.slice(0, end);
  }

  #find(name: string): ManagedModel {
    const model = this.#models.get(name);
    if (model) return model;
    throw new AppError('not_found', `There is no model ${name}. GET /api/v1/models lists them.`);
  }
}

async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function sentenceOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}

function unavailable(
  failures: readonly string[],
  { isBusy = false, ...options }: ErrorOptions & { isBusy?: boolean; retryAfterS?: number | undefined } = {},
): AppError {
  const why = failures.length > 0 ? failures.join('; ') : 'no model is configured for this';
  if (isBusy)
    return new AppError(
      'too_many_requests',
      `No model is free: ${why}. Try again in ${options.retryAfterS ?? 1} s, or raise MODEL_QUEUE_MAX.`,
      options,
    );
  return new AppError(
    'model_unavailable',
    `No model answered: ${why}. Look at GET /api/v1/models, or at the file of MODELS_CONFIG.`,
    options,
  );
}
