import pRetry from 'p-retry';
import { setTimeout as delay } from 'node:timers/promises';
import { type Response, fetch } from 'undici';
import { AppError } from '../../errors.ts';

export interface PostOptions {
  /** Who is asked, for messages: an address may be a secret. */
  readonly who: string;
  readonly method?: 'POST' | 'PATCH' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Statuses besides 2xx that the caller understands. */
  readonly understood?: readonly number[];
}

const RETRIES_MAX = 2;
const PAUSE_MS = 300;
const PAUSE_MS_MAX = 20_000;
const ANSWER_BYTES_MAX = 100_000;

class Passing extends Error {
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Sends JSON and reads the answer, again after what may pass: no connection, no answer in time, 429, 5xx. Throws
 * `invalid_configuration` where a further attempt would meet the same, and an Error where it may not; no message names
 * the address.
 */
export async function postJson(
  url: string,
  body: unknown,
  options: PostOptions,
): Promise<{ readonly status: number; readonly text: string }> {
  return pRetry(() => attempt(url, body, options), {
    retries: RETRIES_MAX,
    minTimeout: PAUSE_MS,
    randomize: true,
    signal: options.signal,
    shouldRetry: async ({ error }) => {
      if (!(error instanceof Passing) || error.retryAfterMs > PAUSE_MS_MAX) return false;
      await delay(error.retryAfterMs, undefined, { signal: options.signal });
      return true;
    },
  });
}

async function attempt(url: string, body: unknown, options: PostOptions) {
  const { who, method = 'POST', headers, timeoutMs, signal, understood = [] } = options;
  const answer = await receive(url, who, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    redirect: 'error',
  });
  const { status, text, retryAfter } = answer;
  if ((status >= 200 && status < 300) || understood.includes(status)) return { status, text };
  const said = text.replaceAll(/\s+/g, ' ').slice(0, 200);
  if (status === 429 || status >= 500)
    throw new Passing(`${who} answered ${status}: ${said}`, retryAfterMs(retryAfter, text));
  throw new AppError(
    'invalid_configuration',
    `${who} refused with ${status}: ${said}. Check its address and its token in the settings.`,
  );
}

async function receive(url: string, who: string, init: Parameters<typeof fetch>[1]) {
  try {
    const response = await fetch(url, init);
    const text = await beginningOf(response);
    return { status: response.status, text, retryAfter: response.headers.get('retry-after') };
  } catch (error) {
    const { name, cause } = error as Error;
    const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? name;
    // Not the error itself: its text may hold the address.
    throw new Passing(`${who} cannot be reached (${code})`, 0);
  }
}

/** Nobody here needs more of an answer, and a stranger may send without end. */
async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_BYTES_MAX).toString();
}

/** The header in seconds, or Telegram's parameter in the body. */
function retryAfterMs(header: string | null, text: string): number {
  const seconds = Number(header ?? /"retry_after":\s*(\d+(?:\.\d+)?)/.exec(text)?.[1] ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0;
}
