const INTERVAL_MS = 100;
const CELLS = 30;

/** A bar on stderr, on a terminal only. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  #shownAtMs = -Infinity;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(share: number): void {
    const nowMs = performance.now();
    if (!this.#stream.isTTY || nowMs - this.#shownAtMs < INTERVAL_MS) return;
    this.#shownAtMs = nowMs;
    const filled = Math.round(Math.min(1, share) * CELLS);
    const percent = String(Math.floor(Math.min(1, share) * 100)).padStart(3);
    this.#stream.write(`\rReading ${'█'.repeat(filled)}${'░'.repeat(CELLS - filled)} ${percent} %`);
  }

  clear(): void {
    if (this.#stream.isTTY && this.#shownAtMs > 0) this.#stream.write('\r\u001b[K');
  }
}
