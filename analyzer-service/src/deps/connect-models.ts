import type { Logger } from 'pino';
import { ModelManager } from '../adapters/models/model-manager.ts';
import { type ModelsFile, readModelsFile } from '../adapters/models/models-file.ts';
import { readLibraries } from '../adapters/models/open-backend.ts';
import { type Config, programEnvironment, readSecret } from '../config.ts';
import type { ModelService } from '../ports.ts';

/** Without `MODELS_CONFIG` there are none. No model is loaded yet. */
export async function connectModels(config: Config, log: Logger): Promise<ModelService> {
  const file: ModelsFile = config.MODELS_CONFIG
    ? await readModelsFile(config.MODELS_CONFIG)
    : { models: new Map(), chains: {} };
  await readLibraries(file.models.values());
  return new ModelManager({
    file,
    secretOf: readSecret,
    environmentFor: programEnvironment,
    tell: (model, line) => log.info({ model }, line),
    queueMax: config.MODEL_QUEUE_MAX,
    idleMs: config.MODEL_IDLE_MS,
    loadMs: config.MODEL_LOAD_MS,
    memoryBytesMax: config.MODELS_MEMORY_BYTES_MAX,
  });
}
