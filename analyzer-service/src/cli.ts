#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { analyzeCommand } from './cli/analyze/command.ts';
import { evalCommand } from './cli/eval/command.ts';
import { keysCommand } from './cli/keys.ts';
import { mcpCommand } from './cli/mcp/command.ts';
import { queryCommand } from './cli/query.ts';
import { serveCommand } from './cli/serve.ts';
import { simulateCommand } from './cli/simulate.ts';
import { AppError } from './errors.ts';

/** A wrong call, an unreadable file, a store that cannot be reached: one line on stderr and this exit code. */
const FAILED = 2;

const program = new Command('sonde')
  .description('What broke, since when, where it started, and the log lines that prove it.')
  .version(packageJson.version)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, '')) });
for (const add of [
  analyzeCommand,
  queryCommand,
  simulateCommand,
  serveCommand,
  mcpCommand,
  evalCommand,
  keysCommand,
])
  add(program);
for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);

// A reader that has seen enough (`sonde analyze x | head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? 0 : FAILED),
);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : FAILED;
  const known = error instanceof AppError;
  process.stderr.write(
    `sonde: ${(error as Error).message}${known ? '' : ' (unexpected; set SONDE_DEBUG=1 for the details)'}\n`,
  );
  if (process.env.SONDE_DEBUG) console.error(error);
  return FAILED;
}
