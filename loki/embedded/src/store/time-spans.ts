/** A stretch of time, both ends included, as decimal digits of nanoseconds without leading zeros. */
type Span = { oldest: string; newest: string };

const SPANS_MAX = 32;

/**
 * The stretches of time in which a stream has lines. A line outside of all of them cannot repeat a stored
 * one. Only so many are kept: the two oldest become one, and what lies between them counts as covered.
 */
export class TimeSpans {
  /** Newest last; they do not overlap. */
  readonly #spans: Span[] = [];

  get newest(): string {
    return this.#spans.at(-1)?.newest ?? '';
  }

  covers(timestamp: string): boolean {
    for (let index = this.#spans.length - 1; index >= 0; index -= 1) {
      const span = this.#spans[index] as Span;
      if (isNewer(timestamp, span.newest)) return false;
      if (!isNewer(span.oldest, timestamp)) return true;
    }
    return false;
  }

  add(oldest: string, newest: string): void {
    const spans = this.#spans;
    let from = spans.findIndex((span) => !isNewer(oldest, span.newest));
    if (from < 0) from = spans.length;
    let to = from;
    while (to < spans.length && !isNewer((spans[to] as Span).oldest, newest)) to += 1;
    const merged = { oldest, newest };
    for (const span of spans.slice(from, to)) {
      if (isNewer(merged.oldest, span.oldest)) merged.oldest = span.oldest;
      if (isNewer(span.newest, merged.newest)) merged.newest = span.newest;
    }
    spans.splice(from, to - from, merged);
    const [first, second] = spans;
    if (spans.length > SPANS_MAX && first && second)
      spans.splice(0, 2, { oldest: first.oldest, newest: second.newest });
  }
}

/** Compares timestamps written as decimal digits without leading zeros. */
export const isNewer = (left: string, right: string): boolean =>
  left.length === right.length ? left > right : left.length > right.length;
