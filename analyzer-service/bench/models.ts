// npm run bench:models [-- --model FILE --threads 2 --lines 1000000]: how fast a local model writes through the service,
// against the same file in llama.cpp's own tool where that is installed, and what a summary of many lines asks of it.
// Without --model a file of 60 MB with random weights is written: its speed means something, its words do not.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeTinyGguf } from '../src/testing/tiny-gguf.ts';
import { llamaBench } from './models/llama-bench.ts';
import { measureModel } from './models/measure-model.ts';
import { summaryPrompt } from './models/summary-prompt.ts';

const PROMPT_TOKENS_MAX = 8_000;
const SIZE = { width: 512, hidden: 1_536, layers: 14, heads: 8, tokens: 8_000, type: 'q8_0' } as const;

const { values: options } = parseArgs({
  options: {
    model: { type: 'string' },
    threads: { type: 'string', default: String(Math.max(1, availableParallelism() - 1)) },
    tokens: { type: 'string', default: '512' },
    lines: { type: 'string', default: '1000000' },
  },
});
const threads = Number(options.threads);
const folder = await mkdtemp(path.join(tmpdir(), 'sonde-bench-models-'));
try {
  const file = options.model ?? path.join(folder, 'random.gguf');
  if (!options.model) await writeTinyGguf(file, SIZE);
  const ours = await measureModel(file, { folder, threads, tokens: Number(options.tokens) });
  const theirs = llamaBench(file, threads);
  const prompt = await summaryPrompt(Number(options.lines), PROMPT_TOKENS_MAX);
  const usual = await summaryPrompt(Math.min(prompt.lines, 100_000), 3_000);
  const rows = {
    'tokens a second': round(ours.tokensPerSecond),
    'llama-bench, tokens a second': theirs === null ? 'llama-bench is not installed' : round(theirs),
    'part of llama-bench': theirs === null ? '-' : round(ours.tokensPerSecond / theirs),
    'time to first token, ms': round(ours.firstTokenMs),
    'time to load, ms': round(ours.loadMs),
    [`prompt tokens for ${prompt.lines} lines (at most ${PROMPT_TOKENS_MAX})`]: prompt.tokens,
    [`prompt tokens for ${usual.lines} lines (at most 3000)`]: usual.tokens,
  };
  console.table(rows);
  await mkdir('bench-results', { recursive: true });
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, load: loadavg() };
  const model = options.model ?? 'random weights';
  const result = {
    date: new Date().toISOString(),
    ...machine,
    model,
    threads,
    ours,
    llamaBench: theirs,
    rows,
  };
  await writeFile('bench-results/models.json', `${JSON.stringify(result, null, 2)}\n`);
  console.log('Written to bench-results/models.json');
  if (prompt.tokens > PROMPT_TOKENS_MAX) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
