import { setTimeout as sleep } from 'node:timers/promises';
import { postBatch, pushAddress } from './post-batch.ts';
import type { SampleLine, StreamLabels } from './sample-line.ts';

export interface PushOptions {
  /** Loki's base address, for example http://localhost:3100. */
  readonly url: string;
  /** `fast` sends as quickly as Loki takes it; `clock` holds each line back until its time has come. */
  readonly pace?: 'fast' | 'clock';
  readonly batchLines?: number;
  /** How often one batch is tried before the push gives up. */
  readonly attempts?: number;
  /** The pause after the first failed attempt; it doubles with each further one, up to 5 s. */
  readonly backoffMs?: number;
  /** Called after each batch that Loki took. */
  readonly onProgress?: (progress: PushProgress) => void;
  /** Stops the push; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface PushProgress {
  readonly lines: number;
  readonly batches: number;
  /** Compressed, as sent. */
  readonly bytes: number;
  readonly retries: number;
}

/**
 * Sends lines to Loki's push API in order, one batch at a time; the next batch is made while the last one is on its
 * way. Answers with the totals once Loki has taken everything. Fails with one sentence that says what to do.
 */
export async function pushSample(lines: Iterable<SampleLine>, options: PushOptions): Promise<PushProgress> {
  const { pace = 'fast', batchLines = 5000, attempts = 8, backoffMs = 250, onProgress, signal } = options;
  const address = pushAddress(options.url);
  let progress: PushProgress = { lines: 0, batches: 0, bytes: 0, retries: 0 };
  let batch: SampleLine[] = [];
  let onItsWay: Promise<void> = Promise.resolve();

  const send = async (sent: readonly SampleLine[]): Promise<void> => {
    const { bytes, retries } = await postBatch(address, pushBody(sent), { attempts, backoffMs, signal });
    progress = {
      lines: progress.lines + sent.length,
      batches: progress.batches + 1,
      bytes: progress.bytes + bytes,
      retries: progress.retries + retries,
    };
    onProgress?.(progress);
  };
  const flush = async (): Promise<void> => {
    await onItsWay;
    signal?.throwIfAborted();
    if (batch.length === 0) return;
    onItsWay = send(batch);
    // The failure is thrown by the next flush; until then it must not count as unhandled.
    onItsWay.catch(() => {});
    batch = [];
  };

  for (const line of lines) {
    const earlyMs = pace === 'clock' ? line.timeMs - Date.now() : 0;
    if (earlyMs > 0) {
      await flush();
      await sleep(Math.max(earlyMs, LIVE_BATCH_MS), undefined, { signal });
    }
    batch.push(line);
    if (batch.length >= batchLines) await flush();
  }
  await flush();
  await onItsWay;
  return progress;
}

/** In live mode lines gather at least so long, lest each one becomes a request. */
const LIVE_BATCH_MS = 200;

/** The JSON of POST /loki/api/v1/push. Labels are one object for each stream, so identity groups them. */
function pushBody(lines: readonly SampleLine[]): string {
  const streams = new Map<StreamLabels, unknown[]>();
  for (const { labels, timestampNs, text, metadata } of lines) {
    const value = [timestampNs, text, metadata];
    const values = streams.get(labels);
    if (values === undefined) streams.set(labels, [value]);
    else values.push(value);
  }
  return JSON.stringify({ streams: Array.from(streams, ([stream, values]) => ({ stream, values })) });
}
