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
  followFailures(trie, alphabet.width);
  const { table, firstEndState, wordsAt } = numberEndStatesLast(trie, alphabet.width);
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

/** Tables of a row a state and a column a character; 0 in the trie means that there is no step. */
interface Trie {
  readonly next: Uint32Array;
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
  const statesMax = words.reduce((sum, word) => sum + word.length, 1);
  const next = new Uint32Array(statesMax * width);
  const ends: number[][] = [[]];
  for (const [index, word] of words.entries()) {
    let state = 0;
    for (const character of word.toLowerCase()) {
      const cell = state * width + columns[character.charCodeAt(0)]!;
      if (next[cell] === 0) {
        next[cell] = ends.length;
        ends.push([]);
      }
      state = next[cell]!;
    }
    ends[state]!.push(index);
  }
  return { next: next.subarray(0, ends.length * width), ends };
}

/** Breadth first: a state's missing steps are those of its longest proper suffix, which is done already. */
function followFailures({ next, ends }: Trie, width: number): void {
  const failure = new Uint32Array(ends.length);
  const queue = Array.from(next.subarray(0, width)).filter((state) => state !== 0);
  for (const state of queue) {
    const fallback = failure[state]!;
    ends[state]!.push(...ends[fallback]!);
    for (let column = 0; column < width; column++) {
      const cell = state * width + column;
      const child = next[cell]!;
      const target = next[fallback * width + column]!;
      if (child === 0) {
        next[cell] = target;
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

function numberEndStatesLast({ next, ends }: Trie, width: number): Numbered {
  const states = [...ends.keys()];
  const quiet = states.filter((state) => ends[state]!.length === 0);
  const order = [...quiet, ...states.filter((state) => ends[state]!.length > 0)];
  const renumbered = new Uint32Array(order.length);
  for (const [place, state] of order.entries()) renumbered[state] = place;
  const table = new Uint32Array(next.length);
  for (const [place, state] of order.entries()) {
    for (let column = 0; column < width; column++) {
      table[place * width + column] = renumbered[next[state * width + column]!]!;
    }
  }
  return { table, wordsAt: order.map((state) => ends[state]!), firstEndState: quiet.length };
}
