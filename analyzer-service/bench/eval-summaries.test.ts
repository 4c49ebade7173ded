import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { fakeOpenAi } from '../src/testing/fake-openai.ts';
import { testFolder } from '../src/testing/test-stack.ts';
import { writeTinyGguf } from '../src/testing/tiny-gguf.ts';
import { sampleCases } from './summaries/cases.ts';
import { evaluate } from './summaries/evaluate.ts';
import { fileModels } from './summaries/file-models.ts';
import { table, type Verdict } from './summaries/judge.ts';
import { openAiModel } from './summaries/openai-model.ts';

interface Asked {
  readonly messages: readonly { readonly content: string }[];
  readonly response_format: { readonly type: string };
}

const LIMITS = { timeoutMs: 500, promptTokensMax: 3_000, answerTokensMax: 500 };
/** Two faults, found once for all tests. */
const CASES = sampleCases()
  .filter(({ id }) => ['pool-exhaustion', 'disk-full'].includes(id))
  .map((one) => {
    const facts = one.facts();
    return { ...one, facts: () => facts };
  });

/** A server that speaks OpenAI's protocol, as far as summaries use it. */
async function serve(
  context: TestContext,
  answer: (asked: Asked, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => answer(JSON.parse(Buffer.concat(parts).toString('utf8')) as Asked, response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

function say(response: ServerResponse, content: string): void {
  response.setHeader('content-type', 'application/json');
  const usage = { prompt_tokens: 900, completion_tokens: 50 };
  response.end(
    JSON.stringify({
      id: 'x',
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content } }],
      usage,
    }),
  );
}

async function verdictsOf(
  context: TestContext,
  answer: (asked: Asked, response: ServerResponse) => void,
): Promise<readonly Verdict[]> {
  const url = await serve(context, answer);
  const model = openAiModel({ name: 'test', url, key: 'secret' });
  return (await evaluate(CASES, { test: model }, LIMITS)).filter((verdict) => verdict.model === 'test');
}

void test('the findings alone name service and cause of every sample fault, with valid citations', async () => {
  const verdicts = await evaluate(sampleCases(), {}, LIMITS);
  const wrong = verdicts.filter(({ fault }) => fault !== 'none');
  assert.deepEqual(wrong, []);
  assert.equal(table(verdicts)['none']?.['service %'], 100);
});

void test('a model that says what the findings say is right', async (context) => {
  const verdicts = await verdictsOf(context, ({ messages, response_format }, response) => {
    assert.equal(response_format.type, 'json_schema');
    const suspect = /^S1 suspect, score [\d.]+, ([\w-]+)/m.exec(messages[1]?.content ?? '')?.[1];
    const meaning = /^(F\d+) [^\n]*means: ([^.\n]+)\./m.exec(messages[1]?.content ?? '');
    const text = `${suspect} is to blame`;
    say(
      response,
      JSON.stringify({
        probable_cause: [{ text, evidence: ['S1'] }],
        what_is_wrong: [{ text: `${suspect}: ${meaning?.[2]}`, evidence: ['S1', meaning?.[1]] }],
      }),
    );
  });
  assert.deepEqual(
    verdicts.map(({ fault, source, promptTokens }) => [fault, source, promptTokens]),
    [
      ['none', 'model', 900],
      ['none', 'model', 900],
    ],
  );
});

const FAULTS: readonly (readonly [string, (response: ServerResponse) => void, Verdict['fault']])[] = [
  ['nonsense', (response) => say(response, 'What a lovely log!'), 'model'],
  ['a refusal', (response) => say(response, ''), 'model'],
  [
    'inventions',
    (response) => say(response, '{"summary":[{"text":"Mars is red.","evidence":["F1"]}]}'),
    'model',
  ],
  ['the status 500', (response) => void response.writeHead(500).end('oops'), 'plumbing'],
  [
    'the status 401',
    (response) => void response.writeHead(401).end('{"error":{"message":"bad key"}}'),
    'plumbing',
  ],
  [
    'the status 429',
    (response) => void response.writeHead(429, { 'retry-after': '9' }).end('{}'),
    'plumbing',
  ],
  ['no JSON', (response) => void response.end('<html></html>'), 'plumbing'],
  [
    'half an answer',
    (response) =>
      void response.writeHead(200, { 'content-length': '99' }).write('{"cho', () => response.destroy()),
    'plumbing',
  ],
  ['nothing at all', () => undefined, 'plumbing'],
];
for (const [what, answer, fault] of FAULTS)
  void test(`${what} is a fault of the ${fault}, and the findings are told`, async (context) => {
    const verdicts = await verdictsOf(context, (_, response) => answer(response));
    for (const verdict of verdicts) {
      assert.deepEqual(
        [verdict.fault, verdict.source, verdict.namesService, verdict.citationsValid],
        [fault, 'findings', true, true],
      );
      assert.ok(verdict.tookMs < 2_000);
    }
  });

void test('each model of models.json is judged: one in the process, one that refuses, one that is away', async (context) => {
  const folder = await testFolder(context);
  await writeTinyGguf(path.join(folder, 'tiny.gguf'));
  const server = (baseUrl: string) => ({ kind: 'openai', preset: 'custom', model: 'm', base_url: baseUrl });
  const models = {
    tiny: { kind: 'gguf', path: 'tiny.gguf', context_tokens: 8_192 },
    refusing: server((await fakeOpenAi(context, 'refusal')).baseUrl),
    away: server('http://127.0.0.1:9/v1'),
  };
  const file = path.join(folder, 'models.json');
  await writeFile(file, JSON.stringify({ models }));
  const configured = await fileModels(file, {});
  context.after(() => configured.close());
  const limits = { timeoutMs: 60_000, promptTokensMax: 1_000, answerTokensMax: 200 };
  const verdicts = await evaluate(CASES.slice(0, 1), configured.models, limits);
  const faults = Object.fromEntries(verdicts.map(({ model, fault }) => [model, fault]));
  assert.deepEqual(faults, { none: 'none', tiny: 'model', refusing: 'model', away: 'plumbing' });
  for (const { source, citationsValid } of verdicts)
    assert.deepEqual([source, citationsValid], ['findings', true], 'random weights bear nothing out');
  const tiny = verdicts.find(({ model }) => model === 'tiny');
  assert.ok(tiny && tiny.promptTokens > 100 && tiny.answerTokens > 0, JSON.stringify(tiny));
});
