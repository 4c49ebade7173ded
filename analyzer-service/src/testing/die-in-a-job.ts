import { openDatabase } from '../adapters/database/open-database.ts';
import { openJobs } from '../adapters/jobs/open-jobs.ts';
import { readConfig } from '../config.ts';
import type { JobKind } from '../ports.ts';

// A process that begins a job, tells its parent the job's id, and never ends it, for tests that kill it: SETTINGS

const { DATABASE_URL: url, DATA_DIR: dataDir } = readConfig(
  JSON.parse(process.argv[2] ?? '') as NodeJS.ProcessEnv,
);
const onError = () => undefined;
const { db } = await openDatabase({ url, dataDir, connectionsMax: 2, timeoutMs: 5_000, onLost: onError });
const began = Promise.withResolvers<void>();
const kind: JobKind<{ text: string }> = {
  name: 'deadly',
  attemptsMax: 3,
  retryDelayMs: 1_000,
  timeLimitMs: 60_000,
  keepMs: 60_000,
  run: () => {
    began.resolve();
    return new Promise(() => undefined);
  },
};
const jobs = await openJobs([kind], { url, db, clock: Date.now, onError });
const id = await jobs.enqueue(kind, { text: 'survive me' });
await began.promise;
process.send?.(id);
