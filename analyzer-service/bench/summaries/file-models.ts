import { ModelManager } from '../../src/adapters/models/model-manager.ts';
import { readModelsFile } from '../../src/adapters/models/models-file.ts';
import type { Models } from '../../src/ports.ts';

const MINUTE_MS = 60_000;

/** Each model of a `models.json` by itself, whatever the chains say, through the service's own manager. */
export async function fileModels(
  file: string,
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly models: Readonly<Record<string, Models>>; close(): Promise<void> }> {
  const manager = new ModelManager({
    file: await readModelsFile(file),
    secretOf: (name) => environment[name],
    environmentFor: () =>
      Object.fromEntries(
        Object.entries(environment).filter((pair): pair is [string, string] => pair[1] !== undefined),
      ),
    tell: (model, line) => console.error(`${model}: ${line}`),
    queueMax: 10,
    idleMs: MINUTE_MS,
    loadMs: 10 * MINUTE_MS,
    memoryBytesMax: Number.MAX_SAFE_INTEGER,
  });
  const models = manager.list().map(({ name }): [string, Models] => [
    name,
    {
      has: () => true,
      isLocal: (purpose) => manager.isLocal(purpose, name),
      generate: (request) => manager.generate({ ...request, model: name }),
    },
  ]);
  return { models: Object.fromEntries(models), close: () => manager.close() };
}
