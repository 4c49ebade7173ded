export type Labels = Readonly<Record<string, string>>;
export type LabelCategory = 'stream' | 'metadata' | 'parsed';

/** A log line on its way through the stages of a query: its text and the labels it has so far. */
export class Entry {
  /** Nanoseconds since 1970 as decimal digits. */
  timestamp = '0';
  line = '';
  error = '';
  errorDetails = '';
  #base: Labels = {};
  readonly #stream = new Map<string, string>();
  readonly #metadata = new Map<string, string>();
  readonly #parsed = new Map<string, string>();
  readonly #deleted = new Set<string>();
  readonly #wanted: ReadonlySet<string> | null;

  /** With `wanted`, as metric queries know it, parsers extract only those labels and stop once they have them. */
  constructor(wanted: ReadonlySet<string> | null = null) {
    this.#wanted = wanted;
  }

  reset(timestamp: string, line: string, base: Labels, metadata: Labels | null): void {
    this.timestamp = timestamp;
    this.line = line;
    this.error = '';
    this.errorDetails = '';
    this.#base = base;
    if (this.#stream.size > 0) this.#stream.clear();
    if (this.#metadata.size > 0) this.#metadata.clear();
    if (this.#parsed.size > 0) this.#parsed.clear();
    if (this.#deleted.size > 0) this.#deleted.clear();
    if (!metadata) return;
    for (const name in metadata)
      this.#metadata.set(this.streamHas(name) ? `${name}_extracted` : name, metadata[name] as string);
  }

  /** Whether the stream itself has the label: a parsed label of that name gets the suffix `_extracted`. */
  streamHas(name: string): boolean {
    return Object.hasOwn(this.#base, name);
  }

  get(name: string): string | undefined {
    return (
      this.#stream.get(name) ?? this.#metadata.get(name) ?? this.#parsed.get(name) ?? this.#baseValue(name)
    );
  }

  categoryOf(name: string): LabelCategory | undefined {
    if (this.#stream.has(name)) return 'stream';
    if (this.#metadata.has(name)) return 'metadata';
    if (this.#parsed.has(name)) return 'parsed';
    return this.#baseValue(name) === undefined ? undefined : 'stream';
  }

  /** What a label filter compares: an absent label is the empty string. */
  valueForFilter(name: string): string {
    return name === '__error__' ? this.error : (this.get(name) ?? '');
  }

  /** Parsed labels win over structured metadata, and that over stream labels. */
  set(category: LabelCategory, name: string, value: string): void {
    if (category === 'parsed') {
      this.#metadata.delete(name);
      this.#stream.delete(name);
      this.#parsed.set(name, value);
    } else if (category === 'metadata') {
      this.#stream.delete(name);
      if (!this.#parsed.has(name)) this.#metadata.set(name, value);
    } else if (!this.#metadata.has(name) && !this.#parsed.has(name)) {
      this.#stream.set(name, value);
    }
  }

  /** Sets a label that a parser found in the line; false when no further label is wanted. */
  extract(field: string, value: string): boolean {
    const name = this.streamHas(field) ? `${field}_extracted` : field;
    if (!this.#wanted) this.set('parsed', name, value);
    else if (this.#wanted.has(name)) {
      this.set('parsed', name, value);
      return !this.isComplete();
    }
    return true;
  }

  /** Whether every wanted label has been extracted, so that parsers have nothing left to do. */
  isComplete(): boolean {
    if (!this.#wanted) return false;
    for (const name of this.#wanted) if (!this.#parsed.has(name)) return false;
    return true;
  }

  wantsPrefix(prefix: string): boolean {
    if (!this.#wanted) return true;
    for (const name of this.#wanted) if (name.startsWith(prefix)) return true;
    return false;
  }

  delete(name: string): void {
    this.#stream.delete(name);
    this.#metadata.delete(name);
    this.#parsed.delete(name);
    this.#deleted.add(name);
  }

  fail(error: string, details: string): void {
    this.error = error;
    this.errorDetails = details;
  }

  /** All labels by category, unsorted; errors count as parsed labels. */
  visitLabels(visit: (name: string, value: string, category: LabelCategory) => void): void {
    for (const name in this.#base) {
      if (this.#deleted.has(name) || this.#metadata.has(name) || this.#parsed.has(name)) continue;
      visit(name, this.#stream.get(name) ?? (this.#base[name] as string), 'stream');
    }
    for (const [name, value] of this.#stream)
      if (!Object.hasOwn(this.#base, name)) visit(name, value, 'stream');
    for (const [name, value] of this.#metadata) if (!this.#parsed.has(name)) visit(name, value, 'metadata');
    for (const [name, value] of this.#parsed) visit(name, value, 'parsed');
    if (this.error !== '') visit('__error__', this.error, 'parsed');
    if (this.errorDetails !== '') visit('__error_details__', this.errorDetails, 'parsed');
  }

  labels(): Record<string, string> {
    const labels: Record<string, string> = Object.create(null) as Record<string, string>;
    this.visitLabels((name, value) => {
      labels[name] = value;
    });
    return labels;
  }

  #baseValue(name: string): string | undefined {
    return this.streamHas(name) && !this.#deleted.has(name) ? this.#base[name] : undefined;
  }
}

/** A step of a pipeline: may change the entry; false drops it. */
export type CompiledStage = (entry: Entry) => boolean;
