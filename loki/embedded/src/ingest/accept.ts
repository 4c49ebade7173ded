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

export function acceptStreams(
  pushed: readonly PushedStream[],
  tenant: string,
  streams: Streams,
  limits: Limits,
  nowMs: number,
): Accepted {
  const lines = emptyLines();
  let refusal: LokiError | null = null;
  const refuse = (error: unknown): void => {
    if (!(error instanceof LokiError)) throw error;
    refusal = error;
  };
  for (const stream of pushed) {
    if (stream.lines.length === 0) continue;
    try {
      acceptStream(
        stream,
        resolveStream(stream.labels, tenant, streams, limits),
        lines,
        limits,
        nowMs,
        refuse,
      );
    } catch (error) {
      refuse(error);
    }
  }
  return { lines, refusal };
}

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

function acceptStream(
  pushed: PushedStream,
  stream: Stream,
  into: NewLines,
  limits: Limits,
  nowMs: number,
  refuse: (error: unknown) => void,
): void {
  const newestNs = `${nowMs + limits.creationGraceMs}000000`;
  const oldestNs = limits.oldestAcceptedMs > 0 ? `${nowMs - limits.oldestAcceptedMs}000000` : '';
  const streamLevel = levelOfLabels(stream.labels);
  for (const [index, line] of pushed.lines.entries()) {
    const timestamp = pushed.timestamps[index] as string;
    const metadata = pushed.metadata[index] ?? null;
    try {
      if (isNewer(timestamp, newestNs))
        throw new LokiError(
          400,
          `entry for stream '${textOf(stream.labels)}' has timestamp too new: ${timestamp}`,
        );
      if (oldestNs !== '' && isNewer(oldestNs, timestamp))
        throw new LokiError(
          400,
          `entry for stream '${textOf(stream.labels)}' has timestamp too old: ${timestamp}, oldest acceptable timestamp is: ${oldestNs}`,
        );
      checkLine(line, stream.labels, limits);
      if (metadata) checkMetadata(metadata, stream.labels, limits);
    } catch (error) {
      refuse(error);
      continue;
    }
    into.streams.push(stream);
    into.timestamps.push(timestamp);
    into.lines.push(line);
    const named = metadata && namedMetadata(metadata);
    into.levels.push(named?.detected_level ?? streamLevel ?? detectLevel(line, named));
    into.metadata.push(named ? metadataTextOf(named) : '');
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
