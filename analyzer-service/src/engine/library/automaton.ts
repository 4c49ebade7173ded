/** Calls `visit` for each place of each word in the text's first `charactersMax` characters: at one end, longest first. */
export type FindWords = (
  text: string,
  charactersMax: number,
  visit: (word: number, start: number, end: number) => void,
) => void;

/**
 * Finds all of many words in one pass over a text: the automaton of Aho and Corasick (1975), with its failure links
 * folded into one dense table. Costs one table look-up a character, however many words there are; building it takes
 * time and memory in proportion to the words' length. Upper and lower case of ASCII are alike.
 *
 * The words must be printable ASCII and not empty; `visit` gets their indexes.
 */
export function buildAutomaton(words: readonly string[]): FindWords {
  const alphabet = alphabetOf(words);
  const trie = buildTrie(words, alphabet);
  followFailures(trie);
  const { table, firstEndState, wordsAt } = numberEndStatesLast(trie, alphabet);
  const { columns, width } = alphabet;
  return (text, charactersMax, visit) => {
    const end = Math.min(text.length, charactersMax);
    for (let index = 0, state = 0; index < end; index++) {
      const code = text.charCodeAt(index);
      state = code < 128 ? table[state * width + columns[code]!]! : 0;
      if (state < firstEndState) continue;
      for (const word of wordsAt[state]!) visit(word, index + 1 - words[word]!.length, index + 1);
    }
  };
}

interface Alphabet {
  /** Character code to column, for codes under 128; column 0 is every character that is in no word. */
  readonly columns: Uint8Array;
  readonly width: number;
}

interface Trie {
  readonly next: number[][];
  readonly ends: number[][];
}

function alphabetOf(words: readonly string[]): Alphabet {
  const columns = new Uint8Array(128);
  let width = 1;
  for (const word of words) {
    for (const character of word.toLowerCase()) {
      const code = character.charCodeAt(0);
      if (columns[code] === 0) columns[code] = width++;
    }
  }
  for (let code = 65; code <= 90; code++) columns[code] = columns[code + 32]!;
  return { columns, width };
}

function buildTrie(words: readonly string[], { columns, width }: Alphabet): Trie {
  const next = [Array<number>(width).fill(0)];
  const ends: number[][] = [[]];
  for (const [index, word] of words.entries()) {
    let state = 0;
    for (const character of word.toLowerCase()) {
      const column = columns[character.charCodeAt(0)]!;
      const row = next[state]!;
      if (row[column] === 0) {
        row[column] = next.length;
        next.push(Array<number>(width).fill(0));
        ends.push([]);
      }
      state = row[column]!;
    }
    ends[state]!.push(index);
  }
  return { next, ends };
}

/** Breadth first: a state's missing steps are those of its longest proper suffix, which is done already. */
function followFailures({ next, ends }: Trie): void {
  const failure = Array<number>(next.length).fill(0);
  const queue = next[0]!.filter((state) => state !== 0);
  for (const state of queue) {
    const fallback = failure[state]!;
    ends[state]!.push(...ends[fallback]!);
    for (const [column, child] of next[state]!.entries()) {
      const target = next[fallback]![column]!;
      if (child === 0) {
        next[state]![column] = target;
      } else {
        failure[child] = target;
        queue.push(child);
      }
    }
  }
}

interface Numbered {
  /** Next state by state and column. */
  readonly table: Uint32Array;
  /** States from here on end at least one word. */
  readonly firstEndState: number;
  /** The words that end in each state, longest first. */
  readonly wordsAt: readonly (readonly number[])[];
}

function numberEndStatesLast({ next, ends }: Trie, { width }: Alphabet): Numbered {
  const isEnd = (state: number): number => Number(ends[state]!.length > 0);
  const order = [...next.keys()].sort((left, right) => isEnd(left) - isEnd(right));
  const renumbered = new Uint32Array(next.length);
  for (const [place, state] of order.entries()) renumbered[state] = place;
  const table = new Uint32Array(next.length * width);
  for (const [place, state] of order.entries()) {
    for (const [column, target] of next[state]!.entries())
      table[place * width + column] = renumbered[target]!;
  }
  const wordsAt = order.map((state) => ends[state]!);
  return { table, wordsAt, firstEndState: wordsAt.findIndex((ending) => ending.length > 0) };
}
