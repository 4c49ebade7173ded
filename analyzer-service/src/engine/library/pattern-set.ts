import { matchLine, parsePinnedPattern } from '../templates/pinned-pattern.ts';
import { templateId } from '../templates/template.ts';
import type { KnownPattern, PatternDefinition } from './known-pattern.ts';
import { compileLibrary, KNOWN_PATTERNS, standardLibrary } from './library.ts';

/** What somebody said about a pattern: one of their own, a known one, or a learned template. */
export interface PatternNote {
  /** Of the known pattern or of the template; what the user's own patterns are found by. */
  readonly id: string;
  readonly name: string;
  /** A wording with `<name>` for what changes; null for known patterns and for those of a user that are a regex. */
  readonly text: string | null;
  /** The user's own words and, without `text`, how a line is recognised. Null for known and learned patterns. */
  readonly definition: PatternDefinition | null;
  readonly pinned: boolean;
  readonly muted: boolean;
}

/** All patterns as one moment knows them: the library, the users' own, and what was said about others. */
export interface PatternSet {
  /** Equal for equal notes, in every process. */
  readonly version: string;
  /** The pattern that best explains an event, or null: a user's wording first, then as the library does. */
  readonly match: (text: string) => KnownPattern | null;
  /** The library, and what users added to it. */
  readonly known: readonly KnownPattern[];
  /** Wordings that have a name, for `TemplateMiner.pin`. */
  readonly named: readonly { readonly name: string; readonly text: string }[];
  readonly isMuted: (templateId: string | null, patternId: string | null) => boolean;
  /** What was said about a template; null when nobody named, pinned or muted it. */
  readonly noteOf: (templateId: string) => PatternNote | null;
}

/** Throws an Error that says what to change, when notes are no patterns (see `parsePinnedPattern`, `compileLibrary`). */
export function patternSet(version: string, notes: readonly PatternNote[]): PatternSet {
  const definitions = notes.flatMap(({ text, definition }) =>
    text === null && definition ? [definition] : [],
  );
  const library = definitions.length === 0 ? standardLibrary() : compileLibrary(definitions);
  const wordings = notes.flatMap((note) => (note.text === null ? [] : [readWording(note, note.text)]));
  const own = wordings.filter(({ explains }) => explains !== null);
  const byTemplate = new Map(wordings.map(({ templateId: id, note }) => [id, note]));
  const muted = new Set(notes.filter((note) => note.muted).map(({ id }) => id));
  const ofTemplate = (id: string | null) => (id === null ? undefined : byTemplate.get(id));
  return {
    version,
    match: (text) => own.find(({ matches }) => matches(text))?.explains ?? library.match(text),
    known: [
      ...KNOWN_PATTERNS,
      ...notes.flatMap(({ definition }) => (definition ? [explanationOf(definition)] : [])),
    ],
    named: wordings.map(({ note: { name }, text }) => ({ name, text })),
    isMuted: (template, pattern) =>
      ofTemplate(template)?.muted === true ||
      (template !== null && muted.has(template)) ||
      (pattern !== null && muted.has(pattern)),
    noteOf: (id) => byTemplate.get(id) ?? null,
  };
}

interface Wording {
  readonly note: PatternNote;
  readonly text: string;
  readonly templateId: string;
  readonly explains: KnownPattern | null;
  readonly matches: (line: string) => boolean;
}

const LINE_CHARACTERS_MAX = 8_192;

function readWording(note: PatternNote, wording: string): Wording {
  const pattern = parsePinnedPattern(note.name, wording);
  const [longest = ''] = pattern.literals
    .flatMap((literal) => literal.split(' '))
    .sort((a, b) => b.length - a.length);
  return {
    note,
    text: pattern.text,
    templateId: templateId(pattern.text),
    explains: note.definition && explanationOf(note.definition),
    matches: (line) =>
      line.includes(longest) && matchLine(pattern, line.slice(0, LINE_CHARACTERS_MAX)) !== null,
  };
}

function explanationOf({
  id,
  category,
  severity,
  meaning,
  causes,
  nextSteps,
}: PatternDefinition): KnownPattern {
  return { id, category, severity, meaning, causes, nextSteps };
}
