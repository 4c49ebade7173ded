import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { z } from 'zod';
import { parse as parseYaml } from 'yaml';
import { createApiKey } from './features/access/api-keys.ts';
import { TOOLS } from './features/ai-logs/mcp/all-tools.ts';
import { McpTestClient, connectOverHttp } from './testing/mcp-client.ts';
import { testDatabase } from './testing/test-access.ts';
import { testFolder, testService, testStore } from './testing/test-stack.ts';

// Every block of docs/agents.md is tried: its command is started, or its address called, with the official MCP client.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENT = readFileSync(`${ROOT}/docs/agents.md`, 'utf8');

const http = z.object({ url: z.string(), headers: z.record(z.string(), z.string()) });
const stdio = z.object({
  command: z.literal('node'),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
});
const servers = z.object({ sonde: z.union([http, stdio]) });
const settings = z.union([
  z.object({ mcpServers: servers }).transform(({ mcpServers }) => mcpServers.sonde),
  z.object({ servers }).transform((all) => all.servers.sonde),
  z
    .object({ mcp_servers: z.object({ sonde: z.object({ config: http }) }) })
    .transform(({ mcp_servers }) => mcp_servers.sonde.config),
]);

const cleanups: (() => unknown)[] = [];
const suite = { after: (cleanup: () => unknown) => void cleanups.unshift(cleanup) };
const replacements = new Map<string | RegExp, string>();

before(async () => {
  const store = await testStore(suite);
  const folder = await testFolder(suite);
  const { db } = await testDatabase(suite, { DATA_DIR: folder });
  const { key } = await createApiKey(
    db,
    { name: 'agent', role: 'viewer' },
    { actor: 'test', nowMs: Date.UTC(2026, 10, 21) },
  );
  const { url } = await testService(suite, store.url, { DATA_DIR: folder });
  replacements.set('/path/to/sonde', ROOT.replace(/\/$/, ''));
  replacements.set('/path/to/data', await testFolder(suite));
  replacements.set(/http:\/\/(127\.0\.0\.1|sonde):3200/g, url);
  replacements.set('http://127.0.0.1:3100', store.url);
  replacements.set(/\$\{(env:|input:)?(SONDE_API_KEY|sonde-api-key)\}|\{\{ env\.SONDE_API_KEY \}\}/g, key);
});
after(async () => {
  for (const cleanup of cleanups) await cleanup();
});

const blocks = [...DOCUMENT.matchAll(/^## (.+)\n|^```(json|yaml)\n([^]*?)^```$/gm)];
let section = '';
let tried = 0;
for (const [, title, language, text = ''] of blocks) {
  section = title ?? section;
  if (!language) continue;
  tried += 1;
  void test(`the block ${tried} of the document (${section}) connects and lists the tools`, async (context) => {
    let filled = text;
    for (const [placeholder, value] of replacements) filled = filled.replaceAll(placeholder, value);
    const server = settings.parse(language === 'json' ? JSON.parse(filled) : parseYaml(filled));
    const agent =
      'url' in server
        ? await connectOverHttp(context, server.url, server.headers)
        : await new McpTestClient().connect(context, startedBy(server));
    const { tools } = await agent.client.listTools();
    assert.equal(tools.length, TOOLS.length);
    const { text: answer, isError } = await agent.call('troubleshoot');
    assert.equal(isError, false, answer);
  });
}

void test('the document shows each product, and names each tool', () => {
  assert.equal(tried, 6);
  for (const { name } of TOOLS) assert.ok(DOCUMENT.includes(`| \`${name}\``), name);
  assert.match(DOCUMENT, /claude mcp add --transport http sonde http:\/\/127\.0\.0\.1:3200\/mcp/);
});

function startedBy({ args, env }: z.infer<typeof stdio>): StdioClientTransport {
  const given = Object.fromEntries(
    Object.entries({ ...process.env, ...env }).filter((entry): entry is [string, string] => !!entry[1]),
  );
  return new StdioClientTransport({ command: process.execPath, args, env: given, stderr: 'inherit' });
}
