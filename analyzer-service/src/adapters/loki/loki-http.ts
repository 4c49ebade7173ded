import pLimit from 'p-limit';
import { Agent, fetch, type Response } from 'undici';
import { AppError } from '../../errors.ts';

export interface LokiConnection {
  readonly url: string;
  readonly tenant?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  readonly timeoutMs: number;
  readonly parallelQueries: number;
  readonly answerBytesMax: number;
}

/** Pooled HTTP to one Loki: time limit, size limit, a limit on parallel queries, and one sentence for each failure. */
export class LokiHttp {
  readonly #connection: LokiConnection;
  readonly #agent: Agent;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #headers: Record<string, string>;

  constructor(connection: LokiConnection) {
    this.#connection = connection;
    this.#agent = new Agent({
      connections: connection.parallelQueries,
      connect: { timeout: connection.timeoutMs },
    });
    this.#limit = pLimit(connection.parallelQueries);
    this.#headers = headersFor(connection);
  }

  /** The parsed JSON answer of `GET path?parameters`. */
  async get(path: string, parameters: Record<string, string>, signal: AbortSignal): Promise<unknown> {
    return this.#limit(() => this.#fetchJson(path, parameters, signal));
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #fetchJson(path: string, parameters: Record<string, string>, signal: AbortSignal): Promise<unknown> {
    const url = `${this.#connection.url.replace(/\/+$/, '')}${path}?${new URLSearchParams(parameters).toString()}`;
    const timeout = AbortSignal.timeout(this.#connection.timeoutMs);
    try {
      signal.throwIfAborted();
      const response = await fetch(url, {
        headers: this.#headers,
        dispatcher: this.#agent,
        signal: AbortSignal.any([signal, timeout]),
      });
      const text = await readText(response, this.#connection.answerBytesMax);
      if (!response.ok) throw this.#refusal(response, text);
      return JSON.parse(text);
    } catch (error) {
      throw this.#explain(error, signal, timeout);
    }
  }

  #refusal(response: Response, text: string): AppError {
    const said = text.replace(/\s+/g, ' ').trim().slice(0, 400);
    const where = `Loki at ${this.#connection.url}`;
    const status = response.status;
    if (status === 401 || status === 403) {
      return new AppError(
        'loki_denied',
        `${where} refused the credentials (${status}). Check LOKI_TOKEN, LOKI_USERNAME, LOKI_PASSWORD and LOKI_TENANT.`,
      );
    }
    if (status === 429) {
      return new AppError(
        'loki_busy',
        `${where} is over its limits: ${said}. Try again in a moment, or ask for a shorter time range.`,
      );
    }
    if (status >= 400 && status < 500) {
      return new AppError(
        'query_rejected',
        `${where} rejected the query: ${said || `status ${status}`}. Narrow the time range or add services=….`,
      );
    }
    return new AppError(
      'loki_failed',
      `${where} failed with status ${status}: ${said || 'no message'}. Look at Loki's own log.`,
    );
  }

  #explain(error: unknown, signal: AbortSignal, timeout: AbortSignal): unknown {
    if (error instanceof AppError) return error;
    const { url, timeoutMs } = this.#connection;
    if (signal.aborted)
      return new AppError('cancelled', 'The request was cancelled before Loki answered.', { cause: error });
    if (timeout.aborted) {
      return new AppError(
        'loki_timeout',
        `Loki at ${url} did not answer within ${timeoutMs} ms. Ask for a shorter time range, or raise LOKI_TIMEOUT_MS.`,
        { cause: error },
      );
    }
    if (error instanceof SyntaxError) {
      return new AppError(
        'loki_failed',
        `${url} answered with something that is not Loki's JSON. Check LOKI_URL.`,
        { cause: error },
      );
    }
    const reason =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return new AppError(
      'loki_unreachable',
      `Loki at ${url} cannot be reached (${reason}). Check that it runs and that LOKI_URL is right.`,
      { cause: error },
    );
  }
}

function headersFor({ tenant, username, password, token }: LokiConnection): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (tenant) headers['x-scope-orgid'] = tenant;
  if (token) headers.authorization = `Bearer ${token}`;
  else if (username)
    headers.authorization = `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
  return headers;
}

async function readText(response: Response, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
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
