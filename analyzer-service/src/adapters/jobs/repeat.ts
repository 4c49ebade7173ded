import type { JobKind } from '../../ports.ts';

const LOOK_MS = 30_000;

/**
 * Puts jobs that run by themselves into the queue. Every analyzer tries; the queue takes one in each stretch of time.
 * The returned function ends it.
 */
export function repeat(
  kinds: readonly JobKind<never>[],
  enqueueOnce: (kind: JobKind<never>, everyMs: number) => Promise<unknown>,
  onError: (error: Error) => void,
): () => void {
  const look = () => {
    for (const kind of kinds) {
      if (kind.everyMs !== undefined) enqueueOnce(kind, kind.everyMs).catch(onError);
    }
  };
  look();
  const shortest = Math.min(LOOK_MS, ...kinds.map(({ everyMs }) => everyMs ?? LOOK_MS));
  const timer = setInterval(look, shortest);
  timer.unref();
  return () => clearInterval(timer);
}
