import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { EventSource } from '../formats/event-reader.ts';
import type { LogPart } from './cut-into-parts.ts';
import type { TallyScope } from './log-tally.ts';
import type { PartAnswer, PartQuestion } from './part-worker.ts';

/** Threads that read parts of logs. Memory: one part a thread, and one that waits. */
export class PartReaders implements AsyncDisposable {
  readonly #workers: readonly Worker[];

  constructor(threads: number, scope: TallyScope) {
    const script = new URL('./part-worker.ts', import.meta.url);
    this.#workers = Array.from({ length: threads }, () => new Worker(script, { workerData: scope }));
  }

  /** What each part gave, in their order whichever thread is done first. Rejects when a thread fails. */
  async *read(
    parts: AsyncIterable<LogPart>,
    source: Omit<EventSource, 'firstInstant'>,
  ): AsyncGenerator<PartAnswer> {
    const running: Promise<PartAnswer>[] = [];
    let next = 0;
    for await (const part of parts) {
      // The thread that is done first gets its next part before its answer is looked at.
      const answered = running.length === this.#workers.length ? await running.shift() : undefined;
      const worker = this.#workers[next++ % this.#workers.length]!;
      const answer = once(worker, 'message').then(([message]) => message as PartAnswer);
      answer.catch(() => {});
      worker.postMessage({ part, source } satisfies PartQuestion, [part.bytes.buffer]);
      running.push(answer);
      if (answered) yield answered;
    }
    yield* running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
