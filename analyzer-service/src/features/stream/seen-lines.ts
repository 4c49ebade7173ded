import { hash } from 'node:crypto';
import type { LogLine } from '../../engine/log-line.ts';

/** Which lines were delivered lately, so that what is read again is told apart from what is new. */
export class SeenLines {
  readonly #linesMax: number;
  readonly #timesOf = new Map<string, number>();
  #horizonMs = -Infinity;

  constructor(linesMax: number) {
    this.#linesMax = linesMax;
  }

  /** Lines older than this may have been forgotten. */
  get horizonMs(): number {
    return this.#horizonMs;
  }

  /** Those of the lines that were not seen before; from now on they were. */
  take(lines: readonly LogLine[]): readonly LogLine[] {
    const fresh = lines.filter((line) => {
      const key = keyOf(line);
      if (this.#timesOf.has(key)) return false;
      this.#timesOf.set(key, line.timeMs);
      return true;
    });
    for (const [key, timeMs] of this.#timesOf) {
      if (this.#timesOf.size <= this.#linesMax) break;
      this.#timesOf.delete(key);
      this.#horizonMs = Math.max(this.#horizonMs, timeMs);
    }
    return fresh;
  }
}

function keyOf({ timestampNs, fields, text }: LogLine): string {
  return hash('sha1', JSON.stringify([timestampNs, fields, text]), 'base64');
}
