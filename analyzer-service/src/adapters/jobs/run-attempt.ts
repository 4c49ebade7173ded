import type { JobKind } from '../../ports.ts';

/** Runs a job once, within its time limit. Resolves to why it failed, or null. Does not wait for one that ignores its signal. */
export async function runAttempt<T extends object>(
  kind: JobKind<T>,
  data: T,
  signals: readonly AbortSignal[],
): Promise<Error | null> {
  const signal = AbortSignal.any([...signals, AbortSignal.timeout(kind.timeLimitMs)]);
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason as Error);
  signal.addEventListener('abort', stop);
  try {
    signal.throwIfAborted();
    await Promise.race([kind.run(data, signal), stopped.promise]);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
