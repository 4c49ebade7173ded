/** What other processes wrote counts here after this long at the latest. */
const RELOAD_MS = 1_000;

/** Reads something again and again until it is closed. While reading fails, what was read last still counts. */
export class Reloading {
  readonly #load: () => Promise<void>;
  readonly #onLost: (error: Error) => void;
  #lost = false;
  #timer: NodeJS.Timeout | null = null;
  #loading: Promise<void> = Promise.resolve();

  private constructor(load: () => Promise<void>, onLost: (error: Error) => void) {
    this.#load = load;
    this.#onLost = onLost;
  }

  /** Reads once before it resolves; throws what `load` throws then. `onLost` is told once when it fails later. */
  static async open(load: () => Promise<void>, onLost: (error: Error) => void): Promise<Reloading> {
    const reloading = new Reloading(load, onLost);
    await load();
    reloading.#next();
    return reloading;
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#loading;
  }

  async #again(): Promise<void> {
    try {
      await this.#load();
      this.#lost = false;
    } catch (error) {
      if (!this.#lost) this.#onLost(error as Error);
      this.#lost = true;
    }
    if (this.#timer) this.#next();
  }

  #next(): void {
    this.#timer = setTimeout(() => {
      this.#loading = this.#again();
    }, RELOAD_MS);
    this.#timer.unref();
  }
}
