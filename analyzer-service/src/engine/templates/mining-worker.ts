import { parentPort, workerData } from 'node:worker_threads';
import type { TemplateMinerLimits } from './template-miner.ts';
import { TemplateMiner } from './template-miner.ts';
import type { Sampling } from './wording-store.ts';

/** A part of a text: the lines from `start` to `end`. */
export interface MiningPart {
  /** 0 for the first part of the text. */
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Counting begins anew in each part: all parts together still sample every wording more densely than a whole would. */
const LATER_PARTS: Sampling = { first: 4, share: 1 / 4 };

const miner = new TemplateMiner(workerData as Partial<TemplateMinerLimits>);

parentPort?.on('message', ({ index, bytes, start, end }: MiningPart) => {
  miner.sampleBy(index === 0 ? undefined : LATER_PARTS);
  miner.addLines(bytes, start, end);
  parentPort?.postMessage(miner.drain(), []);
});
