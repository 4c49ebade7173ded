import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { estimateTokens } from '../../../engine/summary/estimate-tokens.ts';
import { type McpTestClient, connectOverHttp, connectOverStdio } from '../../../testing/mcp-client.ts';
import { SAMPLE_END_MS, fillStore, testFolder, testService, testStore } from '../../../testing/test-stack.ts';
import { TOOLS } from './all-tools.ts';

// The official client against the server over HTTP, over stdio in front of an analyzer, and over stdio alone.

const END = new Date(SAMPLE_END_MS).toISOString();
const cleanups: (() => unknown)[] = [];
const suite = { after: (cleanup: () => unknown) => void cleanups.unshift(cleanup) };
let lokiUrl = '';
let url = '';

before(async () => {
  lokiUrl = (await testStore(suite)).url;
  await fillStore(lokiUrl, 'pool-exhaustion');
  ({ url } = await testService(suite, lokiUrl, { DATA_DIR: await testFolder(suite) }));
});
after(async () => {
  for (const cleanup of cleanups) await cleanup();
});

const GIVEN: Readonly<Record<string, Record<string, unknown>>> = {
  explain_line: { end: END, line: 'ERROR Connection refused' },
  incidents: {},
};
const CONNECT: Readonly<Record<string, () => Promise<McpTestClient>>> = {
  'streamable HTTP': () => connectOverHttp(suite, `${url}/mcp`),
  'stdio in front of an analyzer': () => connectOverStdio(suite, ['--url', url]),
  'stdio alone': async () =>
    connectOverStdio(suite, [], { LOKI_URL: lokiUrl, DATA_DIR: await testFolder(suite) }),
};

for (const [transport, connect] of Object.entries(CONNECT)) {
  void describe(transport, () => {
    let agent: McpTestClient;
    before(async () => {
      agent = await connect();
    });

    void it('lists every tool and calls each of them', async () => {
      const { tools } = await agent.client.listTools();
      assert.deepEqual(
        tools.map(({ name }) => name),
        TOOLS.map(({ name }) => name),
      );
      for (const { name } of tools) {
        const { text, isError } = await agent.call(name, GIVEN[name] ?? { end: END });
        assert.equal(isError, false, text);
        assert.ok(text.startsWith(name), text);
        assert.ok(estimateTokens(text) <= 2_000, `${name}: ${estimateTokens(text)} tokens`);
        assert.match(text, /^cut: /m);
      }
    });

    void it('finds the cause, shows the line that proves it and follows its request', async () => {
      const found = await agent.call('troubleshoot', { end: END, max_tokens: 1_000 });
      assert.match(found.text, /suspect payments/);
      const next = [...found.text.matchAll(/^next: (\w+) (\{.*?\}) shows /gm)];
      assert.deepEqual(
        next.map(([, tool]) => tool),
        ['query_logs', 'trace_request'],
      );
      for (const [, tool = '', given = ''] of next) {
        const { text, isError } = await agent.call(tool, JSON.parse(given) as Record<string, unknown>);
        assert.equal(isError, false, text);
        assert.match(text, /HikariPool|broke at payments/);
      }
    });

    void it('has resources and prompts, and says what there is when asked for others', async () => {
      const { resources } = await agent.client.listResources();
      const [library] = resources;
      assert.ok(library);
      const read = await agent.client.readResource({ uri: library.uri });
      assert.match(JSON.stringify(read), /connection-pool-exhausted/);
      const one = await agent.client.readResource({ uri: 'sonde://patterns/connection-pool-exhausted' });
      assert.match(JSON.stringify(one), /do: /);
      await assert.rejects(agent.client.readResource({ uri: 'sonde://nothing' }), /sonde:\/\/patterns/);
      const { prompts } = await agent.client.listPrompts();
      for (const { name } of prompts) {
        const given = { id: 'req-1', time: END };
        const { messages } = await agent.client.getPrompt({ name, arguments: given });
        assert.match(JSON.stringify(messages), /evidence id/);
      }
      await assert.rejects(agent.client.getPrompt({ name: 'nothing' }), /Prompts: investigate/);
      await assert.rejects(agent.client.getPrompt({ name: 'follow_request' }), /takes id/);
    });
  });
}
