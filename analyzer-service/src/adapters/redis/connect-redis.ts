import { Redis } from 'ioredis';

export interface RedisOptions {
  readonly url: string;
  readonly timeoutMs: number;
  /** Told once when Redis stops answering, and once when it is back. */
  readonly onChange: (up: boolean, error: Error | null) => void;
}

const RECONNECT_MS_MAX = 2_000;

/**
 * A connection that never makes anybody wait long. While it is down, commands fail at once; when Redis hangs, the
 * first command that gets no answer within `timeoutMs` ends the connection, and the others fail at once from then on.
 * It reconnects by itself. Resolves also when Redis is not there yet.
 */
export async function connectRedis({ url, timeoutMs, onChange }: RedisOptions): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(attempt * 100, RECONNECT_MS_MAX),
  });
  let up: boolean | null = null;
  let lastError: Error | null = null;
  const turn = (now: boolean) => {
    if (up !== now) onChange(now, now ? null : lastError);
    up = now;
  };
  redis.on('error', (error: Error) => (lastError = error));
  redis.on('ready', () => turn(true));
  // Not 'close', which also comes when the service stops.
  redis.on('reconnecting', () => turn(false));
  await redis.connect().catch((error: Error) => (lastError ??= error));
  return redis;
}
