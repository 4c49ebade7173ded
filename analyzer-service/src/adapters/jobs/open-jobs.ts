import type { JobKind, Jobs } from '../../ports.ts';
import { PgBossJobs } from './pg-boss-jobs.ts';
import { SqliteJobs, type SqliteJobsOptions } from './sqlite-jobs.ts';

export interface JobsOptions extends SqliteJobsOptions {
  /** The Postgres that holds the database; undefined when that is SQLite. */
  readonly url: string | undefined;
}

export interface OpenJobs extends Jobs {
  close(): Promise<void>;
}

/** Begins to work on jobs of these kinds. */
export async function openJobs(kinds: readonly JobKind<never>[], options: JobsOptions): Promise<OpenJobs> {
  const { url, onError } = options;
  return url === undefined ? new SqliteJobs(kinds, options) : PgBossJobs.open(kinds, { url, onError });
}
