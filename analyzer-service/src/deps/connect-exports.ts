import path from 'node:path';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { ExportRoutesOptions } from '../features/export/routes.ts';
import type { Jobs } from '../ports.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database.ts';
import { queryAiLogs } from '../features/ai-logs/query-ai-logs.ts';
import type { AiLogsOptions } from '../features/ai-logs/read-context.ts';
import { timeWindow } from '../features/ai-logs/time-window.ts';
import { ExportFiles } from '../features/export/export-files.ts';
import { Exports } from '../features/export/run-export.ts';
import { SavedExports } from '../features/export/saved-exports.ts';

const MODE = { mode: 'troubleshoot', baseline: 'previous', limit: 1_000 } as const;

/** An export means the same window and finds the same as the query endpoint. */
export function connectExports(config: Config, db: Kysely<Database>, aiLogs: AiLogsOptions, log: Logger) {
  const exports = new Exports({
    logs: aiLogs.logs,
    labels: aiLogs.labels,
    linesMax: config.EXPORT_LINES_MAX,
    exportsMax: config.EXPORTS_AT_ONCE_MAX,
    timeoutMs: config.EXPORT_TIMEOUT_MS,
    windowOf: ({ time_range, start, end }) =>
      timeWindow({ ...MODE, time_range, start, end }, aiLogs.clock(), aiLogs.windowHoursMax).window,
    findingsOf: async ({ time_range, start, end, services, severity, search }, signal) => {
      const query = { ...MODE, time_range, start, end, services, severity, search };
      return (await queryAiLogs(aiLogs, query, signal)).findings;
    },
  });
  const keepMs = config.EXPORT_FILE_HOURS_MAX * 3_600_000;
  const files = new ExportFiles(path.join(config.DATA_DIR, 'exports'), keepMs, (error) =>
    log.warn({ err: error }, 'old exports could not be removed'),
  );
  const saved = new SavedExports({
    db,
    clock: aiLogs.clock,
    exports,
    files,
    timeoutMs: config.EXPORT_TIMEOUT_MS,
    fileBytesMax: config.EXPORT_FILE_BYTES_MAX,
    filesMax: config.EXPORT_FILES_MAX,
    keepMs,
  });
  return { exports, files, saved };
}

export function exportRoutesOptions(
  config: Config,
  exporting: ReturnType<typeof connectExports>,
  jobs: Jobs,
): ExportRoutesOptions {
  return {
    ...exporting,
    keepMs: config.EXPORT_FILE_HOURS_MAX * 3_600_000,
    enqueue: (id) => jobs.enqueue(exporting.saved.writing, { id }),
  };
}
