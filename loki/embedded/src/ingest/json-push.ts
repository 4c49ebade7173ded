import type { Breather } from '../breather.ts';
import { badRequest } from '../errors.ts';
import { JsonSyntaxError, skipSpace, unescapeJson, valueEnd } from '../parsers/json-scanner.ts';
import type { Labels } from '../pipeline/entry.ts';
import type { PushedStream } from './pushed-stream.ts';

/** A body of this length is parsed within some ten milliseconds. */
const WHOLE_CHARACTERS_MAX = 2_000_000;
const VALUES_A_PART = 2000;

/**
 * Decodes Loki's JSON push, `{"streams": [{"stream": {...}, "values": [["<ns>", "<line>", {...}]]}]}`. A large
 * one is read in parts, so that other requests are served meanwhile.
 */
export async function decodeJsonPush(text: string, breather: Breather): Promise<PushedStream[]> {
  try {
    return text.length > WHOLE_CHARACTERS_MAX
      ? await decodeInParts(text, breather)
      : decodeWhole(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError) && !(error instanceof SyntaxError)) throw error;
    throw refuse(error.message);
  }
}

function decodeWhole(request: unknown): PushedStream[] {
  const streams = recordOf(request).streams ?? [];
  if (!Array.isArray(streams)) throw refuse('streams is not a list');
  return streams.map((item: unknown) => {
    const { stream, values } = recordOf(item);
    if (!Array.isArray(values ?? [])) throw refuse('values is not a list');
    const entries: Entries = { timestamps: [], lines: [], metadata: [] };
    for (const value of (values ?? []) as unknown[]) decodeValue(value, entries);
    return { labels: decodeLabels(stream ?? {}), ...entries };
  });
}

function recordOf(value: unknown): { readonly [name: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse('an object was expected');
  return value as { readonly [name: string]: unknown };
}

async function decodeInParts(text: string, breather: Breather): Promise<PushedStream[]> {
  const streams: PushedStream[] = [];
  for (const [key, from] of members(text, skipSpace(text, 0, text.length))) {
    if (key !== 'streams' || isNull(text, from)) continue;
    for (const at of elements(text, from)) streams.push(await decodeStream(text, at, breather));
  }
  return streams;
}

const refuse = (reason: string): Error => badRequest(`couldn't parse push request: ${reason}`);

async function decodeStream(text: string, from: number, breather: Breather): Promise<PushedStream> {
  let labels: Labels = {};
  const entries: Entries = { timestamps: [], lines: [], metadata: [] };
  for (const [key, at] of members(text, from)) {
    if (isNull(text, at)) continue;
    if (key === 'stream') labels = decodeLabels(JSON.parse(text.slice(at, valueEnd(text, at, text.length))));
    else if (key === 'values')
      for (const part of partsOf(text, at)) {
        for (const value of JSON.parse(part) as unknown[]) decodeValue(value, entries);
        await breather.breathe();
      }
  }
  return { labels, ...entries };
}

/** The list at a place as several lists of bounded length. */
function* partsOf(text: string, from: number): Generator<string> {
  let partFrom = -1;
  let partEnd = from;
  let count = 0;
  for (const element of elements(text, from)) {
    if (count === VALUES_A_PART) {
      yield `[${text.slice(partFrom, partEnd)}]`;
      count = 0;
    }
    if (count === 0) partFrom = element;
    partEnd = valueEnd(text, element, text.length);
    count += 1;
  }
  if (count > 0) yield `[${text.slice(partFrom, partEnd)}]`;
}

type Entries = Omit<PushedStream, 'labels'>;

function decodeValue(value: unknown, entries: Entries): void {
  if (!Array.isArray(value)) throw refuse('a value is not a list');
  const [timestamp, line, metadata] = value as unknown[];
  if (typeof line !== 'string') throw refuse('a line is not a string');
  entries.timestamps.push(decodeTimestamp(timestamp));
  entries.lines.push(line.isWellFormed() ? line : line.toWellFormed());
  entries.metadata.push(metadata === undefined || metadata === null ? null : decodeLabels(metadata));
}

const TIMESTAMP = /^[1-9]\d{0,18}$/;

function decodeTimestamp(timestamp: unknown): string {
  if (
    typeof timestamp !== 'string' ||
    !TIMESTAMP.test(timestamp) ||
    (timestamp.length === 19 && timestamp > '9223372036854775807')
  )
    throw refuse(
      `the timestamp ${JSON.stringify(timestamp)?.slice(0, 40)} is not a string of nanoseconds since 1970`,
    );
  return timestamp;
}

function decodeLabels(value: unknown): Labels {
  const labels = recordOf(value);
  for (const [name, value] of Object.entries(labels)) {
    if (typeof value !== 'string') throw refuse(`the value of ${name} is not a string`);
    if (!value.isWellFormed()) return wellFormed(labels as Record<string, string>);
  }
  return labels as Labels;
}

function wellFormed(labels: Record<string, string>): Labels {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, value.toWellFormed()]));
}

const isNull = (text: string, at: number): boolean => text.startsWith('null', at);

/** The members of the object at a place: each key, and where its value starts. */
function* members(text: string, from: number): Generator<readonly [key: string, at: number]> {
  if (text[from] !== '{') throw new JsonSyntaxError('an object was expected');
  let at = skipSpace(text, from + 1, text.length);
  while (text[at] !== '}') {
    const keyEnd = valueEnd(text, at, text.length);
    const key = text[at] === '"' ? unescapeJson(text.slice(at + 1, keyEnd - 1)) : null;
    at = skipSpace(text, keyEnd, text.length);
    if (key === null || text[at] !== ':') throw new JsonSyntaxError('a key was expected');
    const value = skipSpace(text, at + 1, text.length);
    yield [key, value];
    at = afterValue(text, valueEnd(text, value, text.length), '}');
  }
}

/** Where the elements of the array at a place start. */
function* elements(text: string, from: number): Generator<number> {
  if (text[from] !== '[') throw new JsonSyntaxError('a list was expected');
  let at = skipSpace(text, from + 1, text.length);
  while (text[at] !== ']') {
    yield at;
    at = afterValue(text, valueEnd(text, at, text.length), ']');
  }
}

/** After a value comes the end of what it is in, or a comma and the next. */
function afterValue(text: string, end: number, closing: string): number {
  const at = skipSpace(text, end, text.length);
  if (text[at] === closing) return at;
  const next = text[at] === ',' ? skipSpace(text, at + 1, text.length) : -1;
  if (next < 0 || text[next] === closing)
    throw new JsonSyntaxError(`"," and a value, or "${closing}", was expected`);
  return next;
}
