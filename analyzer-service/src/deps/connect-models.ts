import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { ModelManager } from '../adapters/models/model-manager.ts';
import { type ModelsFile, readModelsFile } from '../adapters/models/models-file.ts';
import { readLibraries } from '../adapters/models/open-backend.ts';
import { type Config, programEnvironment, readSecret } from '../config.ts';
import type { Database } from '../database.ts';
import { CountedModels } from '../features/model-use/counted-models.ts';
import { UsageBook } from '../features/model-use/usage-book.ts';
import { currentCaller } from '../http/current-caller.ts';

/** Without `MODELS_CONFIG` there are none. No model is loaded yet. What callers have them do is counted. */
export async function connectModels(
  config: Config,
  db: Kysely<Database>,
  log: Logger,
): Promise<CountedModels> {
  const file: ModelsFile = config.MODELS_CONFIG
    ? await readModelsFile(config.MODELS_CONFIG)
    : { models: new Map(), chains: {} };
  await readLibraries(file.models.values());
  const usage = new UsageBook(db, (error) =>
    log.warn({ err: error }, 'the use of models is counted in memory until the database is back'),
  );
  const models = new ModelManager({
    file,
    secretOf: readSecret,
    environmentFor: programEnvironment,
    tell: (model, line) => log.info({ model }, line),
    queueMax: config.MODEL_QUEUE_MAX,
    idleMs: config.MODEL_IDLE_MS,
    loadMs: config.MODEL_LOAD_MS,
    memoryBytesMax: config.MODELS_MEMORY_BYTES_MAX,
  });
  return new CountedModels({ models, usage, clock: Date.now, caller: currentCaller });
}
