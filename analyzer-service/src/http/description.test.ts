import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Description, unlikeDescribed } from '../testing/described.ts';
import { sampleSuite } from '../testing/sample-suite.ts';

// What the service answers is held against what it says about itself at /openapi.json.

const API = '/api/v1/ai_logs';

sampleSuite('model-limits', ({ ask, request, describe }) => {
  const asked = new Set<string>();

  /** Asks and checks the answer, whatever its status, against the schema of that status. */
  const check = async (route: string, path: string, status = 200): Promise<unknown> => {
    const description = (await describe()) as Description;
    const answer = await ask(path, status);
    assert.equal(unlikeDescribed(description, { path: `${API}${route}`, status }, answer), null, path);
    asked.add(`${API}${route}`);
    return answer;
  };

  for (const mode of ['troubleshoot', 'performance', 'errors', 'audit', 'conversation'])
    void it(`/query in mode ${mode} answers as described`, async () => {
      await check('/query', `query?mode=${mode}&time_range=10m`);
    });

  void it('every other endpoint answers as described, right and wrong', async () => {
    const graph = (await check('/correlate', 'correlate?time_range=10m')) as {
      cascades: { example: { value: string } }[];
    };
    await check('/correlate', `correlate?correlation_id=${graph.cascades[0]?.example.value}`);
    await check('/correlate', 'correlate?correlation_id=nobody', 404);
    await check('/correlate', 'correlate?limit=none', 400);
    await check('/analyze', 'analyze?time_range=10m');
    await check('/analyze', 'analyze?time_range=10m&baseline=none&search=429');
    const talk = (await ask('query?mode=conversation&time_range=10m')) as {
      details: { conversations: { conversation_id: string }[] };
    };
    const id = talk.details.conversations[0]?.conversation_id ?? '';
    await check('/conversations/{id}', `conversations/${id}`);
    await check('/conversations/{id}', 'conversations/nobody', 404);
    await check('/workspace/{id}/summary', 'workspace/ws-legal/summary?time_range=10m');
    await check('/workspace/{id}/summary', 'workspace/nobody/summary', 404);
    await check('/metrics', 'metrics?time_range=10m');
    await check('/health', 'health');
    await check('/health/live', 'health/live');
    await check('/health/ready', 'health/ready');
  });

  void it('every endpoint below ai_logs that reads logs was asked', async () => {
    const { paths } = (await describe()) as Description;
    const reading = Object.keys(paths).filter((path) => paths[path]?.['get'] && !OTHERS.test(path));
    assert.deepEqual(
      reading.filter((path) => !asked.has(path)),
      [],
    );
  });

  void it('every parameter that is a free text shows how to write it', async () => {
    const { paths } = (await describe()) as Description;
    const bare = Object.entries(paths).flatMap(([path, { get }]) =>
      (get?.parameters ?? [])
        .filter(({ schema }) => 'type' in schema && schema.type === 'string' && !('enum' in schema))
        .filter(({ schema }) => schema.example === undefined)
        .map(({ name }) => `${path} ${name}`),
    );
    assert.deepEqual(
      bare.filter((one) => !OTHERS.test(one)),
      [],
    );
  });

  void it('a wrong parameter is refused by every endpoint that takes parameters', async () => {
    for (const path of [
      'query',
      'correlate',
      'analyze',
      'metrics',
      'conversations/a',
      'workspace/a/summary',
    ]) {
      const response = await request(`${path}?no_such_parameter=1`);
      assert.equal(response.status, 400, path);
      assert.match(await response.text(), /no_such_parameter/);
    }
  });
});

/** Endpoints with tests of their own. */
const OTHERS =
  /\/(cache|stream|patterns|export|jobs)|\/v1\/(templates|settings|analyses|incidents|service|models|generate|chat|embeddings|usage|health|metrics)/;
