import { writeFile } from 'node:fs/promises';
import { SCENARIO_NAMES, type ScenarioName } from '@sonde/loki-sample';
import { type Command, Option } from 'commander';
import { stopSignal } from '../stop-signal.ts';

interface EvalCommandOptions {
  readonly scenario?: ScenarioName;
  readonly json?: true;
  readonly out?: string;
}

/** `sonde eval`: how well something does, measured on faults whose cause is known. */
export function evalCommand(program: Command): void {
  program
    .command('eval')
    .description('measure on faults whose cause is known')
    .command('agents')
    .description('let agents find the cause of the sample faults with the tools of the MCP server')
    .addOption(new Option('--scenario <name>', 'only this one').choices(SCENARIO_NAMES))
    .option('--json', 'print as JSON')
    .option('--out <file>', 'write the JSON to a file as well')
    .action(evalAgents);
}

async function evalAgents({ scenario, json, out }: EvalCommandOptions): Promise<void> {
  const { runAgentsEval, withModel } = await import('./agents/run-eval.ts');
  const { reportHead, reportRow, reportTotal } = await import('./agents/report.ts');
  const say = (line: string) => void (json ? null : process.stdout.write(`${line}\n`));
  say(reportHead());
  const results = await runAgentsEval({
    scenarios: scenario ? [scenario] : SCENARIO_NAMES,
    agentsOf: withModel,
    signal: stopSignal(),
    onResult: (result) => say(reportRow(result)),
  });
  say(reportTotal(results));
  const text = `${JSON.stringify(results, null, 2)}\n`;
  if (json) process.stdout.write(text);
  if (out) await writeFile(out, text);
  if (results.some(({ solved }) => !solved)) process.exitCode = 1;
}
