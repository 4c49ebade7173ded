import type { EventCounts, EventSource, FileEvent } from '../formats/event-reader.ts';
import { EventReader } from '../formats/event-reader.ts';
import { LineSplitter } from '../formats/line-splitter.ts';

/** What became of the lines of a log or of a part of one. */
export interface LineCounts extends EventCounts {
  readonly lines: number;
  /** Lines that were longer than the limit. */
  readonly cutLines: number;
}

export const NO_LINES: LineCounts = {
  lines: 0,
  cutLines: 0,
  events: 0,
  continuationLines: 0,
  blankLines: 0,
  eventsWithoutTime: 0,
};

export function sumOfCounts(a: LineCounts, b: LineCounts): LineCounts {
  return {
    lines: a.lines + b.lines,
    cutLines: a.cutLines + b.cutLines,
    events: a.events + b.events,
    continuationLines: a.continuationLines + b.continuationLines,
    blankLines: a.blankLines + b.blankLines,
    eventsWithoutTime: a.eventsWithoutTime + b.eventsWithoutTime,
  };
}

/** Turns the bytes of one log, in their order, into events. */
export class ByteReader {
  readonly #splitter: LineSplitter;
  readonly #events: EventReader;
  #lines = 0;
  #cutLines = 0;

  constructor(source: EventSource, firstLineNumber: number, emit: (event: FileEvent) => void) {
    this.#splitter = new LineSplitter(firstLineNumber);
    this.#events = new EventReader(source, emit);
  }

  add(bytes: Buffer): void {
    this.#take(this.#splitter.split(bytes));
  }

  end(): LineCounts {
    this.#take(this.#splitter.end());
    return { lines: this.#lines, cutLines: this.#cutLines, ...this.#events.end() };
  }

  #take({ lines, firstLineNumber, cutLines }: ReturnType<LineSplitter['split']>): void {
    let lineNumber = firstLineNumber;
    for (const line of lines) this.#events.add(line, lineNumber++);
    this.#lines += lines.length;
    this.#cutLines += cutLines;
  }
}
