/** How many lines may be written before freed memory is given back. */
const LINES_A_TRIM = 100_000;
const QUIET_MS = 1000;

/**
 * The C library keeps what the database frees, which adds up to hundreds of megabytes. Setting the memory
 * limit, even to what it is, makes DuckDB give it back; that takes some 30 ms on a thread of its own.
 */
export class MemoryTrim {
  readonly #trim: () => Promise<unknown>;
  readonly #quiet: NodeJS.Timeout;
  #lines = 0;
  #isDue = false;

  constructor(trim: () => Promise<unknown>) {
    this.#trim = trim;
    this.#quiet = setInterval(() => this.#whenQuiet(), QUIET_MS).unref();
  }

  /** Notes work; now and then it is followed by a trim. */
  note(lines: number): void {
    this.#isDue = true;
    this.#lines += lines;
    this.#quiet.refresh();
    if (this.#lines >= LINES_A_TRIM) this.#run();
  }

  stop(): void {
    clearInterval(this.#quiet);
  }

  #whenQuiet(): void {
    if (this.#isDue) this.#run();
  }

  #run(): void {
    this.#lines = 0;
    this.#isDue = false;
    this.#trim().catch(() => undefined);
  }
}
