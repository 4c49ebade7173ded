import { badRequest } from '../errors.ts';
import type { Labels } from '../pipeline/entry.ts';
import type { PushedStream } from './pushed-stream.ts';

/** Decodes Loki's JSON push: `{"streams": [{"stream": {...}, "values": [["<ns>", "<line>", {...}]]}]}`. */
export function decodeJsonPush(body: string): PushedStream[] {
  let request: unknown;
  try {
    request = JSON.parse(body);
  } catch (cause) {
    throw badRequest(`couldn't parse push request: ${cause instanceof Error ? cause.message : 'no JSON'}`);
  }
  const streams = isRecord(request) ? request.streams : undefined;
  if (streams === undefined || streams === null) return [];
  if (!Array.isArray(streams)) throw badRequest("couldn't parse push request: streams is not a list");
  return streams.map(decodeStream);
}

function decodeStream(stream: unknown): PushedStream {
  if (!isRecord(stream)) throw badRequest("couldn't parse push request: a stream is not an object");
  const decoded: PushedStream = {
    labels: decodeLabels(stream.stream ?? {}),
    timestamps: [],
    lines: [],
    metadata: [],
  };
  const values = stream.values ?? [];
  if (!Array.isArray(values)) throw badRequest("couldn't parse push request: values is not a list");
  for (const value of values as unknown[]) {
    if (!Array.isArray(value)) throw badRequest("couldn't parse push request: a value is not a list");
    const [timestamp, line, metadata] = value as unknown[];
    if (typeof line !== 'string') throw badRequest("couldn't parse push request: a line is not a string");
    decoded.timestamps.push(decodeTimestamp(timestamp));
    decoded.lines.push(line.isWellFormed() ? line : line.toWellFormed());
    decoded.metadata.push(metadata === undefined || metadata === null ? null : decodeLabels(metadata));
  }
  return decoded;
}

const TIMESTAMP = /^[1-9]\d{0,18}$/;

function decodeTimestamp(timestamp: unknown): string {
  if (
    typeof timestamp !== 'string' ||
    !TIMESTAMP.test(timestamp) ||
    (timestamp.length === 19 && timestamp > '9223372036854775807')
  )
    throw badRequest(
      `couldn't parse push request: the timestamp ${JSON.stringify(timestamp)?.slice(0, 40)} is not a string of nanoseconds since 1970`,
    );
  return timestamp;
}

function decodeLabels(labels: unknown): Labels {
  if (!isRecord(labels)) throw badRequest("couldn't parse push request: labels are not an object");
  for (const name in labels) {
    const value = labels[name];
    if (typeof value !== 'string')
      throw badRequest(`couldn't parse push request: the value of ${name} is not a string`);
    if (!value.isWellFormed()) return wellFormed(labels as Record<string, string>);
  }
  return labels as Labels;
}

function wellFormed(labels: Record<string, string>): Labels {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, value.toWellFormed()]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
