import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { MinerSnapshot } from './miner-snapshot.ts';
import type { MiningPart } from './mining-worker.ts';
import type { TemplateMinerLimits } from './template-miner.ts';
import { TemplateMiner } from './template-miner.ts';

const LINE_FEED = 10;
/** Large enough that sampling, which begins anew in each part, costs little; small enough to share the work well. */
const PART_BYTES = 16 * 2 ** 20;

export interface ParallelMinerOptions {
  readonly threads: number;
  /** The most bytes of a part, up to a line. It does not depend on the number of threads, so neither does the result. */
  readonly partBytes?: number;
  readonly limits?: Partial<TemplateMinerLimits>;
}

/**
 * Mines large texts on worker threads. Each part is mined alone and the parts are merged in their order: the templates,
 * the counts and the sampled values are the same for any number of threads. `close` ends the threads.
 */
export class ParallelMiner {
  /** What was learned from all texts so far. */
  readonly miner: TemplateMiner;
  readonly #partBytes: number;
  readonly #workers: readonly Worker[];

  constructor({ threads, partBytes = PART_BYTES, limits = {} }: ParallelMinerOptions) {
    this.#partBytes = partBytes;
    this.miner = new TemplateMiner(limits);
    const script = new URL('./mining-worker.ts', import.meta.url);
    this.#workers = Array.from({ length: threads }, () => new Worker(script, { workerData: limits }));
  }

  /**
   * Adds all lines of a text in shared memory. One text at a time: wait for the answer before the next. Rejects when
   * a thread fails; the miner then lacks the rest of the text.
   */
  async mine(bytes: Uint8Array<SharedArrayBuffer>): Promise<void> {
    const parts = [...partsOf(bytes, this.#partBytes)];
    const learned: (MinerSnapshot | undefined)[] = [];
    let next = 0;
    let merged = 0;
    const give = (worker: Worker): number | null => {
      const part = parts[next];
      if (!part) return null;
      worker.postMessage(part, []);
      return next++;
    };
    const work = async (worker: Worker): Promise<void> => {
      // One part more than a thread mines: it goes on with it while its last result is read and merged here.
      let running = give(worker);
      let waiting = give(worker);
      if (running === null) return;
      for await (const [snapshot] of on(worker, 'message') as AsyncIterable<[MinerSnapshot]>) {
        learned[running] = snapshot;
        running = waiting;
        waiting = give(worker);
        for (; learned[merged]; merged++) {
          this.miner.merge(learned[merged]);
          learned[merged] = undefined;
        }
        if (running === null) return;
      }
    };
    await Promise.all(this.#workers.map(work));
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

/** Equal parts, an even number of them: a short last one would leave all threads but one idle at the end. */
function* partsOf(bytes: Uint8Array, partBytesMax: number): Generator<MiningPart> {
  const pairs = Math.max(1, Math.ceil(bytes.length / (2 * partBytesMax)));
  const partBytes = Math.ceil(bytes.length / (2 * pairs));
  for (let index = 0, start = 0; start < bytes.length; index++) {
    const cut = bytes.indexOf(LINE_FEED, start + partBytes);
    const end = cut < 0 ? bytes.length : cut + 1;
    yield { index, bytes, start, end };
    start = end;
  }
}
