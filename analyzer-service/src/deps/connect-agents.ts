import type { Logger } from 'pino';
import packageJson from '../../package.json' with { type: 'json' };
import type { McpOptions } from '../features/ai-logs/mcp/routes.ts';
import type { AiLogsOptions } from '../features/ai-logs/read-context.ts';
import type { RecordChange } from '../http/audit-changes.ts';

/** What agents reach over the Model Context Protocol. */
export function connectAgents(aiLogs: AiLogsOptions, record: RecordChange, log: Logger): McpOptions {
  return {
    aiLogs,
    version: packageJson.version,
    record,
    onUnforeseen: (error) => log.error({ err: error }, 'a call of an agent failed'),
  };
}
