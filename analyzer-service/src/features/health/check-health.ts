import type { Clock, LogSource } from '../../ports.ts';
import type { Health } from './schema.ts';

export interface CheckHealthOptions {
  readonly logs: LogSource;
  readonly clock: Clock;
  readonly version: string;
  readonly startedMs: number;
}

/** A health check that waits longer than this tells more by saying so. */
const CHECK_TIMEOUT_MS = 3_000;

export async function checkHealth({ logs, clock, version, startedMs }: CheckHealthOptions): Promise<Health> {
  const loki = await checkLoki(logs, clock);
  return {
    status: loki.status === 'up' ? 'ok' : 'degraded',
    version,
    uptime_s: Math.round((clock() - startedMs) / 1_000),
    dependencies: { loki },
  };
}

async function checkLoki(logs: LogSource, clock: Clock): Promise<Health['dependencies']['loki']> {
  const startedMs = clock();
  const timeout = AbortSignal.timeout(CHECK_TIMEOUT_MS);
  try {
    const { version } = await logs.check(timeout);
    return { status: 'up', latency_ms: clock() - startedMs, version };
  } catch (error) {
    const message = timeout.aborted
      ? `No answer from Loki within ${CHECK_TIMEOUT_MS} ms. Look whether it is overloaded.`
      : (error as Error).message;
    return { status: 'down', latency_ms: clock() - startedMs, message };
  }
}
