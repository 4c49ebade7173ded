import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { estimateTokens } from '../../../engine/summary/estimate-tokens.ts';
import { AppError } from '../../../errors.ts';
import { type Agent, type Solution, type Task, type Tools, isSolved } from './task.ts';

export interface TaskResult {
  readonly scenario: string;
  readonly agent: string;
  readonly solved: boolean;
  readonly service: string;
  readonly truth: string;
  readonly cause: string;
  readonly calls: number;
  /** What the answers of the tools cost a model, estimated. */
  readonly tokens: number;
  readonly tookMs: number;
  readonly error: string | null;
}

const CAUSE_CHARACTERS_MAX = 1_000;

/** Lets each agent solve each task through the official client at `url`, one after the other. */
export async function runTasks(
  url: string,
  tasks: readonly Task[],
  agents: readonly Agent[],
  signal: AbortSignal,
  onResult: (result: TaskResult) => void,
): Promise<readonly TaskResult[]> {
  const client = new Client({ name: 'sonde-eval', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
  const results: TaskResult[] = [];
  try {
    const { tools } = await client.listTools();
    for (const agent of agents)
      for (const task of tasks) {
        signal.throwIfAborted();
        const result = await runTask(client, tools, task, agent, signal);
        results.push(result);
        onResult(result);
      }
  } finally {
    await client.close();
  }
  return results;
}

async function runTask(
  client: Client,
  definitions: Tools['definitions'],
  task: Task,
  agent: Agent,
  signal: AbortSignal,
): Promise<TaskResult> {
  const startedMs = performance.now();
  const spent = { calls: 0, tokens: 0 };
  const tools: Tools = {
    definitions,
    async call(name, given) {
      spent.calls += 1;
      const answer = await client.callTool({ name, arguments: { ...given } }, CallToolResultSchema, {
        signal,
      });
      const { content, isError } = CallToolResultSchema.parse(answer);
      const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
      spent.tokens += estimateTokens(text);
      return { text, isError: isError === true };
    },
  };
  let solution: Solution = { service: '', cause: '' };
  let error: string | null = null;
  try {
    solution = await agent.solve(task, tools, signal);
  } catch (failure) {
    if (!(failure instanceof AppError)) throw failure;
    error = failure.message;
  }
  return {
    scenario: task.scenario,
    agent: agent.name,
    solved: error === null && isSolved(task, solution),
    service: solution.service,
    truth: task.truth.service,
    cause: solution.cause.slice(0, CAUSE_CHARACTERS_MAX),
    ...spent,
    tookMs: Math.round(performance.now() - startedMs),
    error,
  };
}
