import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database, PatternNoteRow } from '../../../database.ts';
import type { PatternDefinition } from '../../../engine/library/known-pattern.ts';
import { type PatternNote, type PatternSet, patternSet } from '../../../engine/library/pattern-set.ts';
import { Reloading } from '../../../reloading.ts';

export interface PatternBookOptions {
  readonly db: Kysely<Database>;
  /** Told once when the database stops answering, and of each note that cannot be used. */
  readonly onError: (error: Error) => void;
}

/** What users said about patterns, kept in memory: answers cost no query, and go on while the database is away. */
export class PatternBook {
  readonly #options: PatternBookOptions;
  #rows: readonly PatternNoteRow[] = [];
  #patterns: PatternSet = patternSet('', []);
  #version = '';
  #reloading: Reloading | null = null;

  private constructor(options: PatternBookOptions) {
    this.#options = options;
  }

  static async open(options: PatternBookOptions): Promise<PatternBook> {
    const book = new PatternBook(options);
    book.#reloading = await Reloading.open(() => book.load(), options.onError);
    return book;
  }

  get rows(): readonly PatternNoteRow[] {
    return this.#rows;
  }

  get patterns(): PatternSet {
    return this.#patterns;
  }

  /** Reads the notes again, now. */
  async load(): Promise<void> {
    const rows = await this.#options.db.selectFrom('pattern_notes').selectAll().orderBy('id').execute();
    const version = rows.length === 0 ? '' : hashOf(rows);
    if (version === this.#version) return;
    this.#rows = rows;
    this.#patterns = this.#compile(version, rows.map(noteOf));
    this.#version = version;
  }

  async close(): Promise<void> {
    await this.#reloading?.close();
  }

  /** A note that this version of the service cannot read is left out; the others still count. */
  #compile(version: string, notes: readonly PatternNote[]): PatternSet {
    try {
      return patternSet(version, notes);
    } catch {
      return patternSet(
        version,
        notes.filter((note) => this.#isReadable(note)),
      );
    }
  }

  #isReadable(note: PatternNote): boolean {
    try {
      patternSet('', [note]);
      return true;
    } catch (error) {
      this.#options.onError(error as Error);
      return false;
    }
  }
}

export function noteOf({ id, name, wording, definition, pinned, muted }: PatternNoteRow): PatternNote {
  return {
    id,
    name,
    text: wording,
    definition: definition === null ? null : (JSON.parse(definition) as PatternDefinition),
    pinned: pinned === 1,
    muted: muted === 1,
  };
}

function hashOf(rows: readonly PatternNoteRow[]): string {
  const said = rows.map(({ id, name, wording, definition, pinned, muted }) => [
    id,
    name,
    wording,
    definition,
    pinned,
    muted,
  ]);
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
}
