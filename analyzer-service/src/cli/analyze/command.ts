import type { Command } from 'commander';
import { openLogFile, type LogFile } from '../../adapters/files/log-file.ts';
import { AppError } from '../../errors.ts';
import { terminalWidth } from '../terminal.ts';
import { analyzeFiles } from './analyze-files.ts';
import { ProgressBar } from './progress-bar.ts';
import { toJson } from './json-report.ts';
import { writeReport } from './text-report.ts';

interface CommandOptions {
  readonly json?: true;
  readonly since?: string;
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
    )
    .option('--width <columns>', 'width of the report; that of the terminal if not given')
    .action(async (names: readonly string[], options: CommandOptions) => {
      const sinceMs = options.since === undefined ? null : parseDuration(options.since);
      const width = options.width === undefined ? terminalWidth() : parseWidth(options.width);
      await using open = new AsyncDisposableStack();
      const files: LogFile[] = [];
      for (const name of new Set(names)) files.push(open.use(await openLogFile(name, process.stdin)));
      const bar = new ProgressBar(process.stderr);
      const analysis = await analyzeFiles(files, {
        sinceMs,
        onProgress: (share) => bar.show(share),
      }).finally(() => bar.clear());
      process.stdout.write(
        `${options.json ? JSON.stringify(toJson(analysis), null, 2) : writeReport(analysis, width)}\n`,
      );
    });
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };

function parseDuration(text: string): number {
  const groups = /^(\d{1,6})([smhdw])$/.exec(text);
  const durationMs = Number(groups?.[1]) * (UNIT_MS[groups?.[2] ?? ''] ?? Number.NaN);
  if (durationMs > 0) return durationMs;
  throw new AppError(
    'invalid_request',
    `"${text}" is no duration. Give a number and s, m, h, d or w, for example 30m.`,
  );
}

function parseWidth(text: string): number {
  const width = Number(text);
  if (Number.isInteger(width) && width >= 40 && width <= 1000) return width;
  throw new AppError('invalid_request', `"${text}" is no width. Give a number of columns from 40 to 1000.`);
}
