import { generateSample } from '@sonde/loki-sample';
import { Redactor } from '../src/engine/redaction/redactor.ts';
import { lookAlikes, secretLines } from '../src/engine/redaction/testing/corpus.ts';

// Lines a second that redaction takes: a shop's log, which has an address or a mail in some lines, and the corpus of
// the tests, where every other line holds a secret. Prints the best and the median of the rounds.

const LINES = 100_000;
const ROUNDS = 7;

function shopLines(): string[] {
  const endMs = Date.UTC(2026, 10, 20, 12);
  const options = {
    scenario: 'login-attack',
    seed: 1,
    linesPerSecond: 200,
    startMs: endMs - 600_000,
    endMs,
  } as const;
  const lines: string[] = [];
  for (const { text } of generateSample(options)) {
    lines.push(text);
    if (lines.length === LINES) break;
  }
  return lines;
}

function measure(name: string, lines: readonly string[]): void {
  const rates: number[] = [];
  let hidden = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const redactor = new Redactor(['Acme']);
    const startMs = performance.now();
    for (const line of lines) redactor.redact(line);
    rates.push((lines.length / (performance.now() - startMs)) * 1_000);
    hidden = Object.values(redactor.counts).reduce((sum, count) => sum + count, 0);
  }
  rates.sort((a, b) => a - b);
  const [median, best] = [rates[ROUNDS >> 1] ?? 0, rates.at(-1) ?? 0];
  const characters = lines.reduce((sum, line) => sum + line.length, 0) / lines.length;
  console.log(
    `${name}: ${Math.round(median).toLocaleString('en')} lines/s (best ${Math.round(best).toLocaleString('en')}), ` +
      `${lines.length.toLocaleString('en')} lines of ${Math.round(characters)} characters, ${hidden.toLocaleString('en')} secrets`,
  );
}

const corpus = [...secretLines().map(({ line }) => line), ...lookAlikes()];
measure('shop', shopLines());
measure(
  'corpus',
  Array.from({ length: LINES }, (_, index) => corpus[index % corpus.length] ?? ''),
);
