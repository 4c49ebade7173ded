import { RE2JS } from 're2js';
import { SEVERITIES } from '../finding.ts';
import type { PatternDefinition } from './known-pattern.ts';

/** A pattern of a user that breaks a rule. `patternId` is what the user called it. */
export class InvalidPatternError extends Error {
  override readonly name = 'InvalidPatternError';
  readonly patternId: string;

  constructor(patternId: string, reason: string, options?: ErrorOptions) {
    super(`Pattern "${patternId}": ${reason}.`, options);
    this.patternId = patternId;
  }
}

/** What users may add. The limits keep the automaton small and each regular expression cheap, whoever writes them. */
export const USER_PATTERN_LIMITS = {
  patternsMax: 100,
  literalsMax: 10,
  literalCharactersMin: 3,
  literalCharactersMax: 100,
  regexCharactersMax: 500,
  /** RE2's own measure of a compiled expression's cost. */
  regexSizeMax: 250,
  sentencesMax: 10,
  sentenceCharactersMax: 500,
} as const;

const CATEGORIES = ['connectivity', 'performance', 'ai', 'security', 'infrastructure', 'data'];

/** @throws InvalidPatternError for the first pattern that breaks a rule. */
export function checkUserPatterns(
  patterns: readonly PatternDefinition[],
  taken: readonly { readonly id: string }[],
): void {
  const { patternsMax } = USER_PATTERN_LIMITS;
  const ids = new Set(taken.map((pattern) => pattern.id));
  for (const [index, pattern] of patterns.entries()) {
    const id = idOf(pattern, index);
    const refuse = (reason: string, options?: ErrorOptions): never => {
      throw new InvalidPatternError(id, reason, options);
    };
    if (typeof pattern !== 'object' || pattern === null) refuse('a pattern is an object');
    if (index >= patternsMax) refuse(`there are more than ${patternsMax} patterns; remove some`);
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(id)) refuse('an id has 1 to 64 small letters, digits and hyphens');
    if (ids.has(id)) refuse('another pattern has this id already; choose another');
    ids.add(id);
    checkWords(pattern, refuse);
    checkLiterals(pattern.literals, refuse);
    if (pattern.regex !== undefined) checkRegex(pattern.regex, refuse);
  }
}

type Refuse = (reason: string, options?: ErrorOptions) => never;

function checkWords(pattern: PatternDefinition, refuse: Refuse): void {
  const { sentencesMax, sentenceCharactersMax } = USER_PATTERN_LIMITS;
  if (!CATEGORIES.includes(pattern.category)) refuse(`the category is one of ${CATEGORIES.join(', ')}`);
  if (!SEVERITIES.includes(pattern.severity)) refuse(`the severity is one of ${SEVERITIES.join(', ')}`);
  for (const name of ['causes', 'nextSteps'] as const) {
    const sentences: unknown = pattern[name];
    if (!Array.isArray(sentences) || sentences.length > sentencesMax) {
      refuse(`${name} is a list of at most ${sentencesMax} sentences`);
    }
  }
  for (const sentence of [pattern.meaning, ...pattern.causes, ...pattern.nextSteps] as readonly unknown[]) {
    if (typeof sentence !== 'string' || sentence.trim() === '' || sentence.length > sentenceCharactersMax) {
      refuse(`meaning, causes and nextSteps are sentences of 1 to ${sentenceCharactersMax} characters`);
    }
  }
}

function checkLiterals(literals: readonly unknown[], refuse: Refuse): void {
  const { literalsMax, literalCharactersMin, literalCharactersMax } = USER_PATTERN_LIMITS;
  if (!Array.isArray(literals) || literals.length === 0 || literals.length > literalsMax) {
    refuse(`it needs 1 to ${literalsMax} literals: words of which every matching line contains at least one`);
  }
  for (const literal of literals) {
    if (typeof literal !== 'string' || !/^[ -~]*$/.test(literal)) {
      return refuse('a literal is printable ASCII; put other characters into the regex');
    }
    if (
      literal.length > literalCharactersMax ||
      literal.replaceAll(/[^a-z0-9]/gi, '').length < literalCharactersMin
    ) {
      refuse(
        `the literal "${literal.slice(0, literalCharactersMax)}" must have at least ${literalCharactersMin} letters or digits and at most ${literalCharactersMax} characters`,
      );
    }
  }
}

function checkRegex(regex: unknown, refuse: Refuse): void {
  const { regexCharactersMax, regexSizeMax } = USER_PATTERN_LIMITS;
  if (typeof regex !== 'string' || regex === '' || regex.length > regexCharactersMax) {
    return refuse(`the regex has 1 to ${regexCharactersMax} characters`);
  }
  const size = compiledSize(regex, refuse);
  if (size > regexSizeMax) {
    refuse(`the regex is too costly (${size}, at most ${regexSizeMax}); use smaller repetitions`);
  }
}

function compiledSize(regex: string, refuse: Refuse): number {
  try {
    return RE2JS.compile(regex, RE2JS.CASE_INSENSITIVE).programSize();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuse(`the regex is no RE2 (${reason}); look-around and back-references are not part of it`, {
      cause: error,
    });
  }
}

function idOf(pattern: PatternDefinition, index: number): string {
  const { id } = (pattern ?? {}) as { readonly id?: unknown };
  return typeof id === 'string' && id !== '' ? id : `#${index + 1}`;
}
