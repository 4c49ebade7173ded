import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface PostOptions {
  readonly attempts: number;
  readonly backoffMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Posts one body, and again after 429, 5xx or a broken connection, with growing pauses. */
export async function postBatch(
  address: URL,
  body: string,
  { attempts, backoffMs, signal }: PostOptions,
): Promise<{ readonly bytes: number; readonly retries: number }> {
  const compressed = await promisify(gzip)(body, { level: 1 });
  for (let attempt = 1; ; attempt++) {
    const failure = await post(address, compressed, signal);
    if (failure === null) return { bytes: compressed.length, retries: attempt - 1 };
    if (!failure.isPassing || attempt >= attempts) {
      const tries = attempt > 1 ? ` (after ${attempt} attempts)` : '';
      throw new Error(`${failure.sentence}${tries}`, { cause: failure.cause });
    }
    const pauseMs = Math.min(backoffMs * 2 ** (attempt - 1), PAUSE_MS_MAX);
    await sleep(Math.max(pauseMs, failure.retryAfterMs), undefined, { signal });
  }
}

/** The push address of a Loki; a path in front of it, as behind a proxy, is kept. */
export function pushAddress(url: string): URL {
  const base = URL.parse(url.endsWith('/') ? url : `${url}/`);
  if (base === null || !['http:', 'https:'].includes(base.protocol)) {
    throw new Error(`"${url}" is no address of a Loki; write it like http://localhost:3100.`);
  }
  return new URL('loki/api/v1/push', base);
}

const PAUSE_MS_MAX = 5000;
const TIMEOUT_MS = 30_000;
const REASON_CHARACTERS_MAX = 200;

interface Failure {
  readonly sentence: string;
  /** Whether another attempt may go well. */
  readonly isPassing: boolean;
  readonly retryAfterMs: number;
  readonly cause?: unknown;
}

async function post(
  address: URL,
  body: Uint8Array<ArrayBuffer>,
  signal: AbortSignal | undefined,
): Promise<Failure | null> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body,
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const answer = await response.text();
    return response.ok ? null : refusal(address, response, answer);
  } catch (error) {
    signal?.throwIfAborted();
    return brokenConnection(address, error);
  }
}

function refusal(address: URL, response: Response, answer: string): Failure {
  const reason = answer.trim().replaceAll(/\s+/g, ' ').slice(0, REASON_CHARACTERS_MAX);
  const said = reason === '' ? '' : `: ${reason}`;
  const { status } = response;
  const retryAfterMs = Math.min((Number(response.headers.get('retry-after')) || 0) * 1000, PAUSE_MS_MAX);
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) {
    const sentence = `${address.origin} answered ${status} at ${address.pathname}, so it is no Loki: give the address of Loki itself`;
    return { sentence, isPassing: false, retryAfterMs };
  }
  const isPassing = status === 429 || status >= 500;
  return {
    sentence: `Loki at ${address.origin} refused the lines with ${status}${said}`,
    isPassing,
    retryAfterMs,
  };
}

function brokenConnection(address: URL, error: unknown): Failure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const isUnknownHost = code === 'ENOTFOUND';
  const sentence = isUnknownHost
    ? `No host is called ${address.hostname}: check the address of Loki`
    : `Loki cannot be reached at ${address.origin} (${code}): start it, or give another address`;
  return { sentence, isPassing: !isUnknownHost, retryAfterMs: 0, cause };
}
