import { parentPort, workerData } from 'node:worker_threads';
import type { TemplateMinerLimits } from './template-miner.ts';
import { TemplateMiner } from './template-miner.ts';

/** A part of a text: the lines from `start` to `end`. */
export interface MiningPart {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

const miner = new TemplateMiner(workerData as Partial<TemplateMinerLimits>);

parentPort?.on('message', ({ bytes, start, end }: MiningPart) => {
  miner.addLines(bytes, start, end);
  parentPort?.postMessage(miner.drain(), []);
});
