import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { MinerSnapshot } from './miner-snapshot.ts';
import type { MiningPart } from './mining-worker.ts';
import type { TemplateMinerLimits } from './template-miner.ts';
import { TemplateMiner } from './template-miner.ts';

const LINE_FEED = 10;
/** Parts have this size whatever the number of threads, so that the result does not depend on it. */
const PART_BYTES = 8 * 2 ** 20;

/**
 * Mines large texts on worker threads. Each part is mined alone and the parts are merged in their order: the templates,
 * the counts and the sampled values are the same for any number of threads. `close` ends the threads.
 */
export class ParallelMiner {
  /** What was learned from all texts so far. */
  readonly miner: TemplateMiner;
  readonly #workers: readonly Worker[];

  constructor(threads: number, limits: Partial<TemplateMinerLimits> = {}) {
    this.miner = new TemplateMiner(limits);
    const script = new URL('./mining-worker.ts', import.meta.url);
    this.#workers = Array.from({ length: threads }, () => new Worker(script, { workerData: limits }));
  }

  /**
   * Adds all lines of a text in shared memory. One text at a time: wait for the answer before the next. Rejects when
   * a thread fails; the miner then lacks the rest of the text.
   */
  async mine(bytes: Uint8Array<SharedArrayBuffer>): Promise<void> {
    const parts = [...partsOf(bytes)];
    const learned: (MinerSnapshot | undefined)[] = [];
    let next = 0;
    let merged = 0;
    const work = async (worker: Worker): Promise<void> => {
      while (next < parts.length) {
        const part = next++;
        worker.postMessage(parts[part], []);
        const [snapshot] = (await once(worker, 'message')) as [MinerSnapshot];
        learned[part] = snapshot;
        for (; learned[merged]; merged++) {
          this.miner.merge(learned[merged]);
          learned[merged] = undefined;
        }
      }
    };
    await Promise.all(this.#workers.map(work));
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function* partsOf(bytes: Uint8Array): Generator<MiningPart> {
  for (let start = 0; start < bytes.length;) {
    const cut = bytes.indexOf(LINE_FEED, start + PART_BYTES);
    const end = cut < 0 ? bytes.length : cut + 1;
    yield { bytes, start, end };
    start = end;
  }
}
