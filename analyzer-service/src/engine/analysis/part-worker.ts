import { parentPort, workerData } from 'node:worker_threads';
import type { LogPart } from './cut-into-parts.ts';
import type { TallyScope, TallyState } from './log-tally.ts';
import { LogTally } from './log-tally.ts';
import type { LineCounts } from './read-events.ts';
import { ByteReader } from './read-events.ts';
import type { EventSource } from '../formats/event-reader.ts';

export interface PartQuestion {
  readonly part: LogPart;
  readonly source: Omit<EventSource, 'firstInstant'>;
}

export interface PartAnswer {
  readonly counts: LineCounts;
  readonly tally: TallyState;
}

/** Lines live shorter than the part, so that they cost the garbage collector nothing. */
const CHUNK_BYTES = 128 * 1024;

parentPort?.on('message', ({ part, source }: PartQuestion) => {
  const { bytes, firstLineNumber, firstInstant } = part;
  const tally = new LogTally(workerData as TallyScope);
  const reader = new ByteReader({ ...source, firstInstant }, firstLineNumber, (event) => tally.add(event));
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES)
    reader.add(Buffer.from(bytes.buffer, start, Math.min(CHUNK_BYTES, bytes.length - start)));
  const counts = reader.end();
  parentPort?.postMessage({ counts, tally: tally.state() } satisfies PartAnswer, []);
});
