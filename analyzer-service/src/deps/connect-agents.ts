import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import packageJson from '../../package.json' with { type: 'json' };
import type { McpOptions } from '../features/ai-logs/mcp/routes.ts';
import type { AiLogsOptions } from '../features/ai-logs/read-context.ts';
import { listIncidents, readIncident } from '../features/incidents/read-incidents.ts';
import { writeIncident, writeIncidentRow } from '../features/incidents/write-incident.ts';
import type { Database } from '../database.ts';
import type { RecordChange } from '../http/audit-changes.ts';

/** What agents reach over the Model Context Protocol. */
export function connectAgents(
  aiLogs: AiLogsOptions,
  db: Kysely<Database>,
  record: RecordChange,
  log: Logger,
): McpOptions {
  return {
    aiLogs,
    incidents: {
      async list(asked) {
        const rows = await listIncidents(db, asked);
        return {
          incidents: rows.slice(0, asked.limit).map(writeIncidentRow),
          more: rows.length > asked.limit,
        };
      },
      async read(id) {
        const incident = await readIncident(db, id);
        return incident && writeIncident(incident);
      },
    },
    version: packageJson.version,
    record,
    onUnforeseen: (error) => log.error({ err: error }, 'a call of an agent failed'),
  };
}
