import { LINE_BYTES_MAX } from '../formats/line-splitter.ts';
import type { Instant } from '../formats/timestamp.ts';

/** A stretch of a log that can be read apart from the others: whole lines, from the beginning of an event on. */
export interface LogPart {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Number of its first line; the first line of a log has number 1. */
  readonly firstLineNumber: number;
  /** The time of its lines before the first one that has a time of its own. */
  readonly firstInstant: Instant;
}

export interface CutOptions {
  readonly partBytes: number;
  readonly firstInstant: Instant;
  /** The time that a line carries itself. A line that does begins an event. */
  readonly instantOf: (line: string) => Instant | null;
}

/** How far back from the end of a part the beginning of an event is looked for. */
const LINES_LOOKED_AT = 2_000;
const LINE_FEED = 10;
/** Room for the last chunk of a part. */
const CHUNK_BYTES = 128 * 1024;

/**
 * Cuts a log into parts of some `partBytes`. A part begins with a line that carries its own time, so that no event is
 * torn, as long as one of the last 2,000 lines before the border does. Where the borders are depends on the bytes alone.
 */
export async function* cutIntoParts(
  chunks: AsyncIterable<Buffer>,
  { partBytes, firstInstant, instantOf }: CutOptions,
): AsyncGenerator<LogPart> {
  let open: OpenPart = { buffer: bufferFor(partBytes), used: 0, firstLineNumber: 1, firstInstant };
  let lineFeeds = 0;
  let lineBytes = 0;
  for await (const chunk of chunks) {
    const fitting = withoutSurplus(chunk, lineBytes);
    lineFeeds += fitting.lineFeeds;
    lineBytes = fitting.lineBytes;
    open = append(open, fitting.pieces);
    if (open.used < partBytes) continue;
    const border = lastBorder(open.buffer.subarray(0, open.used), instantOf);
    if (border.at === 0) continue;
    const rest = open.buffer.subarray(border.at, open.used);
    const next = {
      buffer: bufferFor(partBytes),
      used: 0,
      firstLineNumber: open.firstLineNumber + lineFeeds - border.lineFeedsBehind,
      firstInstant: border.instant ?? open.firstInstant,
    };
    const begun = append(next, [rest]);
    yield close(open, border.at);
    lineFeeds = border.lineFeedsBehind;
    open = begun;
  }
  if (open.used > 0) yield close(open, open.used);
}

interface OpenPart {
  readonly buffer: Buffer<ArrayBuffer>;
  readonly used: number;
  readonly firstLineNumber: number;
  readonly firstInstant: Instant;
}

function bufferFor(bytes: number): Buffer<ArrayBuffer> {
  return Buffer.allocUnsafeSlow(bytes + CHUNK_BYTES);
}

function append(part: OpenPart, pieces: readonly Buffer[]): OpenPart {
  const used = pieces.reduce((sum, { length }) => sum + length, part.used);
  let { buffer } = part;
  if (used > buffer.length) {
    buffer = Buffer.allocUnsafeSlow(2 * used);
    part.buffer.copy(buffer, 0, 0, part.used);
  }
  pieces.reduce((at, piece) => at + piece.copy(buffer, at), part.used);
  return { ...part, buffer, used };
}

function close({ buffer, firstLineNumber, firstInstant }: OpenPart, length: number): LogPart {
  return { bytes: new Uint8Array(buffer.buffer, 0, length), firstLineNumber, firstInstant };
}

interface Border {
  /** Where the last event begins; 0 when there is only one line. */
  readonly at: number;
  readonly lineFeedsBehind: number;
  readonly instant: Instant | null;
}

/** The beginning of the last line that carries a time, or else of the last line. */
function lastBorder(bytes: Buffer, instantOf: CutOptions['instantOf']): Border {
  let end = bytes.length;
  let last: Border = { at: 0, lineFeedsBehind: 0, instant: null };
  for (let lineFeedsBehind = 0; lineFeedsBehind < LINES_LOOKED_AT; lineFeedsBehind++) {
    const at = end === 0 ? 0 : bytes.lastIndexOf(LINE_FEED, end - 1) + 1;
    if (at === 0) break;
    if (lineFeedsBehind === 0) last = { at, lineFeedsBehind, instant: null };
    const instant = instantOf(bytes.toString('utf8', at, Math.min(end, at + LINE_BYTES_MAX)));
    if (instant !== null) return { at, lineFeedsBehind, instant };
    end = at - 1;
  }
  return last;
}

interface FittingBytes {
  readonly pieces: readonly Buffer[];
  readonly lineFeeds: number;
  /** Bytes of the line that goes on in the next chunk. */
  readonly lineBytes: number;
}

/** The chunk without what of its lines is beyond the limit of a line, all but one byte, which shows that it was cut. */
function withoutSurplus(chunk: Buffer, lineBytes: number): FittingBytes {
  const pieces: Buffer[] = [];
  let lineFeeds = 0;
  let kept = 0;
  let length = lineBytes;
  let start = 0;
  for (;;) {
    const lineFeed = chunk.indexOf(LINE_FEED, start);
    const end = lineFeed < 0 ? chunk.length : lineFeed;
    const room = Math.max(0, LINE_BYTES_MAX + 1 - length);
    if (end - start > room) {
      pieces.push(chunk.subarray(kept, start + room));
      kept = end;
    }
    if (lineFeed < 0)
      return { pieces: [...pieces, chunk.subarray(kept)], lineFeeds, lineBytes: length + end - start };
    lineFeeds++;
    length = 0;
    start = lineFeed + 1;
  }
}
