import type { Matcher, MetricQuery } from '../logql/syntax.ts';
import type { TimeSteps } from './time-steps.ts';
import { Windows } from './time-steps.ts';

export type NsRange = { readonly fromNs: bigint; readonly toNs: bigint };

const SELECTORS_MAX = 500;

/**
 * The time that metric queries have covered for each selector. Loki's index/stats is an estimate: it knows
 * totals for ranges that queries have asked for, and spreads such a total evenly over its time.
 */
export class StatsRanges {
  readonly #covered = new Map<string, NsRange>();

  note(tenants: readonly string[], query: MetricQuery, steps: TimeSteps): void {
    switch (query.kind) {
      case 'range-aggregation': {
        const windows = new Windows(steps, query.rangeNs, query.offsetNs);
        this.#cover(keyOf(tenants, query.logs.matchers), { fromNs: windows.afterNs, toNs: windows.untilNs });
        break;
      }
      case 'binary':
        this.note(tenants, query.left, steps);
        this.note(tenants, query.right, steps);
        break;
      case 'vector-aggregation':
      case 'label-replace':
        this.note(tenants, query.inner, steps);
        break;
      case 'literal':
      case 'vector':
        break;
    }
  }

  /** The covered range that holds the asked one, or the asked one itself. */
  around(tenants: readonly string[], matchers: readonly Matcher[], range: NsRange): NsRange {
    const covered = this.#covered.get(keyOf(tenants, matchers));
    return covered && covered.fromNs <= range.fromNs && covered.toNs >= range.toNs ? covered : range;
  }

  #cover(key: string, range: NsRange): void {
    const known = this.#covered.get(key);
    this.#covered.delete(key);
    const touches = known && range.fromNs <= known.toNs && range.toNs >= known.fromNs;
    this.#covered.set(key, touches ? union(known, range) : range);
    const [oldest] = this.#covered.keys();
    if (this.#covered.size > SELECTORS_MAX && oldest !== undefined) this.#covered.delete(oldest);
  }
}

const union = (a: NsRange, b: NsRange): NsRange => ({
  fromNs: a.fromNs < b.fromNs ? a.fromNs : b.fromNs,
  toNs: a.toNs > b.toNs ? a.toNs : b.toNs,
});

const keyOf = (tenants: readonly string[], matchers: readonly Matcher[]): string =>
  JSON.stringify([tenants, matchers.map(({ name, operator, value }) => [name, operator, value])]);
