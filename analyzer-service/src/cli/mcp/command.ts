import type { Command } from 'commander';

interface McpCommandOptions {
  readonly url?: string;
}

/** `sonde mcp`: the tools for agents over stdin and stdout. */
export function mcpCommand(program: Command): void {
  program
    .command('mcp')
    .description('serve the tools for AI agents (Model Context Protocol) over stdin and stdout')
    .option(
      '--url <url>',
      'address of a running analyzer, SONDE_API_KEY in the environment holds its key; without it the logs are read in this process (LOKI_URL, or the embedded store)',
    )
    // The service's modules are loaded only when they are needed: the other commands begin half a second sooner.
    .action(async ({ url }: McpCommandOptions) => {
      const { serveStdio } = await import('./serve-stdio.ts');
      await serveStdio(url);
    });
}
