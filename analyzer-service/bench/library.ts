import { generateSample } from '@sonde/loki-sample';
import { compileLibrary } from '../src/engine/library/library.ts';

export interface LibraryBench {
  readonly lines: number;
  readonly matches: number;
  /** A second of one thread's processor time. */
  readonly linesPerSecond: number;
  readonly megabytesPerSecond: number;
}

/** How fast one thread looks for known patterns on ordinary lines: the sample shop without a fault, five rounds. */
export function benchLibrary(): LibraryBench {
  const startMs = Date.UTC(2026, 10, 21, 12);
  const options = {
    scenario: 'none',
    seed: 1,
    startMs,
    endMs: startMs + 60_000,
    linesPerSecond: 2000,
  } as const;
  const texts = Array.from(generateSample(options), (line) => line.text);
  const library = compileLibrary();
  let matches = 0;
  const countMatches = (): void => {
    for (const text of texts) if (library.match(text) !== null) matches++;
  };
  // The first round is for the compiler, and flattens the strings.
  countMatches();
  matches = 0;
  const begun = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round++) countMatches();
  // Processor time, not time on the clock: other work on the machine must not count.
  const seconds = process.cpuUsage(begun).user / 1e6;
  const characters = texts.reduce((sum, text) => sum + text.length, 0) * ROUNDS;
  return {
    lines: texts.length * ROUNDS,
    matches,
    linesPerSecond: Math.round((texts.length * ROUNDS) / seconds),
    megabytesPerSecond: Math.round(characters / seconds / 1e6),
  };
}

const ROUNDS = 5;

if (import.meta.main) console.table([benchLibrary()]);
