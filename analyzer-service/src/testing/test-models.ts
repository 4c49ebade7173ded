import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { ModelManager, type ModelManagerOptions } from '../adapters/models/model-manager.ts';
import { readModelsFile } from '../adapters/models/models-file.ts';
import { testFolder } from './test-stack.ts';

/** The models of a `models.json` with this content. */
export async function testModels(
  context: Pick<TestContext, 'after'>,
  content: object,
  settings: Partial<ModelManagerOptions> = {},
): Promise<ModelManager> {
  const file = path.join(await testFolder(context), 'models.json');
  await writeFile(file, JSON.stringify(content));
  const models = new ModelManager({
    file: await readModelsFile(file),
    secretOf: () => undefined,
    environmentFor: () => ({ PATH: process.env.PATH ?? '' }),
    tell: () => undefined,
    queueMax: 100,
    idleMs: 10_000,
    loadMs: 30_000,
    memoryBytesMax: 1 << 30,
    ...settings,
  });
  context.after(() => models.close());
  return models;
}
