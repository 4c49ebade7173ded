import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCENARIO_NAMES } from '@sonde/loki-sample';
import type { GenerateRequest, Models } from '../../../ports.ts';
import { modelAgent } from './model-agent.ts';
import { reportRow, reportTotal } from './report.ts';
import { WITHOUT_MODEL, runAgentsEval } from './run-eval.ts';
import { type Tools, isSolved, tasksUntil } from './task.ts';

const CALLS_MAX = 3;

void test('a script without a model finds service and cause of every scenario within three calls', async () => {
  const told: string[] = [];
  const results = await runAgentsEval({
    scenarios: SCENARIO_NAMES,
    agentsOf: WITHOUT_MODEL,
    signal: AbortSignal.timeout(300_000),
    onResult: (result) => told.push(reportRow(result)),
  });
  assert.equal(results.length, SCENARIO_NAMES.length);
  assert.deepEqual(
    results.filter(({ solved, calls }) => !solved || calls > CALLS_MAX),
    [],
  );
  assert.equal(told.length, results.length);
  assert.match(reportTotal(results), /^7 of 7 solved/);
});

const [TASK] = tasksUntil(Date.UTC(2026, 10, 20), ['pool-exhaustion']);
assert.ok(TASK);

void test('a right service with a wrong cause is no solution, nor the other way round', () => {
  assert.ok(isSolved(TASK, { service: ' Payments', cause: 'its connection pool is exhausted' }));
  assert.ok(!isSolved(TASK, { service: 'payments', cause: 'it is slow' }));
  assert.ok(!isSolved(TASK, { service: 'api', cause: 'its connection pool is exhausted' }));
});

function modelThatSays(...texts: readonly string[]): { models: Models; asked: GenerateRequest[] } {
  const asked: GenerateRequest[] = [];
  const models: Models = {
    has: () => true,
    generate: (request) => {
      asked.push({ ...request, messages: [...request.messages] });
      const text = texts[asked.length - 1] ?? texts.at(-1) ?? '';
      const figures = { local: true, promptTokens: 1, answerTokens: 1, tookMs: 1, failures: [] };
      return Promise.resolve({ text, model: 'test', ...figures });
    },
  };
  return { models, asked };
}

const tools: Tools = {
  definitions: [{ name: 'troubleshoot', description: 'what broke', inputSchema: { type: 'object' } }],
  call: (name, given) =>
    Promise.resolve({ text: `${name} ${JSON.stringify(given)}: payments is to blame`, isError: false }),
};
const signal = new AbortController().signal;

void test('a model calls tools, is set right when it talks, and answers', async () => {
  const { models, asked } = modelThatSays(
    'I would first look at the logs.',
    'Sure: {"action":"call","tool":"troubleshoot","arguments":{"time_range":"30m"}}',
    '{"action":"answer","service":"payments","cause":"the connection pool is exhausted"}',
  );
  const solution = await modelAgent(models, undefined).solve(TASK, tools, signal);
  assert.ok(isSolved(TASK, solution));
  const heard = asked.map(({ messages }) => messages.at(-1)?.content ?? '');
  assert.match(heard[0] ?? '', /The time is 2026-11-20/);
  assert.match(heard[1] ?? '', /Write one JSON object/);
  assert.match(heard[2] ?? '', /troubleshoot \{"time_range":"30m"\}: payments is to blame/);
});

void test('a model that never answers is given up on', async () => {
  const { models, asked } = modelThatSays('{"action":"call","tool":"troubleshoot"}');
  await assert.rejects(modelAgent(models, 'small').solve(TASK, tools, signal), /No answer within 8 turns/);
  assert.equal(asked.length, 8);
});
