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
  /** Whether `firstLine` and `text` hold only the beginning of a very long line. */
  readonly isCut: boolean;
}

export interface EventSource {
  /** Name that evidence is cited with. */
  readonly file: string;
  /** Stands in where lines do not say who wrote them. */
  readonly service: string;
  /** Whether the parts of a program (loggers, source files) are told apart like services: where there is one program. */
  readonly splitsComponents: boolean;
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
/** What is kept of a longer line: an event may be kept as evidence, and many are. */
const LINE_CHARS_MAX = 4096;
/** More names than this in one file are no services but values. */
const SERVICES_MAX = 500;

/** Turns the lines of one file, in their order, into events: several lines that belong together become one. */
export class EventReader {
  readonly #source: EventSource;
  readonly #emit: (event: FileEvent) => void;
  readonly #services = new Set<string>();
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
    const { file, service, format, splitsComponents } = this.#source;
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
    const component = splitsComponents ? line.component : '';
    this.#openChars = line.message.length;
    this.#open = {
      timestampNs: toTimestampNs(this.#instant),
      timeMs: toTimeMs(this.#instant),
      service: this.#boundedService(line.service || component) || service,
      isComponent: line.service === '' && component !== '',
      level: line.level,
      text: line.message,
      fields: line.fields,
      weight: 1,
      file,
      lineNumber,
      firstLine: text,
      isCut: false,
    };
    if (text.length > LINE_CHARS_MAX) this.#open = cutShort(this.#open);
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

  /** The name, or nothing when the file has named too many already. */
  #boundedService(name: string): string {
    if (this.#services.has(name) || name === '') return name;
    if (this.#services.size >= SERVICES_MAX) return '';
    this.#services.add(name);
    return name;
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

/** Copies what is kept, because a part of a string keeps the whole string in memory. */
function cutShort(event: FileEvent): FileEvent {
  const text = event.text.slice(0, LINE_CHARS_MAX);
  const firstLine = event.firstLine.slice(0, LINE_CHARS_MAX);
  return JSON.parse(JSON.stringify({ ...event, text, firstLine, isCut: true })) as FileEvent;
}
