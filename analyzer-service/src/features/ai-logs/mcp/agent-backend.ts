import type { CallToolResult, ReadResourceResult, Resource } from '@modelcontextprotocol/sdk/types.js';
import { TOOLS } from './all-tools.ts';
import { explainCallError, explainUnknownTool } from './call-error.ts';
import { writeReply } from './reply.ts';
import { RESOURCES, readKnownResource } from './resources.ts';
import type { AgentOptions } from './tool.ts';

/** What does the work of a server: this process, or an analyzer elsewhere. */
export interface AgentBackend {
  /** An answer, or an error that says how to call instead. */
  callTool(name: string, given: unknown, signal: AbortSignal): Promise<CallToolResult>;
  listResources(signal: AbortSignal): Promise<readonly Resource[]>;
  /** Throws `not_found` with what there is. */
  readResource(uri: string, signal: AbortSignal): Promise<ReadResourceResult>;
}

const INTERNAL =
  'error internal: something went wrong in the service, and its log says what. Try a shorter window or fewer services.';

/** Tools on the logs of this process. `onCall` hears of each call of a tool that exists before it is made. */
export function localBackend(
  options: AgentOptions,
  onCall: (tool: string) => Promise<void> = () => Promise.resolve(),
): AgentBackend {
  return {
    async callTool(name, given, signal) {
      const tool = TOOLS.find((candidate) => candidate.name === name);
      if (!tool) return failed(explainUnknownTool(name, TOOLS));
      try {
        const [{ reply, tokensMax }] = await Promise.all([
          tool.run(given ?? {}, { ...options, signal }),
          onCall(name),
        ]);
        return { content: [{ type: 'text', text: writeReply(reply, tokensMax) }] };
      } catch (error) {
        const explained = explainCallError(tool, given ?? {}, error);
        if (explained === null) options.onUnforeseen(error);
        return failed(explained ?? INTERNAL);
      }
    },
    listResources: () => Promise.resolve(RESOURCES),
    readResource: (uri) => readKnownResource(uri, options),
  };
}

function failed(text: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }] };
}
