const CHARACTERS_MAX = 40;

/** The word that a typing error most likely meant: at most two letters off, and fewer than a third of it; or null. */
export function nearest(word: string, words: readonly string[]): string | null {
  const distances = words
    .map((other) => ({
      other,
      letters: distance(word.slice(0, CHARACTERS_MAX), other.slice(0, CHARACTERS_MAX)),
    }))
    .sort((a, b) => a.letters - b.letters);
  const [best] = distances;
  return best && best.letters <= Math.min(2, best.other.length / 3) ? best.other : null;
}

/** Levenshtein's. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const swap = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
