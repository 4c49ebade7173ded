import { LEVELS, type LogEntry } from './schema.ts';

const LINE_CHARACTERS_MAX = 8_192;

/** The last lines of the service's own log, in memory. */
export class RingLog {
  readonly #linesMax: number;
  readonly #lines: string[] = [];
  #next = 0;

  constructor(linesMax: number) {
    this.#linesMax = linesMax;
  }

  /** Takes a line as the logger writes it. */
  write(line: string): void {
    this.#lines[this.#next] = line.slice(0, LINE_CHARACTERS_MAX);
    this.#next = (this.#next + 1) % this.#linesMax;
  }

  /** Newest first, at least of a level. */
  recent({
    level,
    limit,
  }: {
    readonly level: LogEntry['level'];
    readonly limit: number;
  }): readonly LogEntry[] {
    const entries: LogEntry[] = [];
    for (let back = 1; back <= this.#lines.length && entries.length < limit; back++) {
      const line = this.#lines[(this.#next - back + this.#linesMax) % this.#linesMax];
      const entry = line === undefined ? null : readEntry(line);
      if (entry && LEVELS.indexOf(entry.level) >= LEVELS.indexOf(level)) entries.push(entry);
    }
    return entries;
  }
}

function readEntry(line: string): LogEntry | null {
  try {
    const {
      level,
      time,
      msg,
      pid: _pid,
      hostname: _host,
      ...fields
    } = JSON.parse(line) as Record<string, unknown>;
    return {
      time: new Date(Number(time)).toISOString(),
      level: LEVELS[Math.min(LEVELS.length - 1, Math.max(0, Math.floor(Number(level) / 10) - 2))] ?? 'info',
      message: typeof msg === 'string' ? msg : '',
      fields,
    };
  } catch {
    // A line that was cut is no JSON any more: its beginning still tells something.
    return { time: new Date(0).toISOString(), level: 'error', message: line.slice(0, 1_000), fields: {} };
  }
}
