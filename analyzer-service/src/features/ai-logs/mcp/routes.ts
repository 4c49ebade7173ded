import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { Hono } from 'hono';
import { AppError } from '../../../errors.ts';
import type { AppEnvironment } from '../../../http/app-environment.ts';
import type { RecordChange } from '../../../http/audit-changes.ts';
import { assertKnownOrigin } from '../../../http/known-origin.ts';
import { localBackend } from './agent-backend.ts';
import { createMcpServer } from './mcp-server.ts';
import type { AgentOptions } from './tool.ts';

export interface McpOptions extends AgentOptions {
  readonly version: string;
  /** Which tool was called by whom, for the audit log. */
  readonly record: RecordChange;
}

/** The Model Context Protocol over HTTP: one message, one answer, nothing kept in between. */
export function mcpRoutes(options: McpOptions, origins: readonly string[]): Hono<AppEnvironment> {
  return new Hono<AppEnvironment>()
    .post('/', async (c) => {
      assertKnownOrigin(c, origins);
      const { signal } = c.req.raw;
      const actor = c.get('caller').id;
      const backend = localBackend(options, (tool) =>
        options.record({ actor, action: 'mcp tools/call', target: tool }),
      );
      const body = await readMessage(c.req.raw);
      const server = createMcpServer(backend, options.version);
      const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
      const stop = () => void server.close();
      signal.addEventListener('abort', stop, { once: true });
      await server.connect(transport);
      const answer = await answerUnlessGone(transport.handleRequest(c.req.raw, { parsedBody: body }), signal);
      signal.removeEventListener('abort', stop);
      void server.close();
      return answer;
    })
    .on(['GET', 'DELETE'], '/', (c) => {
      c.header('allow', 'POST');
      throw new AppError(
        'method_not_allowed',
        'This MCP server keeps no session and opens no stream: POST one JSON-RPC message at a time.',
      );
    });
}

/** A batch would be many calls for the price of one: the protocol gave it up, and so does this server. */
async function readMessage(request: Request): Promise<unknown> {
  const body = await request.json().catch((error: unknown) => {
    if (request.signal.aborted) throw gone();
    throw new AppError('invalid_request', 'The body is not JSON. POST one JSON-RPC message.', {
      cause: error,
    });
  });
  if (!Array.isArray(body)) return body;
  throw new AppError('invalid_request', 'Batches are not taken. POST one JSON-RPC message at a time.');
}

/** A transport whose server was closed never answers. */
async function answerUnlessGone(answer: Promise<Response>, signal: AbortSignal): Promise<Response> {
  const left = Promise.withResolvers<never>();
  const leave = () => left.reject(gone());
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([answer, left.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function gone(): AppError {
  return new AppError('cancelled', 'The caller is gone. Ask again.');
}
