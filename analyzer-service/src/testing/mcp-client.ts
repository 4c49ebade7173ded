import type { TestContext } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));

export interface ToolAnswer {
  readonly text: string;
  readonly isError: boolean;
}

/** The official client, connected; it goes away with the test. */
export class McpTestClient {
  readonly client = new Client({ name: 'sonde-test', version: '1.0.0' });

  async connect(
    context: Pick<TestContext, 'after'>,
    transport: StreamableHTTPClientTransport | StdioClientTransport,
  ): Promise<this> {
    context.after(() => this.client.close());
    await this.client.connect(transport);
    return this;
  }

  async call(name: string, given: Record<string, unknown> = {}, signal?: AbortSignal): Promise<ToolAnswer> {
    const options = signal ? { signal } : {};
    const answer = await this.client.callTool({ name, arguments: given }, CallToolResultSchema, options);
    const { content, isError } = CallToolResultSchema.parse(answer);
    const [first] = content;
    return { text: first?.type === 'text' ? first.text : '', isError: isError === true };
  }
}

export function connectOverHttp(
  context: Pick<TestContext, 'after'>,
  url: string,
  headers: Record<string, string> = {},
): Promise<McpTestClient> {
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  return new McpTestClient().connect(context, transport);
}

export function connectOverStdio(
  context: Pick<TestContext, 'after'>,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<McpTestClient> {
  const env = Object.fromEntries(
    Object.entries({ ...process.env, ...environment }).filter(
      (entry): entry is [string, string] => !!entry[1],
    ),
  );
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [CLI, 'mcp', ...args],
    env,
    stderr: 'inherit',
  });
  return new McpTestClient().connect(context, transport);
}
