import { AppError } from '../../errors.ts';
import type { LogSource } from '../../ports.ts';
import type { ObservedQuery } from './service-metrics.ts';

/** The same source; each of its calls that answers later is told to `observe` once it has ended. */
export function timedSource<Source extends LogSource>(
  source: Source,
  observe: (query: ObservedQuery) => void,
): Source {
  return new Proxy(source, {
    get(target, operation) {
      const member: unknown = Reflect.get(target, operation, target);
      if (typeof member !== 'function') return member;
      return (...given: readonly unknown[]): unknown => {
        const startedMs = performance.now();
        const answer: unknown = Reflect.apply(member, target, given);
        if (!(answer instanceof Promise)) return answer;
        const ended = (outcome: string) =>
          observe({
            operation: String(operation),
            outcome,
            seconds: (performance.now() - startedMs) / 1_000,
          });
        answer.then(
          () => ended('ok'),
          (error: unknown) => ended(error instanceof AppError ? error.code : 'internal'),
        );
        return answer;
      };
    },
  });
}
