import { RE2JS } from 're2js';
import { SEVERITIES } from '../finding.ts';
import { AI } from './ai.ts';
import { buildAutomaton } from './automaton.ts';
import { CONNECTIVITY } from './connectivity.ts';
import { DATA_STREAMS } from './data-streams.ts';
import { DATA } from './data.ts';
import { INFRASTRUCTURE_CLUSTER } from './infrastructure-cluster.ts';
import { INFRASTRUCTURE } from './infrastructure.ts';
import type { KnownPattern, PatternDefinition } from './known-pattern.ts';
import { isRealMention } from './mention.ts';
import { PERFORMANCE } from './performance.ts';
import { SECURITY } from './security.ts';
import { checkUserPatterns } from './user-patterns.ts';

/** The patterns that come with Sonde. Of two with the same severity that match a line, the earlier one wins. */
export const KNOWN_PATTERNS: readonly PatternDefinition[] = [
  ...AI,
  ...DATA_STREAMS,
  ...INFRASTRUCTURE,
  ...INFRASTRUCTURE_CLUSTER,
  ...DATA,
  ...PERFORMANCE,
  ...SECURITY,
  ...CONNECTIVITY,
];

export interface PatternLibrary {
  readonly patterns: readonly KnownPattern[];
  /**
   * The pattern that best explains an event, or null. A user's pattern comes before the known ones, then the graver
   * one wins. One pass over the text finds all literals (see `buildAutomaton`); a regular expression runs only where
   * one of its literals stands, on that physical line. Reads the first 65,536 characters of an event; regular
   * expressions read the first 1,000 of a physical line, and together at most 4,000 of an event.
   */
  readonly match: (text: string) => KnownPattern | null;
}

/**
 * Compiles the known patterns together with those of a user.
 * @throws InvalidPatternError for the first pattern that breaks a rule, with its id and the reason.
 */
export function compileLibrary(userPatterns: readonly PatternDefinition[] = []): PatternLibrary {
  checkUserPatterns(userPatterns, KNOWN_PATTERNS);
  const rules = [...userPatterns.map(compileRule), ...knownRules()];
  const rulesByLiteral = groupByLiteral(rules);
  const literals = [...rulesByLiteral.keys()];
  const rulesOfLiteral = [...rulesByLiteral.values()];
  const findWords = buildAutomaton(literals);

  const match = (text: string): KnownPattern | null => {
    let search: Search | null = null;
    findWords(text, TEXT_CHARACTERS_MAX, (word, start, end) => {
      search ??= beginSearch(text, rules.length);
      considerMention(search, rules, rulesOfLiteral[word] ?? [], start, end);
    });
    return search === null ? null : (rules[(search as Search).best]?.pattern ?? null);
  };
  return { patterns: rules.map((rule) => rule.pattern), match };
}

/** The known patterns alone. Compiling takes a tenth of a second, so it is done once, on first use. */
export function standardLibrary(): PatternLibrary {
  standard ??= compileLibrary();
  return standard;
}

let standard: PatternLibrary | null = null;

/** Compiled once, so that a change of a user's patterns costs milliseconds. */
function knownRules(): readonly Rule[] {
  known ??= KNOWN_PATTERNS.toSorted((left, right) => gravity(right) - gravity(left)).map(compileRule);
  return known;
}

let known: readonly Rule[] | null = null;

const TEXT_CHARACTERS_MAX = 65_536;
const LINE_CHARACTERS_MAX = 1000;
/** A hostile text can make an expression cost microseconds a character: this bounds what one event may cost. */
const REGEX_CHARACTERS_MAX = 4000;

interface Rule {
  readonly pattern: KnownPattern;
  /** In lower case. */
  readonly literals: readonly string[];
  readonly regex: RE2JS | null;
}

interface Search {
  readonly text: string;
  /** Index of the best rule that matches so far. */
  best: number;
  regexCharactersLeft: number;
  /** The physical line that the search has reached. */
  lineStart: number;
  lineEnd: number;
  /** Rules whose regular expression ran on this physical line: it need not run there again. */
  readonly tried: Set<number>;
}

function beginSearch(text: string, best: number): Search {
  const lineEnd = endOfLine(text, 0);
  return { text, best, regexCharactersLeft: REGEX_CHARACTERS_MAX, lineStart: 0, lineEnd, tried: new Set() };
}

function considerMention(
  search: Search,
  rules: readonly Rule[],
  candidates: readonly number[],
  start: number,
  end: number,
): void {
  if ((candidates[0] ?? Infinity) >= search.best || !isRealMention(search.text, start, end)) return;
  for (const candidate of candidates) {
    if (candidate >= search.best) return;
    const regex = rules[candidate]?.regex ?? null;
    if (regex === null || confirms(search, regex, candidate, end)) search.best = candidate;
  }
}

function confirms(search: Search, regex: RE2JS, candidate: number, end: number): boolean {
  while (search.lineEnd < end) {
    search.lineStart = search.lineEnd + 1;
    search.lineEnd = endOfLine(search.text, search.lineStart);
    search.tried.clear();
  }
  if (search.tried.has(candidate)) return false;
  search.tried.add(candidate);
  const lineEnd = Math.min(search.lineEnd, search.lineStart + LINE_CHARACTERS_MAX);
  search.regexCharactersLeft -= lineEnd - search.lineStart;
  return search.regexCharactersLeft >= 0 && regex.test(search.text.slice(search.lineStart, lineEnd));
}

function endOfLine(text: string, start: number): number {
  const newline = text.indexOf('\n', start);
  return newline === -1 ? text.length : newline;
}

function compileRule({ literals, regex, ...pattern }: PatternDefinition): Rule {
  return {
    pattern,
    literals: literals.map((literal) => literal.toLowerCase()),
    regex: regex === undefined ? null : RE2JS.compile(regex, RE2JS.CASE_INSENSITIVE),
  };
}

/** Indexes of the rules, best first, for each literal. */
function groupByLiteral(rules: readonly Rule[]): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, rule] of rules.entries()) {
    for (const literal of new Set(rule.literals)) {
      const group = groups.get(literal);
      if (group === undefined) groups.set(literal, [index]);
      else group.push(index);
    }
  }
  return groups;
}

function gravity(pattern: PatternDefinition): number {
  return SEVERITIES.indexOf(pattern.severity);
}
