import { Breather } from '../breather.ts';
import { LokiError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { labelNameOf } from '../pipeline/label-name.ts';
import type { Labels } from '../pipeline/entry.ts';
import { labelsTextOf, type Stream, type Streams } from '../store/streams.ts';
import { isNewer } from '../store/time-spans.ts';
import { emptyLines, type NewLines } from '../store/writer.ts';
import { detectLevel, levelOfLabels } from './detected-level.ts';
import type { PushedStream } from './pushed-stream.ts';
import { checkLabels, checkLine, checkMetadata } from './validate.ts';
import { withServiceName } from './service-name.ts';

/** What of a push is stored, and why the rest is not (the last reason, as Loki answers it). */
export type Accepted = { readonly lines: NewLines; readonly refusal: LokiError | null };

export async function acceptStreams(
  pushed: readonly PushedStream[],
  tenant: string,
  streams: Streams,
  limits: Limits,
  nowMs: number,
): Promise<Accepted> {
  const acceptance = new Acceptance(limits, nowMs);
  const breather = new Breather();
  for (const stream of pushed) {
    if (stream.lines.length === 0) continue;
    try {
      const known = resolveStream(stream.labels, tenant, streams, limits);
      for (let from = 0; from < stream.lines.length; from += LINES_A_TURN) {
        acceptance.accept(stream, known, from, from + LINES_A_TURN);
        await breather.breathe();
      }
    } catch (error) {
      acceptance.refuse(error);
    }
  }
  return acceptance;
}

const LINES_A_TURN = 2000;

function resolveStream(pushed: Labels, tenant: string, streams: Streams, limits: Limits): Stream {
  checkLabels(pushed, limits);
  const labels = withServiceName(pushed);
  const known = streams.find(tenant, labels);
  if (known) return known;
  if (streams.size >= limits.streamsMax)
    throw new LokiError(
      429,
      `Maximum active stream limit exceeded when trying to create stream ${textOf(pushed)}, reduce the number of active streams (reduce labels or reduce label values), limit: ${limits.streamsMax}`,
    );
  return streams.intern(tenant, JSON.parse(labelsTextOf(labels)) as Labels);
}

class Acceptance implements Accepted {
  readonly lines = emptyLines();
  refusal: LokiError | null = null;
  readonly #limits: Limits;
  readonly #newestNs: string;
  readonly #oldestNs: string;

  constructor(limits: Limits, nowMs: number) {
    this.#limits = limits;
    this.#newestNs = `${nowMs + limits.creationGraceMs}000000`;
    this.#oldestNs = limits.oldestAcceptedMs > 0 ? `${nowMs - limits.oldestAcceptedMs}000000` : '';
  }

  refuse(error: unknown): void {
    if (!(error instanceof LokiError)) throw error;
    this.refusal = error;
  }

  accept(pushed: PushedStream, stream: Stream, from: number, to: number): void {
    const streamLevel = levelOfLabels(stream.labels);
    const end = Math.min(to, pushed.lines.length);
    for (let index = from; index < end; index += 1) {
      const [timestamp, line] = [pushed.timestamps[index] as string, pushed.lines[index] as string];
      const metadata = pushed.metadata[index] ?? null;
      try {
        this.#checkTime(timestamp, stream.labels);
        checkLine(line, stream.labels, this.#limits);
        if (metadata) checkMetadata(metadata, stream.labels, this.#limits);
      } catch (error) {
        this.refuse(error);
        continue;
      }
      const named = metadata && namedMetadata(metadata);
      this.lines.streams.push(stream);
      this.lines.timestamps.push(timestamp);
      this.lines.lines.push(line);
      this.lines.levels.push(named?.detected_level ?? streamLevel ?? detectLevel(line, named));
      this.lines.metadata.push(named ? metadataTextOf(named) : '');
    }
  }

  #checkTime(timestamp: string, labels: Labels): void {
    if (isNewer(timestamp, this.#newestNs))
      throw new LokiError(400, `entry for stream '${textOf(labels)}' has timestamp too new: ${timestamp}`);
    if (this.#oldestNs !== '' && isNewer(this.#oldestNs, timestamp))
      throw new LokiError(
        400,
        `entry for stream '${textOf(labels)}' has timestamp too old: ${timestamp}, oldest acceptable timestamp is: ${this.#oldestNs}`,
      );
  }
}

/** Structured metadata with names that a label can have. */
function namedMetadata(metadata: Labels): Labels {
  for (const name in metadata)
    if (labelNameOf(name) !== name)
      return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [labelNameOf(key), value]));
  return metadata;
}

/** The level is kept in a column of its own. */
function metadataTextOf(metadata: Labels): string {
  if (Object.hasOwn(metadata, 'detected_level')) {
    const { detected_level: _, ...rest } = metadata;
    return metadataTextOf(rest);
  }
  const text = labelsTextOf(metadata);
  return text === '{}' ? '' : text;
}

const textOf = (labels: Labels): string =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')}}`;
