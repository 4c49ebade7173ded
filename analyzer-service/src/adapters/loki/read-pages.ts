import type { LogLine } from '../../engine/log-line.ts';

/** Half-open, as Loki takes it. */
export interface NanosecondRange {
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/** At most `limit` lines of the range from where `direction` begins, always oldest first. */
export type ReadPage = (
  range: NanosecondRange,
  limit: number,
  direction: Direction,
) => Promise<readonly LogLine[]>;

export type Direction = 'forward' | 'backward';

/**
 * All lines of the range, page by page. A page ends inside a nanosecond whose lines may go on, so the next one begins
 * in that same nanosecond and leaves out what was read. More lines of one nanosecond than a page holds cannot be told
 * apart by Loki's API: those beyond the page are left out.
 */
export async function* readPages(
  readPage: ReadPage,
  { startNs, endNs }: NanosecondRange,
  direction: Direction,
  pageLines: number,
): AsyncGenerator<readonly LogLine[], void> {
  const seen = new Set<string>();
  let edge: string | null = null;
  for (;;) {
    const page = await readPage({ startNs, endNs }, pageLines, direction);
    const fresh = page.filter((line) => line.timestampNs !== edge || !seen.has(identity(line)));
    if (fresh.length > 0) yield fresh;
    edge = page.at(direction === 'forward' ? -1 : 0)?.timestampNs ?? null;
    if (edge === null || page.length < pageLines) return;
    const past = fresh.length > 0 ? 0n : 1n;
    if (direction === 'forward') startNs = BigInt(edge) + past;
    else endNs = BigInt(edge) + 1n - past;
    seen.clear();
    for (const line of page) if (line.timestampNs === edge) seen.add(identity(line));
  }
}

/** The next item is asked for while the one before is worked on. */
export async function* readAhead<T>(items: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  let next = items.next();
  try {
    for (;;) {
      const item = await next;
      if (item.done) return;
      next = items.next();
      // Awaited in the next turn, or never when the reader stops here.
      next.catch(() => undefined);
      yield item.value;
    }
  } finally {
    await items.return();
  }
}

function identity({ timestampNs, fields, text }: LogLine): string {
  return JSON.stringify([timestampNs, fields, text]);
}
