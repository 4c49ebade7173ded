import { SCENARIOS, SCENARIO_NAMES, type ScenarioName, generateSample, pushSample } from '@sonde/loki-sample';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { AppError } from '../errors.ts';
import { parseDuration } from './duration.ts';
import { loadSample } from './load-sample.ts';
import { endProgress, showProgress } from './progress.ts';
import { stopSignal } from './stop-signal.ts';

interface SimulateOptions {
  readonly scenario: ScenarioName | 'none';
  readonly rate: number;
  readonly to: string;
  readonly seed: number;
  readonly backfill?: number;
  readonly for: number;
  readonly faultAfter: number;
}

/** `sonde simulate`: the sample shop writes to a Loki, live or into the past. */
export function simulateCommand(program: Command): void {
  const scenarios = SCENARIOS.map(({ name, description }) => `  ${name.padEnd(16)} ${description}`).join(
    '\n',
  );
  program
    .command('simulate')
    .description('let a made-up shop write logs to a Loki, healthy or with a known fault')
    .addOption(
      new Option('--scenario <name>', 'the fault')
        .choices(['none', ...SCENARIO_NAMES])
        .default('pool-exhaustion'),
    )
    .option('--rate <lines>', 'lines a second', positiveNumber, 50)
    .option('--to <url>', 'address of the Loki', 'http://127.0.0.1:3100')
    .option('--seed <number>', 'the same seed gives the same lines', positiveNumber, 1)
    .option(
      '--backfill <duration>',
      'write the time up to now at once and end, for example 1h',
      parseDuration,
    )
    .option('--for <duration>', 'how long to write live', parseDuration, Infinity)
    .option('--fault-after <duration>', 'when the fault starts, live', parseDuration, 60_000)
    .addHelpText('after', `\nScenarios:\n${scenarios}`)
    .action(simulate);
}

async function simulate(options: SimulateOptions): Promise<void> {
  const signal = stopSignal();
  const { scenario, seed, to: url, rate: linesPerSecond, backfill } = options;
  const nowMs = Date.now();
  try {
    if (backfill === undefined) {
      await writeLive(options, nowMs, signal);
    } else {
      const lines = await loadSample({
        url,
        scenario,
        seed,
        linesPerSecond,
        startMs: nowMs - backfill,
        endMs: nowMs,
        signal,
      });
      process.stdout.write(`Wrote ${lines.toLocaleString('en')} lines of ${scenario} to ${url}.\n`);
    }
  } catch (error) {
    if (!signal.aborted) throw new AppError('loki_unreachable', (error as Error).message, { cause: error });
  }
}

async function writeLive(options: SimulateOptions, startMs: number, signal: AbortSignal): Promise<void> {
  const { scenario, seed, to: url, rate: linesPerSecond, faultAfter } = options;
  const lines = generateSample({
    scenario,
    seed,
    linesPerSecond,
    startMs,
    endMs: startMs + options.for,
    faultStartMs: startMs + faultAfter,
  });
  process.stdout.write(
    `Writing ${linesPerSecond} lines a second of ${scenario} to ${url}; Ctrl-C ends it.\n`,
  );
  let sent = 0;
  const onProgress = (done: { readonly lines: number }) => {
    sent = done.lines;
    showProgress(`  ${sent.toLocaleString('en')} lines`);
  };
  try {
    await pushSample(lines, { url, pace: 'clock', signal, onProgress });
  } finally {
    endProgress();
    process.stdout.write(`Wrote ${sent.toLocaleString('en')} lines.\n`);
  }
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1e6))
    throw new InvalidArgumentError('Give a number above 0 and at most 1000000.');
  return value;
}
