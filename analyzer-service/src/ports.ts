import type { LogLine, TimeRange } from './engine/log-line.ts';

/** Where logs come from: a Loki, or the embedded store that answers like one. */
export interface LogSource {
  /** A metric query over `range`, one point a step. Throws AppError `loki_*` or `query_rejected`. */
  countOverTime(request: MetricRequest): Promise<readonly MetricSeries[]>;
  /**
   * Lines that `query` selects in `range`, newest first where `limit` cuts them, always returned oldest first.
   * Reads as many pages as `limit` needs. Throws like countOverTime.
   */
  readLines(request: LinesRequest): Promise<readonly LogLine[]>;
  /** Every line that `query` selects in `range`, oldest first, in pages that are never empty. Throws like countOverTime. */
  readPages(request: PagesRequest): AsyncGenerator<readonly LogLine[], void>;
  /**
   * Lines as they are stored from now on, in the order they arrive. The first batch is empty and says that the tail is
   * open: what was stored before has to be read. Ends when Loki closes it; throws `loki_*` when it cannot be opened,
   * breaks, or left lines out. Then lines may be missing until they are read.
   */
  tail(request: TailRequest): AsyncGenerator<readonly LogLine[], void>;
  /**
   * Throws `query_too_large`, with what to narrow, when the range holds more bytes than an answer may read. Does
   * nothing where Loki cannot estimate it.
   */
  guardCost(request: CostRequest): Promise<void>;
  /**
   * Names of the fields that some of the lines of `query` carry as structured metadata, sorted. Null where Loki does
   * not tell: older ones cannot.
   */
  carriedFields(request: CostRequest): Promise<readonly string[] | null>;
  /** The services that wrote in `range`, sorted. */
  services(range: TimeRange, signal: AbortSignal): Promise<readonly string[]>;
  /** Answers within the time limit or throws: is it there and does it take queries? */
  check(signal: AbortSignal): Promise<{ readonly version: string }>;
}

/** Writes lines of Sonde itself where the logs are. Rejects when they could not be written; equal ones are kept once. */
export type WriteOwnLines = (
  kind: 'incident' | 'new_pattern',
  lines: readonly { readonly timeMs: number; readonly level: 'info' | 'error'; readonly line: string }[],
  signal: AbortSignal,
) => Promise<void>;

export interface MetricRequest {
  /** LogQL; the text `$step` stands for the step as a duration. */
  readonly query: string;
  readonly range: TimeRange;
  /** Divides the range. Point i counts the lines with startMs + i*stepMs <= time < startMs + (i+1)*stepMs. */
  readonly stepMs: number;
  readonly signal: AbortSignal;
  readonly onStatistics?: OnStatistics | undefined;
}

export interface MetricSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** One value a step, 0 where Loki gave none. */
  readonly values: readonly number[];
}

export interface LinesRequest {
  readonly query: string;
  readonly range: TimeRange;
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly onStatistics?: OnStatistics | undefined;
}

export interface PagesRequest {
  readonly query: string;
  readonly range: TimeRange;
  /** Lines of one page, where Loki gives as many. */
  readonly pageLines: number;
  readonly signal: AbortSignal;
}

export interface TailRequest {
  readonly query: string;
  readonly signal: AbortSignal;
}

export interface CostRequest {
  /** A stream selector, without filters. */
  readonly query: string;
  readonly range: TimeRange;
  readonly signal: AbortSignal;
}

/** What Loki read for one of its answers. Called once for each that carries it. */
type OnStatistics = (read: { readonly bytes: number; readonly lines: number }) => void;

/** Milliseconds since the epoch. */
export type Clock = () => number;

/** What models cost, by their name in the logs. */
export interface ModelPrices {
  readonly currency: string;
  /** For a million tokens. */
  readonly models: Readonly<Record<string, { readonly input: number; readonly output: number }>>;
}

