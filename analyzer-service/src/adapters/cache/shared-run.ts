import { AppError } from '../../errors.ts';

/** One computation that several wait for. It is aborted when the last of them has gone. */
export class SharedRun<T> {
  readonly #result: Promise<T>;
  readonly #controller = new AbortController();
  readonly #onIdle: () => void;
  #waiting = 0;

  constructor(run: (signal: AbortSignal) => Promise<T>, onIdle: () => void) {
    this.#onIdle = onIdle;
    this.#result = run(this.#controller.signal);
    // Whoever waits sees the error; when all have gone, nobody needs to.
    this.#result.catch(() => undefined);
  }

  /** Throws `cancelled` as soon as `signal` aborts, whatever the others do. */
  async wait(signal: AbortSignal): Promise<T> {
    const left = Promise.withResolvers<never>();
    const leave = () =>
      left.reject(new AppError('cancelled', 'The request was cancelled before its answer.'));
    this.#waiting++;
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    try {
      return await Promise.race([this.#result, left.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
      if (--this.#waiting === 0) {
        this.#onIdle();
        this.#controller.abort();
      }
    }
  }
}
