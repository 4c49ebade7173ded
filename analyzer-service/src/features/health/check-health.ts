import type { Clock, LogSource, ModelService } from '../../ports.ts';
import type { Health } from './schema.ts';

type Dependency = Health['dependencies']['queue'] & Health['dependencies']['models'];

/** Answers with its version, or throws a sentence that says why it cannot. */
type Check = (signal: AbortSignal) => Promise<Omit<Dependency, 'status' | 'latency_ms' | 'message'>>;

export interface CheckHealthOptions {
  readonly logs: Pick<LogSource, 'check'>;
  readonly database: { readonly check: Check };
  readonly cache: { readonly check: Check };
  readonly jobs: { readonly check: Check };
  readonly models: Pick<ModelService, 'check'>;
  readonly clock: Clock;
  readonly version: string;
  readonly startedMs: number;
}

/** A health check that waits longer than this tells more by saying so. */
const CHECK_TIMEOUT_MS = 3_000;

export async function checkHealth(options: CheckHealthOptions): Promise<Health> {
  const { logs, database, cache, jobs, models, clock, version, startedMs } = options;
  const [loki, stored, kept, queue, asked] = await Promise.all([
    checkDependency('Loki', (signal) => logs.check(signal), clock),
    checkDependency('the database', (signal) => database.check(signal), clock),
    checkDependency('the cache', (signal) => cache.check(signal), clock),
    checkDependency('the queue of background jobs', (signal) => jobs.check(signal), clock),
    checkDependency('the models', () => checkModels(models), clock),
  ]);
  const dependencies = { loki, database: stored, cache: kept, queue, models: asked };
  const up = Object.values(dependencies).every(({ status }) => status === 'up');
  return {
    status: up ? 'ok' : 'degraded',
    version,
    uptime_s: Math.round((clock() - startedMs) / 1_000),
    dependencies,
  };
}

async function checkModels(models: Pick<ModelService, 'check'>) {
  const { lastAnswerMs, ...known } = await models.check();
  return { ...known, ...(lastAnswerMs === null ? {} : { last_answer_ms: lastAnswerMs }) };
}

async function checkDependency(name: string, check: Check, clock: Clock): Promise<Dependency> {
  const startedMs = clock();
  const timeout = AbortSignal.timeout(CHECK_TIMEOUT_MS);
  const late = new Promise<never>((_, reject) =>
    timeout.addEventListener('abort', () =>
      reject(
        new Error(`No answer from ${name} within ${CHECK_TIMEOUT_MS} ms. Look whether it is overloaded.`),
      ),
    ),
  );
  try {
    const answer = await Promise.race([late, check(timeout)]);
    return { status: 'up', latency_ms: clock() - startedMs, ...answer };
  } catch (error) {
    return { status: 'down', latency_ms: clock() - startedMs, message: (error as Error).message };
  }
}
