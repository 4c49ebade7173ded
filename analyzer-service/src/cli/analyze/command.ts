import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { openLogFile, type LogFile } from '../../adapters/files/log-file.ts';
import { readChunks } from '../../adapters/files/read-lines.ts';
import { sampleLines } from '../../adapters/files/sample-lines.ts';
import { AppError } from '../../errors.ts';
import { parseDuration } from '../duration.ts';
import { terminalWidth } from '../terminal.ts';
import { analyzeLogs } from '../../engine/analysis/analyze-logs.ts';
import type { LogInput } from '../../engine/analysis/log-input.ts';
import { ProgressBar } from './progress-bar.ts';
import { toJson } from '../../engine/analysis/analysis-report.ts';
import { writeReport } from './text-report.ts';

/** Beyond, cutting the log into parts and joining what they give takes longer than reading them. */
const THREADS_MAX = 8;

interface CommandOptions {
  readonly json?: true;
  readonly since?: number;
  readonly width?: string;
}

/** `sonde analyze`: what stands out in log files, without any server. */
export function analyzeCommand(program: Command): void {
  program
    .command('analyze')
    .description(
      'what stands out in log files: plain text, JSON, logfmt, access logs, klog, syslog; also gzip',
    )
    .argument('<file...>', 'log files; - is standard input')
    .option('--json', 'print the whole analysis as JSON')
    .option(
      '--since <duration>',
      'only this long before the newest line, compared with as long before: 30m, 2h, 1d',
      parseDuration,
    )
    .option('--width <columns>', 'width of the report; that of the terminal if not given')
    .action(async (names: readonly string[], options: CommandOptions) => {
      const width = options.width === undefined ? terminalWidth() : parseWidth(options.width);
      await using open = new AsyncDisposableStack();
      const files: LogFile[] = [];
      for (const name of new Set(names)) files.push(open.use(await openLogFile(name, process.stdin)));
      const bar = new ProgressBar(process.stderr);
      const analysis = await analyzeLogs(files.map(asInput), {
        sinceMs: options.since ?? null,
        onProgress: (share) => bar.show(share),
        breathe: () => Promise.resolve(),
        threads: Math.min(THREADS_MAX, availableParallelism()),
      }).finally(() => bar.clear());
      process.stdout.write(
        `${options.json ? JSON.stringify(toJson(analysis), null, 2) : writeReport(analysis, width)}\n`,
      );
    });
}

function asInput(file: LogFile): LogInput {
  return {
    ...file,
    sample: (onProgress) => sampleLines(file, onProgress),
    read: (onProgress) => readChunks(file, onProgress),
  };
}

function parseWidth(text: string): number {
  const width = Number(text);
  if (Number.isInteger(width) && width >= 40 && width <= 1000) return width;
  throw new AppError('invalid_request', `"${text}" is no width. Give a number of columns from 40 to 1000.`);
}
