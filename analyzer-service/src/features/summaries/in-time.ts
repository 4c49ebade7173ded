import { AppError } from '../../errors.ts';

/** Waits for `run` no longer than the limit, also when it heeds no signal. Throws `model_timeout` like errors as AppError. */
export async function inTime<T>(
  timeoutMs: number,
  caller: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const signal = AbortSignal.any([caller, limit.signal]);
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  const onAbort = () =>
    reject(
      new AppError(
        'cancelled',
        caller.aborted
          ? 'The caller went away. Ask again.'
          : `it took longer than ${timeoutMs} ms. Raise SUMMARY_TIMEOUT_MS or take a faster model.`,
      ),
    );
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([run(signal), over]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    over.catch(() => undefined);
  }
}
