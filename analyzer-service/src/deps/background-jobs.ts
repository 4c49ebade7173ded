import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { type OpenJobs, openJobs } from '../adapters/jobs/open-jobs.ts';
import type { ServiceMetrics } from '../adapters/metrics/service-metrics.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database.ts';
import { removeOldAuditLines } from '../features/access/remove-old-audit-lines.ts';
import { learnFromLogs } from '../features/ai-logs/learn/learn-from-logs.ts';
import { tellNewPatterns } from '../features/ai-logs/learn/tell-new-patterns.ts';
import type { Analyses } from '../features/analyses/analyses.ts';
import { keepAnalyses } from '../features/analyses/keep-analyses.ts';
import type { AiLogsOptions } from '../features/ai-logs/read-context.ts';
import type { ConnectedChat } from './connect-chat.ts';
import type { ConnectedIncidents } from './connect-incidents.ts';
import type { SavedExports } from '../features/export/saved-exports.ts';
import type { JobKind, WriteOwnLines } from '../ports.ts';

/** Where jobs tell what they found. */
export interface Telling {
  readonly writeOwnLines: WriteOwnLines;
  readonly metrics: Pick<ServiceMetrics, 'countNewPatterns'>;
  readonly log: Logger;
}

/** Features that have work of their own beside requests. */
export interface Working {
  readonly exports: SavedExports;
  readonly analyses: Analyses;
  readonly alerts: ConnectedIncidents;
  readonly chat: ConnectedChat;
}

/** Begins to work on what runs beside requests. */
export async function startJobs(
  config: Config,
  db: Kysely<Database>,
  aiLogs: AiLogsOptions,
  { exports, analyses, alerts, chat }: Working,
  { writeOwnLines, metrics, log }: Telling,
): Promise<OpenJobs> {
  const { clock } = aiLogs;
  const kinds: JobKind<never>[] = [
    removeOldAuditLines(db, clock, config.AUDIT_DAYS_MAX),
    exports.writing,
    exports.removing,
    keepAnalyses(analyses.store, clock, config.ANALYSES_DAYS_MAX),
    analyses.job,
    ...alerts.incidents.kinds,
    ...chat.kinds,
  ];
  if (config.LEARN_ENABLED)
    kinds.push(
      learnFromLogs({
        db,
        aiLogs,
        sliceMs: config.LEARN_SLICE_MINUTES * 60_000,
        slicesPerRunMax: config.LEARN_SLICES_PER_RUN,
        linesPerSliceMax: config.LEARN_LINES_MAX,
        templatesMax: config.LEARN_TEMPLATES_MAX,
        backMs: config.LEARN_BACK_HOURS * 3_600_000,
        keepMs: config.LEARN_DAYS_MAX * 24 * 3_600_000,
        warmUpMs: config.NEW_PATTERN_WARMUP_HOURS * 3_600_000,
        onLearned: (service) => metrics.countNewPatterns(service, 0),
        onSkipped: (slice, error) => log.warn({ err: error, ...slice }, 'too much to learn from'),
      }),
    );
  if (config.LEARN_ENABLED && config.NEW_PATTERN_LINES)
    kinds.push(
      tellNewPatterns({
        db,
        clock,
        writeOwnLines,
        onTold: (service) => metrics.countNewPatterns(service, 1),
      }),
    );
  const onError = (error: Error) => log.warn({ err: error }, 'background jobs');
  const jobs = await openJobs(kinds, { url: config.DATABASE_URL, db, clock, onError });
  alerts.begin(jobs);
  return jobs;
}
