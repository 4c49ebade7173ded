import type { Command } from 'commander';
import { AppError } from '../errors.ts';
import type { AiLogsAnswer } from '../features/ai-logs/schema.ts';
import { writeReport } from './report.ts';

interface QueryOptions {
  readonly url: string;
  readonly json?: true;
  readonly [parameter: string]: string | true | undefined;
}

const FINDINGS_SHOWN = 10;

/** Options of the command and the API parameters that they become. */
const PARAMETERS: Readonly<Record<string, string>> = {
  mode: 'mode',
  since: 'time_range',
  start: 'start',
  end: 'end',
  baseline: 'baseline',
  services: 'services',
  severity: 'severity',
  search: 'search',
  correlationId: 'correlation_id',
  conversationId: 'conversation_id',
  workspaceId: 'workspace_id',
  limit: 'limit',
};

/** `sonde query`: asks a running service. */
export function queryCommand(program: Command): void {
  program
    .command('query')
    .description('ask a running stack what broke')
    .option(
      '--url <url>',
      'address of the analyzer; SONDE_API_KEY in the environment holds its key, if it asks for one',
      'http://127.0.0.1:3200',
    )
    .option('--mode <mode>', 'troubleshoot, performance, errors, audit or conversation', 'troubleshoot')
    .option('--since <duration>', 'how far to look back: 15m, 1h, 7d')
    .option('--start <time>', 'start of the window')
    .option('--end <time>', 'end of the window; now if not given')
    .option('--baseline <window>', 'previous, yesterday, last_week or none')
    .option('--services <names>', 'comma-separated')
    .option('--severity <levels>', 'comma-separated')
    .option('--search <text>', 'text that a line must contain')
    .option('--correlation-id <id>')
    .option('--conversation-id <id>')
    .option('--workspace-id <id>')
    .option('--limit <number>', 'findings and list rows at most')
    .option('--json', 'print the whole answer as JSON')
    .action(async (options: QueryOptions) => {
      const given = Object.entries(PARAMETERS).flatMap(([option, parameter]) =>
        options[option] === undefined ? [] : [[parameter, String(options[option])]],
      );
      const answer = await askService(options.url, Object.fromEntries(given));
      process.stdout.write(
        `${options.json ? JSON.stringify(answer, null, 2) : writeReport(answer, FINDINGS_SHOWN)}\n`,
      );
    });
}

/** One call of the API. Throws AppError with the service's own message, or with what to check when it is not there. */
export async function askService(url: string, parameters: Record<string, string>): Promise<AiLogsAnswer> {
  const address = `${url.replace(/\/+$/, '')}/api/v1/ai_logs/query?${new URLSearchParams(parameters).toString()}`;
  let response: Response;
  try {
    const key = process.env.SONDE_API_KEY;
    response = await fetch(address, { headers: key ? { 'x-api-key': key } : {} });
  } catch (error) {
    throw new AppError(
      'invalid_request',
      `No analyzer answers at ${url}. Start one with "npm start", or give its address with --url.`,
      { cause: error },
    );
  }
  const body = (await response.json().catch(() => null)) as
    (AiLogsAnswer & { error?: { message: string } }) | null;
  if (response.ok && body?.counts) return body;
  throw new AppError(
    'invalid_request',
    body?.error?.message ??
      `${url} answered with status ${response.status}, which is not a Sonde analyzer. Check --url.`,
  );
}
