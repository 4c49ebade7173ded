import { badRequest } from '../errors.ts';
import type { Labels } from '../pipeline/entry.ts';
import { parseLabelsText } from './labels-text.ts';
import { bytesOf, numberOf, protobufFields, textOf } from './protobuf-reader.ts';
import type { PushedStream } from './pushed-stream.ts';

const NANOSECONDS = 1_000_000_000n;
const TIMESTAMP_MAX = 2n ** 63n - 1n;

/** Decodes logproto.PushRequest, see pkg/push/push.proto of Loki. */
export function decodeProtobufPush(message: Buffer): PushedStream[] {
  const streams: PushedStream[] = [];
  for (const field of protobufFields(message))
    if (field.number === 1) streams.push(decodeStream(bytesOf(field)));
  return streams;
}

function decodeStream(message: Buffer): PushedStream {
  let labels: Labels = {};
  const stream = { timestamps: [] as string[], lines: [] as string[], metadata: [] as (Labels | null)[] };
  for (const field of protobufFields(message)) {
    if (field.number === 1) labels = parseLabelsText(textOf(field));
    else if (field.number === 2) decodeEntry(bytesOf(field), stream);
  }
  return { labels, ...stream };
}

function decodeEntry(message: Buffer, stream: Omit<PushedStream, 'labels'>): void {
  let timestamp = '';
  let line = '';
  let metadata: Record<string, string> | null = null;
  for (const field of protobufFields(message)) {
    if (field.number === 1) timestamp = decodeTimestamp(bytesOf(field));
    else if (field.number === 2) line = textOf(field);
    else if (field.number === 3) {
      const { name, value } = decodePair(bytesOf(field));
      metadata ??= {};
      metadata[name] = value;
    }
  }
  if (timestamp === '') throw badRequest('an entry of the push request has no timestamp');
  stream.timestamps.push(timestamp);
  stream.lines.push(line);
  stream.metadata.push(metadata);
}

function decodeTimestamp(message: Buffer): string {
  let timestamp = 0n;
  for (const field of protobufFields(message)) {
    if (field.number === 1) timestamp += (numberOf(field) ?? 0n) * NANOSECONDS;
    else if (field.number === 2) timestamp += numberOf(field) ?? 0n;
  }
  if (timestamp <= 0n || timestamp > TIMESTAMP_MAX)
    throw badRequest('the timestamp of an entry is out of range');
  return String(timestamp);
}

function decodePair(message: Buffer): { name: string; value: string } {
  let name = '';
  let value = '';
  for (const field of protobufFields(message)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2) value = textOf(field);
  }
  return { name, value };
}
