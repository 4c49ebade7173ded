/** A learned line pattern, `<_>` standing for what varies, and how many lines it has in each step. */
export type LinePattern = { readonly tokens: string[]; readonly counts: Map<number, number> };

const WILDCARD = '<_>';
const TOKENS_MIN = 4;
const TOKENS_MAX = 80;
const LINE_CHARACTERS_MAX = 3000;
const CLUSTERS_MAX = 300;
const SIMILARITY_MIN = 0.5;

/**
 * Groups lines by pattern as Drain does (He et al. 2017): lines of one length and one first word are compared
 * token by token. Short and long lines are left out, as Loki's pattern ingester leaves them out.
 */
export class PatternClusters {
  readonly #byShape = new Map<string, LinePattern[]>();
  #size = 0;

  add(line: string, step: number): void {
    if (line.length > LINE_CHARACTERS_MAX) return;
    const tokens = tokenize(line);
    if (tokens.length < TOKENS_MIN || tokens.length > TOKENS_MAX) return;
    const shape = `${tokens.length} ${tokens[0]}`;
    const candidates = this.#byShape.get(shape) ?? [];
    const pattern = bestMatch(candidates, tokens);
    if (pattern) {
      for (const [index, token] of tokens.entries())
        if (pattern.tokens[index] !== token) pattern.tokens[index] = WILDCARD;
      pattern.counts.set(step, (pattern.counts.get(step) ?? 0) + 1);
    } else if (this.#size < CLUSTERS_MAX) {
      this.#byShape.set(shape, [...candidates, { tokens, counts: new Map([[step, 1]]) }]);
      this.#size += 1;
    }
  }

  patterns(): { pattern: string; counts: ReadonlyMap<number, number> }[] {
    return [...this.#byShape.values()]
      .flat()
      .map(({ tokens, counts }) => ({ pattern: tokens.join(' '), counts }));
  }
}

/** Words that carry a number vary from line to line. */
function tokenize(line: string): string[] {
  return line
    .trim()
    .split(/\s+/)
    .map((token) => (/\d/.test(token) ? token.replaceAll(/[\w.:/@%+-]*\d[\w.:/@%+-]*/g, WILDCARD) : token));
}

function bestMatch(candidates: readonly LinePattern[], tokens: readonly string[]): LinePattern | null {
  let best: LinePattern | null = null;
  let bestScore = SIMILARITY_MIN;
  for (const candidate of candidates) {
    const equal = candidate.tokens.filter(
      (token, index) => token === tokens[index] || token === WILDCARD,
    ).length;
    const score = equal / tokens.length;
    if (score >= bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}
