import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ScenarioName, generateSample, pushSample } from '@sonde/loki-sample';
import { type Config, readConfig } from '../../../config.ts';
import { type RunningService, startService } from '../../../main.ts';
import { modelAgent } from './model-agent.ts';
import { type TaskResult, runTasks } from './run-tasks.ts';
import { SCRIPTED_AGENT } from './scripted-agent.ts';
import { type Agent, type Task, tasksUntil } from './task.ts';

export interface EvalOptions {
  readonly scenarios: readonly ScenarioName[];
  readonly agentsOf: (service: RunningService) => readonly Agent[];
  readonly signal: AbortSignal;
  readonly onResult: (result: TaskResult) => void;
}

/** Always the same hours, so that two runs can be compared. */
const END_MS = Date.UTC(2026, 10, 20, 12, 0, 0);
const HOUR_MS = 3_600_000;
const SAMPLE = { seed: 1, linesPerSecond: 20 };
/** Where the logs and keys of the house are: an evaluation has its own. */
const HOUSE_SETTINGS = ['LOKI_URL', 'DATABASE_URL', 'REDIS_URL', 'API_KEYS_REQUIRED', 'HOST', 'LOKI_TENANT'];

export const WITHOUT_MODEL = (): readonly Agent[] => [SCRIPTED_AGENT];

/** The script, and then the model for chats, where one is configured. */
export function withModel({ deps }: RunningService): readonly Agent[] {
  return deps.models.has('chat') ? [SCRIPTED_AGENT, modelAgent(deps.models, undefined)] : [SCRIPTED_AGENT];
}

/** Fills a store of its own with the scenarios, each on a day of its own, and lets the agents work on it over MCP. */
export async function runAgentsEval(options: EvalOptions): Promise<readonly TaskResult[]> {
  const { scenarios, agentsOf, signal, onResult } = options;
  const folder = await mkdtemp(path.join(tmpdir(), 'sonde-eval-'));
  try {
    const service = await startService(evalConfig(folder));
    try {
      const tasks = tasksUntil(END_MS, scenarios);
      for (const task of tasks) await load(service.deps.lokiUrl, task, signal);
      return await runTasks(service.url, tasks, agentsOf(service), signal, onResult);
    } finally {
      await service.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The settings of models are those of the environment, all else is for this run alone. */
function evalConfig(folder: string): Config {
  const kept = Object.entries(process.env).filter(([name]) => !HOUSE_SETTINGS.includes(name));
  return readConfig({
    ...Object.fromEntries(kept),
    DATA_DIR: folder,
    PORT: '0',
    LOKI_PORT: '0',
    PAGE_ENABLED: 'false',
    LOG_LEVEL: 'silent',
  });
}

async function load(url: string, { scenario, end }: Task, signal: AbortSignal): Promise<void> {
  const endMs = Date.parse(end);
  const lines = generateSample({ ...SAMPLE, scenario, startMs: endMs - HOUR_MS, endMs });
  await pushSample(lines, { url, signal });
}
