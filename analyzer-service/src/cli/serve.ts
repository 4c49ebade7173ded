import type { Command } from 'commander';
import type { ServeOptions } from './run-stack.ts';

/** `sonde serve`: the analyzer, with the embedded store unless LOKI_URL names a Loki. */
export function serveCommand(program: Command): void {
  program
    .command('serve')
    .description('start the analyzer, and the embedded store unless LOKI_URL is set')
    .option('--sample', 'load a sample incident when the embedded store is empty, and explain it')
    .option('--no-sample', 'start without the sample incident')
    .option('--no-page', 'start without the page at /, the preview of the Grafana plugin')
    .option('--data <folder>', 'folder of the embedded store (DATA_DIR)')
    .option('--port <number>', 'port of the analyzer (PORT)')
    .option('--loki-port <number>', 'port of the embedded store (LOKI_PORT)')
    // The service's modules are loaded only when it is started: the other commands begin half a second sooner.
    .action(async (options: ServeOptions) => (await import('./run-stack.ts')).runStack(options));
}
