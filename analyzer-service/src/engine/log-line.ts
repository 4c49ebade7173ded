/** Severity words that the engine knows, weakest first. A line whose level nobody could tell is `unknown`. */
export const LEVELS = ['trace', 'debug', 'info', 'unknown', 'warn', 'error', 'fatal'] as const;
export type Level = (typeof LEVELS)[number];

/** One event of a log. An event of several physical lines (a stack trace) is one LogLine with newlines in `text`. */
export interface LogLine {
  /** Nanoseconds since the epoch as decimal text, exactly as the source gave it: evidence is found again by it. */
  readonly timestampNs: string;
  /** The same instant in milliseconds since the epoch, with a fraction. */
  readonly timeMs: number;
  /** Who wrote the line; an empty string when the source does not say. */
  readonly service: string;
  readonly level: Level;
  readonly text: string;
  /** Labels and structured metadata: correlation_id, trace_id, span_id, model, pod ... */
  readonly fields: Readonly<Record<string, string>>;
  /** How many lines of the source this one stands for: 1, or more where the source was sampled. */
  readonly weight: number;
}

/** Half-open: a line belongs to the range when startMs <= timeMs < endMs. Milliseconds since the epoch. */
export interface TimeRange {
  readonly startMs: number;
  readonly endMs: number;
}

/** Whether a level counts as an error in error rates. */
export function isErrorLevel(level: Level): boolean {
  return level === 'error' || level === 'fatal';
}

/** Folds the spellings seen in the wild (WARNING, err, E, crit, notice, 30 ...) into a Level. Case does not matter. */
export function parseLevel(word: string): Level {
  return LEVEL_WORDS.get(word.toLowerCase()) ?? 'unknown';
}

const LEVEL_WORDS: ReadonlyMap<string, Level> = new Map<string, Level>([
  ...wordsFor('trace', 'trace', 'trc', 'verbose', 'finest', 'finer', '10'),
  ...wordsFor('debug', 'debug', 'dbg', 'd', 'fine', '20'),
  ...wordsFor('info', 'info', 'inf', 'i', 'information', 'notice', 'config', '30'),
  ...wordsFor('warn', 'warn', 'warning', 'wrn', 'w', '40'),
  ...wordsFor('error', 'error', 'err', 'e', 'eror', 'severe', 'failure', '50'),
  ...wordsFor('fatal', 'fatal', 'critical', 'crit', 'f', 'alert', 'emerg', 'emergency', 'panic', '60'),
]);

function wordsFor(level: Level, ...words: readonly string[]): [string, Level][] {
  return words.map((word) => [word, level]);
}
