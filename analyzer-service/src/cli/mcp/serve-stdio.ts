import { once } from 'node:events';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import packageJson from '../../../package.json' with { type: 'json' };
import { readConfig } from '../../config.ts';
import { connectDeps } from '../../deps.ts';
import { type AgentBackend, localBackend } from '../../features/ai-logs/mcp/agent-backend.ts';
import { createMcpServer } from '../../features/ai-logs/mcp/mcp-server.ts';
import { stopSignal } from '../stop-signal.ts';
import { remoteBackend } from './remote-backend.ts';

interface OpenBackend extends AsyncDisposable {
  readonly backend: AgentBackend;
}

/** Serves until stdin ends or a signal comes; what still runs then is stopped. */
export async function serveStdio(url: string | undefined): Promise<void> {
  const signal = stopSignal();
  await using open = url === undefined ? await openLocal() : openRemote(url);
  const server = createMcpServer(open.backend, packageJson.version);
  const ended = once(process.stdin, 'end', { signal }).catch(() => undefined);
  await server.connect(new StdioServerTransport());
  await ended;
  await server.close();
}

/** stdout belongs to the protocol: the service's own log stays silent. */
async function openLocal(): Promise<OpenBackend> {
  const deps = await connectDeps(readConfig({ ...process.env, LOG_LEVEL: 'silent' }));
  const { record } = deps.agents;
  const backend = localBackend(deps.agents, (target) =>
    record({ actor: 'sonde mcp', action: 'mcp tools/call', target }),
  );
  return { backend, [Symbol.asyncDispose]: () => deps.close() };
}

function openRemote(url: string): OpenBackend {
  const backend = remoteBackend(url, process.env.SONDE_API_KEY);
  return { backend, [Symbol.asyncDispose]: () => Promise.resolve() };
}
