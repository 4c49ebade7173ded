import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import pRetry from 'p-retry';
import { Agent, fetch } from 'undici';
import { AppError } from '../../errors.ts';
import { PassingFailure, refusal, unreachable, unreadable } from './loki-failure.ts';

export interface LokiConnection {
  readonly url: string;
  readonly tenant?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  /** Certificates in PEM that are trusted instead of the system's. */
  readonly ca?: string | undefined;
  /** Of one question, with all its retries. */
  readonly timeoutMs: number;
  readonly retriesMax: number;
  readonly parallelQueries: number;
  readonly answerBytesMax: number;
}

interface Question {
  readonly url: string;
  readonly form?: string;
}

const BACK_OFF_MS = 200;
/** Proxies in front of a Loki refuse addresses beyond 8 KB. */
const ADDRESS_CHARACTERS_MAX = 4_000;

/**
 * Pooled HTTP to one Loki: time limit, size limit, a limit on parallel queries, retries of what may pass, and one
 * sentence for each failure. It only reads, so that each question is safe to ask again.
 */
export class LokiHttp {
  readonly #connection: LokiConnection;
  readonly #agent: Agent;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #headers: Record<string, string>;

  constructor(connection: LokiConnection) {
    this.#connection = { ...connection, url: connection.url.replace(/\/+$/, '') };
    this.#agent = new Agent({
      connections: connection.parallelQueries,
      connect: { timeout: connection.timeoutMs, ...(connection.ca ? { ca: connection.ca } : {}) },
    });
    this.#limit = pLimit(connection.parallelQueries);
    this.#headers = {
      accept: 'application/json',
      // Structured metadata beside each line, instead of a stream for each request id.
      'x-loki-response-encoding-flags': 'categorize-labels',
      ...headersFor(connection),
    };
  }

  /** The parsed JSON answer to a question. Long ones are posted as a form, which Loki reads in the same way. */
  async get(path: string, parameters: Record<string, string>, signal: AbortSignal): Promise<unknown> {
    const url = `${this.#connection.url}${path}`;
    const form = new URLSearchParams(parameters).toString();
    const question = form.length > ADDRESS_CHARACTERS_MAX ? { url, form } : { url: `${url}?${form}` };
    return unlessAborted(
      signal,
      this.#limit(() => this.#ask(question, signal)),
    );
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #ask(question: Question, signal: AbortSignal): Promise<unknown> {
    const { timeoutMs, retriesMax } = this.#connection;
    const startedMs = performance.now();
    const timeout = AbortSignal.timeout(timeoutMs);
    const stop = AbortSignal.any([signal, timeout]);
    let lastFailure: PassingFailure | null = null;
    try {
      return await pRetry(() => this.#attempt(question, stop), {
        retries: retriesMax,
        minTimeout: BACK_OFF_MS,
        randomize: true,
        signal: stop,
        shouldRetry: async ({ error }) => {
          if (!(error instanceof PassingFailure)) return false;
          lastFailure = error;
          if (performance.now() - startedMs + error.retryAfterMs >= timeoutMs) return false;
          await delay(error.retryAfterMs, undefined, { signal: stop });
          return true;
        },
      });
    } catch (error) {
      if (signal.aborted) throw cancelled(error);
      if (timeout.aborted) throw lastFailure ?? timedOut(this.#connection, error);
      throw error;
    }
  }

  async #attempt(question: Question, stop: AbortSignal): Promise<unknown> {
    const { url: base, answerBytesMax } = this.#connection;
    const answer = await this.#receive(question, stop, answerBytesMax);
    if (answer.status !== 200) throw refusal(base, answer);
    try {
      return JSON.parse(answer.text);
    } catch (error) {
      throw unreadable(base, answer.text, error);
    }
  }

  async #receive({ url, form }: Question, signal: AbortSignal, bytesMax: number) {
    try {
      const posted = form ? { method: 'POST', body: new URLSearchParams(form) } : {};
      const response = await fetch(url, {
        ...posted,
        headers: this.#headers,
        dispatcher: this.#agent,
        signal,
      });
      const text = await readText(response.body ?? [], bytesMax);
      return { status: response.status, text, retryAfter: response.headers.get('retry-after') };
    } catch (error) {
      if (error instanceof AppError || signal.aborted) throw error;
      throw unreachable(this.#connection.url, error);
    }
  }
}

/** Tenant and credentials, for HTTP and for WebSockets. */
export function headersFor({
  tenant,
  username,
  password,
  token,
}: Pick<LokiConnection, 'tenant' | 'username' | 'password' | 'token'>): Record<string, string> {
  const headers: Record<string, string> = {};
  if (tenant) headers['x-scope-orgid'] = tenant;
  if (token) headers.authorization = `Bearer ${token}`;
  else if (username)
    headers.authorization = `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
  return headers;
}

/** A question that waits for its turn behind others is given up at once too. */
async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const giveUp = () => reject(cancelled(signal.reason));
  signal.addEventListener('abort', giveUp, { once: true });
  work.then(resolve, reject);
  if (signal.aborted) giveUp();
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function cancelled(cause: unknown): AppError {
  return new AppError('cancelled', 'The request was cancelled before Loki answered.', { cause });
}

function timedOut({ url, timeoutMs }: LokiConnection, cause: unknown): AppError {
  return new AppError(
    'loki_timeout',
    `Loki at ${url} did not answer within ${timeoutMs} ms. Ask for a shorter time range, or raise LOKI_TIMEOUT_MS.`,
    { cause },
  );
}

async function readText(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  bytesMax: number,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) {
      throw new AppError(
        'loki_failed',
        `Loki's answer is larger than ${bytesMax} bytes. Narrow the query, or raise LOKI_ANSWER_BYTES_MAX.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
