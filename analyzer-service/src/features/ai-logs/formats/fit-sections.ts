import { estimateTokens } from '../../../engine/summary/estimate-tokens.ts';

/** Lines of one kind, best first; whole pieces are left out, never parts of one. */
export interface Section {
  /** What it holds, in the plural. */
  readonly name: string;
  readonly pieces: readonly string[];
}

/** The pieces that fit into `tokensMax`, section after section, and how many of each section do not. */
export function fitSections(
  sections: readonly Section[],
  tokensMax: number,
): { readonly written: readonly string[]; readonly leftOut: readonly string[] } {
  let left = tokensMax;
  const written: string[] = [];
  const leftOut: string[] = [];
  for (const { name, pieces } of sections) {
    let kept = 0;
    for (const piece of pieces) {
      const cost = estimateTokens(`${piece}\n`);
      if (cost > left) break;
      left -= cost;
      written.push(piece);
      kept += 1;
    }
    if (kept < pieces.length) leftOut.push(`${pieces.length - kept} ${name}`);
  }
  return { written, leftOut };
}
