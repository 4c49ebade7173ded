import type { LogLine } from '../log-line.ts';
import { isContinuation } from './continuation.ts';
import { parseLine, type LogFormat } from './parse-line.ts';
import { toTimeMs, toTimestampNs, type Instant } from './timestamp.ts';

/** An event of a file, with the place where its first line stands. */
export interface FileEvent extends LogLine {
  readonly file: string;
  readonly lineNumber: number;
  /** `service` names a part of a program, such as a logger, because no line says which service it is. */
  readonly isComponent: boolean;
  /** Its first physical line, whole, as it stands in the file; `text` is the message without the header. */
  readonly firstLine: string;
}

export interface EventSource {
  /** Name that evidence is cited with. */
  readonly file: string;
  /** Stands in where lines do not say who wrote them. */
  readonly service: string;
  readonly format: LogFormat;
  /** The time of lines before the first line that has one. */
  readonly firstInstant: Instant;
}

/** What became of the lines of a file; `events + continuationLines + blankLines` is the number of lines. */
export interface EventCounts {
  readonly events: number;
  readonly continuationLines: number;
  readonly blankLines: number;
  /** Events that carry no time and got the one of the line before. */
  readonly eventsWithoutTime: number;
}

const EVENT_CHARS_MAX = 8192;

/** Turns the lines of one file, in their order, into events: several lines that belong together become one. */
export class EventReader {
  readonly #source: EventSource;
  readonly #emit: (event: FileEvent) => void;
  #open: FileEvent | null = null;
  #openText: string[] = [];
  #openChars = 0;
  #instant: Instant;
  #events = 0;
  #continuationLines = 0;
  #blankLines = 0;
  #eventsWithoutTime = 0;

  constructor(source: EventSource, emit: (event: FileEvent) => void) {
    this.#source = source;
    this.#emit = emit;
    this.#instant = source.firstInstant;
  }

  /** Takes one line; events come out once the line after them shows that they are complete. */
  add(text: string, lineNumber: number): void {
    const { file, service, format } = this.#source;
    if (text === '' || text.trim() === '') {
      this.#blankLines++;
      return;
    }
    const line = parseLine(text, format);
    if (line.instant === null && this.#open !== null && isContinuation(text)) {
      this.#continue(text);
      return;
    }
    this.#close();
    this.#events++;
    if (line.instant === null) this.#eventsWithoutTime++;
    else this.#instant = line.instant;
    this.#openChars = line.message.length;
    this.#open = {
      timestampNs: toTimestampNs(this.#instant),
      timeMs: toTimeMs(this.#instant),
      service: line.service || line.component || service,
      isComponent: line.service === '' && line.component !== '',
      level: line.level,
      text: line.message,
      fields: line.fields,
      weight: 1,
      file,
      lineNumber,
      firstLine: text,
    };
  }

  /** Ends the last event and answers what all lines became. */
  end(): EventCounts {
    this.#close();
    return {
      events: this.#events,
      continuationLines: this.#continuationLines,
      blankLines: this.#blankLines,
      eventsWithoutTime: this.#eventsWithoutTime,
    };
  }

  #continue(text: string): void {
    this.#continuationLines++;
    if (this.#openChars > EVENT_CHARS_MAX) return;
    this.#openChars += text.length + 1;
    this.#openText.push(text);
  }

  #close(): void {
    if (this.#open === null) return;
    const event =
      this.#openText.length === 0
        ? this.#open
        : { ...this.#open, text: [this.#open.text, ...this.#openText].join('\n') };
    this.#open = null;
    this.#openText = [];
    this.#emit(event);
  }
}
