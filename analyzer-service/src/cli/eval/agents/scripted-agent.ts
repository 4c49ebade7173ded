import { AppError } from '../../../errors.ts';
import type { Agent, Solution, Task, Tools } from './task.ts';

const CALLS_MAX = 3;
const FINDING = /^(?:critical|high|medium|low|info) (\w+) (\S+): (.*)$/gm;

/**
 * An agent without a model: asks what broke, then makes the calls that each answer proposes. What it says stands word
 * for word in the answers, so that it shows what the tools tell by themselves.
 */
export const SCRIPTED_AGENT: Agent = {
  name: 'script',
  async solve(task, tools) {
    const first = await callTool(tools, 'troubleshoot', { time_range: '30m', end: task.end });
    const findings = [...first.matchAll(FINDING)];
    const service = blamed(first, findings);
    const said = findings.filter((match) => match[2] === service).map(([line]) => line);
    const proofs = await followProposals(first, tools, CALLS_MAX - 1);
    return solution(task, service, [...said, ...proofs]);
  },
};

/** A known kind of trouble at the top outweighs who failed first: its words say that it is a cause ("a disk is full"). */
function blamed(text: string, [first]: readonly RegExpExecArray[]): string {
  if (first?.[1] === 'known_pattern') return first[2] ?? '';
  return /^suspect (\S+) /m.exec(text)?.[1] ?? first?.[2] ?? '';
}

async function followProposals(text: string, tools: Tools, callsMax: number): Promise<string[]> {
  const proposals = [...text.matchAll(/^next: (\w+) (\{.*?\}) shows /gm)].slice(0, callsMax);
  const answers: string[] = [];
  for (const [, name = '', given = '{}'] of proposals) {
    const answer = await callTool(tools, name, JSON.parse(given) as Record<string, unknown>);
    answers.push(...answer.split('\n').filter((line) => /^(line|means|broke at)\b/.test(line)));
  }
  return answers;
}

async function callTool(
  tools: Tools,
  name: string,
  given: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { text, isError } = await tools.call(name, given);
  if (isError) throw new AppError('invalid_request', `${name} was refused: ${text}`);
  return text;
}

function solution({ scenario }: Task, service: string, words: readonly string[]): Solution {
  if (!service)
    throw new AppError('not_found', `The tools name no service in ${scenario}. Look at their answer.`);
  return { service, cause: words.join('\n') };
}
