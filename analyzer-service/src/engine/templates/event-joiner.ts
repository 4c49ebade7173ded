/** One event of a log: a line, with the lines of a stack trace or of an indented block that belong to it. */
export interface LogEvent {
  /** The lines with line feeds between them; without the last ones where a limit cut them off. */
  readonly text: string;
  /** Lines of the source, those cut off included. */
  readonly lineCount: number;
}

export interface EventJoinerLimits {
  readonly linesMax: number;
  /** UTF-16 code units of an event. */
  readonly charactersMax: number;
}

const DEFAULT_LIMITS: EventJoinerLimits = { linesMax: 500, charactersMax: 65_536 };

/** Which kind of block the last line was in, as far as it decides about the next line. */
type Block = 'none' | 'traceback' | 'traceback ended' | 'goroutine' | 'braces';

/**
 * Joins the lines of one stream into events: indented lines, Java and .NET stack traces, Python tracebacks, Go
 * panics, and pretty-printed objects. A line that belongs to no block begins an event, so a line is never lost. Memory
 * is bounded by the limits: beyond them the lines of an event are counted but not kept.
 */
export class EventJoiner {
  readonly #limits: EventJoinerLimits;
  #parts: string[] = [];
  #characters = 0;
  #lineCount = 0;
  #block: Block = 'none';

  constructor(limits: Partial<EventJoinerLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** Takes the next line, without its line feed. Answers the event before it when this line begins a new one. */
  add(line: string): LogEvent | null {
    const continues = this.#lineCount > 0 && this.#continues(line);
    const ended = continues ? null : this.flush();
    this.#block = continues ? blockAfter(this.#block, line) : blockOf(line);
    this.#lineCount++;
    if (
      this.#parts.length < this.#limits.linesMax &&
      this.#characters + line.length <= this.#limits.charactersMax
    ) {
      this.#parts.push(line);
      this.#characters += line.length + 1;
    } else if (this.#parts.length === 0) this.#parts.push(line.slice(0, this.#limits.charactersMax));
    return ended;
  }

  /** Ends the event that is being joined: at the end of a file, or when a live stream has been silent for a while. */
  flush(): LogEvent | null {
    if (this.#lineCount === 0) return null;
    const event = { text: this.#parts.join('\n'), lineCount: this.#lineCount };
    this.#parts = [];
    this.#characters = 0;
    this.#lineCount = 0;
    this.#block = 'none';
    return event;
  }

  #continues(line: string): boolean {
    if (this.#block === 'goroutine') {
      return /^(?:$|\s)/.test(line) || GOROUTINE_LINE.test(line) || (CALL.test(line) && line.endsWith(')'));
    }
    if (this.#block === 'traceback') return true;
    if (this.#block === 'traceback ended' && (line === '' || CHAINED_TRACEBACK.test(line))) return true;
    if (this.#block === 'braces' && CLOSING_LINE.test(line)) return true;
    return INDENTED.test(line) || FRAME_LINE.test(line);
  }
}

/** Joins all lines of one stream. */
export function* joinEvents(
  lines: Iterable<string>,
  limits: Partial<EventJoinerLimits> = {},
): Generator<LogEvent> {
  const joiner = new EventJoiner(limits);
  for (const line of lines) {
    const event = joiner.add(line);
    if (event) yield event;
  }
  const last = joiner.flush();
  if (last) yield last;
}

const INDENTED = /^[ \t]+\S/;
/** A frame, a cause, or the class of an exception alone on its line, as a stack trace shows them. */
const FRAME_LINE =
  /^(?:at |Caused by: |Suppressed: |\.\.\. \d+ (?:more|common frames)|Traceback \(most recent call last\):|--- End of |[a-z][\w$]*(?:\.[\w$]+)+(?:Exception|Error|Throwable|Failure)(?:: |$))/;
const TRACEBACK = /^Traceback \(most recent call last\):/;
const CHAINED_TRACEBACK =
  /^(?:During handling of the above exception|The above exception was the direct cause|Traceback )/;
const GOROUTINE = /^(?:goroutine \d{1,12} \[|panic: |fatal error: )/;
const GOROUTINE_LINE = /^(?:goroutine \d{1,12} \[|created by |exit status \d|\[signal )/;
/** A call as a goroutine dump shows it: `main.(*Server).serve(0xc000010000)`. */
const CALL = /^[\w./*-]{1,300}\(/;
const CLOSING_LINE = /^[}\])]/;
const OPENS_BRACES = /[{[(]\s*$/;

function blockOf(line: string): Block {
  if (TRACEBACK.test(line)) return 'traceback';
  if (GOROUTINE.test(line)) return 'goroutine';
  return OPENS_BRACES.test(line.slice(-100)) ? 'braces' : 'none';
}

function blockAfter(block: Block, line: string): Block {
  if (TRACEBACK.test(line)) return 'traceback';
  if (block === 'traceback') return /^\s/.test(line) ? 'traceback' : 'traceback ended';
  return block;
}
