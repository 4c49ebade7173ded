/** Ends a text before the first of some texts, also where one comes in several pieces. */
export class StopTexts {
  readonly #stops: readonly string[];
  readonly #keep: number;
  #held = '';
  /** One of them was found: nothing more is given. */
  isStopped = false;

  constructor(stops: readonly string[]) {
    this.#stops = stops;
    this.#keep = Math.max(0, ...stops.map((stop) => stop.length - 1));
  }

  /** What may be told of the text so far; what may be the beginning of a stop is held back. */
  push(piece: string): string {
    if (this.isStopped) return '';
    this.#held += piece;
    const found = this.#stops.map((stop) => this.#held.indexOf(stop)).filter((at) => at !== -1);
    this.isStopped = found.length > 0;
    const end = this.isStopped ? Math.min(...found) : Math.max(0, this.#held.length - this.#keep);
    const told = this.#held.slice(0, end);
    this.#held = this.isStopped ? '' : this.#held.slice(end);
    return told;
  }

  /** What was held back, when nothing comes any more. */
  rest(): string {
    const told = this.#held;
    this.#held = '';
    return told;
  }
}
