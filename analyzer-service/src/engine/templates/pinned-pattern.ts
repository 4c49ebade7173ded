/** A pattern that a user named. `<name>` stands for any text of at least one character, `<*>` for one without name. */
export interface PinnedPattern {
  readonly name: string;
  readonly text: string;
  /** The names of the placeholders, in order; null for `<*>`. */
  readonly parameters: readonly (string | null)[];
  /** The wording between the placeholders. */
  readonly literals: readonly string[];
  /** The same, split once more at each word with a digit: what can be told from a shape, which has no digits. */
  readonly shapeLiterals: readonly string[];
}

const PATTERN_LENGTH_MAX = 500;
const LITERAL_LENGTH_MIN = 3;
const PLACEHOLDER = /<(\*|[A-Za-z_][A-Za-z0-9_]{0,63})>/;

/**
 * Reads a user's pattern, for example `payment declined for <customer>`. Throws an Error that says what to change.
 * The pattern is found anywhere in a message; white space of any length equals one blank.
 */
export function parsePinnedPattern(name: string, text: string): PinnedPattern {
  if (!/^\S[^\n]{0,79}$/.test(name))
    throw new Error('The name of a pattern needs 1 to 80 characters on one line');
  if (text.length > PATTERN_LENGTH_MAX) {
    throw new Error(
      `The pattern "${name}" is longer than ${PATTERN_LENGTH_MAX} characters: shorten it to its wording`,
    );
  }
  const folded = foldSpace(text).trim();
  const pieces = folded.split(PLACEHOLDER);
  const literals = pieces.filter((_, i) => i % 2 === 0);
  const parameters = pieces.filter((_, i) => i % 2 === 1).map((found) => (found === '*' ? null : found));
  if (literals.join('').replace(/\W/g, '').length < LITERAL_LENGTH_MIN) {
    throw new Error(
      `The pattern "${name}" has hardly any wording and would match everything: add words around its placeholders`,
    );
  }
  const shapeLiterals = literals.flatMap((literal) => literal.split(/\S*\d\S*/));
  return { name, text: folded, parameters, literals, shapeLiterals };
}

/** Whether lines of a shape can match. Lines must be looked at then: a shape does not tell their digits. */
export function matchShape(pattern: PinnedPattern, shapeText: string): boolean {
  return findLiterals(pattern.shapeLiterals, shapeText) !== null;
}

/** The values of the placeholders, or null when the line does not match. Linear in the line for each literal. */
export function matchLine(pattern: PinnedPattern, line: string): readonly string[] | null {
  const text = foldSpace(line);
  const places = findLiterals(pattern.literals, text);
  if (!places) return null;
  return pattern.parameters.map((_, i) => valueAt(text, places, pattern.literals, i));
}

function foldSpace(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** Where each literal begins, the leftmost way that leaves at least one character between two; null when there is none. */
function findLiterals(literals: readonly string[], text: string): number[] | null {
  const places: number[] = [];
  let from = 0;
  for (const [i, literal] of literals.entries()) {
    const place = text.indexOf(literal, i === 0 ? 0 : from + 1);
    if (place < 0 || (i > 0 && place <= from)) return null;
    places.push(place);
    from = place + literal.length;
  }
  return places;
}

/** The value before the next literal; at the end of a pattern it is the next word. */
function valueAt(
  text: string,
  places: readonly number[],
  literals: readonly string[],
  index: number,
): string {
  const start = places[index]! + literals[index]!.length;
  const isLast = index === literals.length - 2 && literals.at(-1) === '';
  const end = isLast ? text.length : places[index + 1]!;
  const value = text.slice(start, end).trim();
  return isLast ? (/^\S+/.exec(value)?.[0] ?? '') : value;
}
