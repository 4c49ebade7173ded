import { AppError } from '../../errors.ts';
import type {
  Clock,
  Embedded,
  GenerateRequest,
  Generated,
  ModelPurpose,
  ModelService,
  ModelState,
  ModelsCheck,
} from '../../ports.ts';
import type { UsageBook } from './usage-book.ts';

export interface CountedOptions {
  readonly models: ModelService;
  readonly usage: UsageBook;
  readonly clock: Clock;
  /** For whom something is done now; null for nobody in particular. */
  readonly caller: () => string | null;
}

export interface Figures {
  readonly requests: number;
  readonly promptTokens: number;
  readonly answerTokens: number;
  readonly embeddings: number;
  readonly tookMs: number;
  readonly longestMs: number;
}

const NO_FIGURES: Figures = {
  requests: 0,
  promptTokens: 0,
  answerTokens: 0,
  embeddings: 0,
  tookMs: 0,
  longestMs: 0,
};

/** Models whose use is counted: for each caller in the database, for each model in this process. */
export class CountedModels implements ModelService {
  readonly #options: CountedOptions;
  readonly #figures = new Map<string, Figures>();
  readonly #failures = new Map<string, number>();
  readonly usage: UsageBook;
  readonly clock: Clock;
  readonly sinceMs: number;

  constructor(options: CountedOptions) {
    this.#options = options;
    this.usage = options.usage;
    this.clock = options.clock;
    this.sinceMs = options.clock();
  }

  figuresOf(model: string): Figures {
    return this.#figures.get(model) ?? NO_FIGURES;
  }

  /** Requests that ended without an answer, by the code of the error. */
  get failures(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#failures);
  }

  async generate(request: GenerateRequest): Promise<Generated> {
    const { models, usage, clock, caller } = this.#options;
    const actor = caller();
    const generated = await this.#noted(() => models.generate(request));
    const { model, promptTokens, answerTokens, tookMs } = generated;
    const before = this.figuresOf(model);
    this.#figures.set(model, {
      ...before,
      requests: before.requests + 1,
      promptTokens: before.promptTokens + promptTokens,
      answerTokens: before.answerTokens + answerTokens,
      tookMs: before.tookMs + tookMs,
      longestMs: Math.max(before.longestMs, tookMs),
    });
    usage.count({ actor: actor ?? 'background', model, promptTokens, answerTokens, nowMs: clock() });
    return generated;
  }

  async embed(texts: readonly string[], request: Parameters<ModelService['embed']>[1]): Promise<Embedded> {
    const embedded = await this.#noted(() => this.#options.models.embed(texts, request));
    const before = this.figuresOf(embedded.model);
    this.#figures.set(embedded.model, { ...before, embeddings: before.embeddings + texts.length });
    return embedded;
  }

  has(purpose: ModelPurpose): boolean {
    return this.#options.models.has(purpose);
  }

  isLocal(purpose: ModelPurpose, model?: string): boolean {
    return this.#options.models.isLocal?.(purpose, model) ?? false;
  }

  contextTokens(purpose: ModelPurpose, model?: string): number | null {
    return this.#options.models.contextTokens?.(purpose, model) ?? null;
  }

  list(): readonly ModelState[] {
    return this.#options.models.list();
  }

  check(): Promise<ModelsCheck> {
    return this.#options.models.check();
  }

  load(name: string): Promise<void> {
    return this.#options.models.load(name);
  }

  unload(name: string): Promise<void> {
    return this.#options.models.unload(name);
  }

  async close(): Promise<void> {
    await this.#options.models.close();
    await this.#options.usage.written();
  }

  async #noted<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'internal';
      this.#failures.set(code, (this.#failures.get(code) ?? 0) + 1);
      throw error;
    }
  }
}
