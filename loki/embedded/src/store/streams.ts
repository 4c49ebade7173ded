import { compileMatcher } from '../filters/matcher.ts';
import type { Matcher } from '../logql/syntax.ts';
import type { Labels } from '../pipeline/entry.ts';
import { TimeSpans } from './time-spans.ts';

/** A set of labels under which lines are stored. */
export type Stream = {
  readonly id: number;
  readonly tenant: string;
  readonly labels: Labels;
  readonly times: TimeSpans;
};

/** All streams of the store, by id and by labels. */
export class Streams {
  readonly #byId = new Map<number, Stream>();
  readonly #byLabels = new Map<string, Stream>();
  #nextId = 1;

  get size(): number {
    return this.#byId.size;
  }

  restore(id: number, tenant: string, labelsText: string): Stream {
    const known = this.#byId.get(id);
    if (known) return known;
    const labels = JSON.parse(labelsText) as Labels;
    const stream: Stream = { id, tenant, labels, times: new TimeSpans() };
    this.#byId.set(id, stream);
    this.#byLabels.set(keyOf(tenant, labelsText), stream);
    this.#nextId = Math.max(this.#nextId, id + 1);
    return stream;
  }

  find(tenant: string, labels: Labels): Stream | undefined {
    return this.#byLabels.get(keyOf(tenant, labelsTextOf(labels)));
  }

  intern(tenant: string, labels: Labels): Stream {
    const key = keyOf(tenant, labelsTextOf(labels));
    let stream = this.#byLabels.get(key);
    if (!stream) {
      stream = { id: this.#nextId, tenant, labels, times: new TimeSpans() };
      this.#nextId += 1;
      this.#byId.set(stream.id, stream);
      this.#byLabels.set(key, stream);
    }
    return stream;
  }

  byId(id: number): Stream {
    const stream = this.#byId.get(id);
    if (!stream) throw new Error(`the store has lines of a stream that it does not know: ${id}`);
    return stream;
  }

  select(tenants: readonly string[], matchers: readonly Matcher[]): Stream[] {
    const tests = matchers.map((matcher) => ({ name: matcher.name, test: compileMatcher(matcher) }));
    const selected: Stream[] = [];
    for (const stream of this.#byId.values()) {
      if (!tenants.includes(stream.tenant)) continue;
      if (tests.every(({ name, test }) => test(labelOf(stream.labels, name)))) selected.push(stream);
    }
    return selected;
  }

  countOf(tenant: string): number {
    let count = 0;
    for (const stream of this.#byId.values()) if (stream.tenant === tenant) count += 1;
    return count;
  }

  remove(ids: Iterable<number>): void {
    for (const id of ids) {
      const stream = this.#byId.get(id);
      if (!stream) continue;
      this.#byId.delete(id);
      this.#byLabels.delete(keyOf(stream.tenant, labelsTextOf(stream.labels)));
    }
  }
}

const keyOf = (tenant: string, labelsText: string): string => `${tenant}\0${labelsText}`;

const labelOf = (labels: Labels, name: string): string =>
  Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';

/** Labels in one canonical text: sorted by name. */
export function labelsTextOf(labels: Labels): string {
  const names = Object.keys(labels);
  for (let i = 1; i < names.length; i += 1)
    if ((names[i - 1] as string) > (names[i] as string))
      return JSON.stringify(Object.fromEntries(names.sort().map((name) => [name, labels[name]])));
  return JSON.stringify(labels);
}
