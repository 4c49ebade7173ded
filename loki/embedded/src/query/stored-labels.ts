import { Entry, type LabelCategory, type Labels } from '../pipeline/entry.ts';
import type { StoredLine } from '../store/rows.ts';
import type { Streams } from '../store/streams.ts';

/** Labels of a line by where they come from. */
export type CategorisedLabels = Readonly<Record<LabelCategory, Labels>>;

const KNOWN_MAX = 5000;

/** The labels of stored lines: those of the stream, the structured metadata, and the level. */
export class StoredLabels {
  readonly #streams: Streams;
  readonly #metadata = new Map<string, Labels>();
  readonly #labels = new Map<string, CategorisedLabels>();

  constructor(streams: Streams) {
    this.#streams = streams;
  }

  /** Sets an entry to a stored line, ready for its pipeline. */
  reset(entry: Entry, line: StoredLine): Entry {
    entry.reset(line.time, line.text, this.#streams.byId(line.stream).labels, this.#metadataOf(line));
    return entry;
  }

  /** The labels of a line that goes through no pipeline; lines of equal labels share one object. */
  of(line: StoredLine): CategorisedLabels {
    const key = `${line.stream} ${line.level} ${line.metadata}`;
    let labels = this.#labels.get(key);
    if (!labels) {
      labels = categorise(this.reset(new Entry(), line));
      remember(this.#labels, key, labels);
    }
    return labels;
  }

  #metadataOf({ metadata, level }: StoredLine): Labels {
    const key = `${level} ${metadata}`;
    let labels = this.#metadata.get(key);
    if (!labels) {
      const named = metadata === '' ? {} : (JSON.parse(metadata) as Labels);
      labels = { ...named, detected_level: level };
      remember(this.#metadata, key, labels);
    }
    return labels;
  }
}

function remember<T>(known: Map<string, T>, key: string, value: T): void {
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(key, value);
}

export function categorise(entry: Entry): CategorisedLabels {
  const labels = { stream: {}, metadata: {}, parsed: {} } as Record<LabelCategory, Record<string, string>>;
  entry.visitLabels((name, value, category) => {
    labels[category][name] = value;
  });
  return labels;
}