/** Keeps answers for a while, in the process or in Redis. A cache that cannot be reached keeps nothing and fails nobody. */
export interface Cache {
  /**
   * What was kept for `question`, or what `compute` answers now. Equal questions at one time share one computation,
   * also those of other processes with the same cache; it is aborted only when nobody waits for it any more.
   * `question` and the value must survive JSON. Throws what `compute` throws, and `cancelled` when `signal` aborts.
   */
  remember<T>(
    question: unknown,
    signal: AbortSignal,
    compute: (signal: AbortSignal) => Promise<Computed<T>>,
  ): Promise<{ readonly value: T; readonly cached: boolean }>;
  /**
   * What `compute` answers now. Equal questions at one time in this process share one computation and its very value,
   * which nobody may change; nothing is kept. Aborted and throws like `remember`.
   */
  share<T>(question: unknown, signal: AbortSignal, compute: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Forgets every answer; resolves to their number. Throws `cache_unreachable`. */
  clear(): Promise<number>;
  stats(): Promise<CacheStats>;
  /** Answers with its product and version, or throws when it is not there. */
  check(): Promise<{ readonly version: string }>;
}

export interface Computed<T> {
  readonly value: T;
  /** For how long the value may be given again, in milliseconds; 0 keeps it out of the cache. */
  readonly keepMs: number;
}

export interface CacheStats {
  readonly kind: 'memory' | 'redis';
  /** Null when the cache cannot be reached. */
  readonly entries: number | null;
  /** Since the start of this process: answered from the cache, computed, and waited for somebody else's computation. */
  readonly hits: number;
  readonly misses: number;
  readonly shared: number;
}

/**
 * Work that outlives a request: kept in the database, done by one of all analyzers, again after a failure or a crash.
 */
export interface Jobs {
  /** Puts a job in the queue; resolves to its id. `data` must survive JSON. */
  enqueue<T extends object>(kind: JobKind<T>, data: T): Promise<string>;
  /** Null when there is no such job, or when it is over for longer than its kind is kept. */
  find(kind: JobKind<never>, id: string): Promise<JobStatus | null>;
  /** Answers or throws: does the queue take jobs, and how many wait, run, and failed for good? */
  check(): Promise<{
    readonly version: string;
    readonly waiting: number;
    readonly running: number;
    readonly failed: number;
  }>;
}

/** All times are in whole seconds, written in milliseconds. */
export interface JobKind<T extends object> {
  readonly name: string;
  /** Throws to be tried again. Must bear being run again after it was cut short: by `signal`, or without notice. */
  run(data: T, signal: AbortSignal): Promise<void>;
  /** Runs by itself, without data, once in each such stretch of time whatever the number of analyzers. */
  readonly everyMs?: number;
  readonly attemptsMax: number;
  /** Before the second attempt; twice as long, give or take, before each one after it. */
  readonly retryDelayMs: number;
  readonly timeLimitMs: number;
  /** How long a job that is over can be found. */
  readonly keepMs: number;
}

export interface JobStatus {
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** Of the last attempt that failed. */
  readonly error: string | null;
}

/**
 * Writes text: a local model or any API that speaks OpenAI's protocol, behind the queues, limits and fallbacks of the
 * model manager.
 */
export interface Models {
  /** The chain of `purpose` has a model to try: false means that nothing is configured. */
  has(purpose: ModelPurpose): boolean;
  /** Every model that may answer runs on this machine. A manager that cannot tell has no such method. */
  isLocal?(purpose: ModelPurpose, model?: string): boolean;
  /** Tokens of prompt and answer together that each model that may answer has room for; null where none says so. */
  contextTokens?(purpose: ModelPurpose, model?: string): number | null;
  /**
   * The answer of the first model of the purpose's chain (or of `model`) that gives one. Throws AppError
   * `model_unavailable` when none does within `timeoutMs`, `too_many_requests` when the queue is full, `cancelled`.
   */
  generate(request: GenerateRequest): Promise<Generated>;
}

/** The models themselves: for those who ask one directly, load it or let it go. */
export interface ModelService extends Models {
  list(): readonly ModelState[];
  /**
   * What is known without asking a model, which may cost money. Throws a sentence when all models of a purpose failed
   * lately and are left alone.
   */
  check(): Promise<ModelsCheck>;
  /** Throws `not_found` or `model_unavailable`. */
  load(name: string): Promise<void>;
  /** After the requests that wait for it; one that comes later loads it again. Throws `not_found`. */
  unload(name: string): Promise<void>;
  /** One vector for each text. Throws like `generate`. */
  embed(
    texts: readonly string[],
    request: {
      readonly model?: string | undefined;
      readonly timeoutMs: number;
      readonly signal: AbortSignal;
    },
  ): Promise<Embedded>;
  close(): Promise<void>;
}

export interface ModelState {
  readonly name: string;
  readonly kind: string;
  readonly state: 'unloaded' | 'loading' | 'loaded';
  /** Requests that run or wait. */
  readonly queued: number;
}

export interface ModelsCheck {
  readonly version: string;
  /** Models of the file, those of them that are loaded, and the requests that run or wait. */
  readonly configured: number;
  readonly loaded: number;
  readonly waiting: number;
  /** Of the model that was asked last; null before the first answer. */
  readonly lastAnswerMs: number | null;
}

export interface Embedded {
  readonly vectors: readonly (readonly number[])[];
  readonly model: string;
}

export type ModelPurpose = 'summaries' | 'chat' | 'embeddings';

export interface GenerateRequest {
  readonly purpose: ModelPurpose;
  /** Name of a model in `models.json`; without it the chain of the purpose. */
  readonly model?: string | undefined;
  readonly messages: readonly ModelMessage[];
  /** JSON Schema that the text follows: a grammar on local models, response_format on remote ones. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
  /** Texts that end the answer. A model may write past one: who needs the end exact cuts there. */
  readonly stop?: readonly string[] | undefined;
  readonly tokensMax: number;
  readonly temperature: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told each piece of text as it is written; after the first one no other model is tried. */
  readonly onText?: ((piece: string) => void) | undefined;
}

export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface Generated {
  readonly text: string;
  /** Name of the model that answered. */
  readonly model: string;
  /** It runs in this process or on this machine: nothing left the house. */
  readonly local: boolean;
  readonly promptTokens: number;
  readonly answerTokens: number;
  readonly tookMs: number;
  /** Models of the chain that were tried before and why each gave no answer. */
  readonly failures: readonly string[];
}
