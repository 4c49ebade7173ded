import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { type ModelEntry, modelEntrySchema } from './model-entry.ts';

const nameSchema = z.string().regex(/^[\w.:-]{1,100}$/, 'must be letters, digits and ._:-');
const chainSchema = z.array(z.string()).max(10).default([]);

const fileSchema = z.strictObject({
  models: z.record(nameSchema, z.unknown()),
  chains: z
    .strictObject({ summaries: chainSchema, chat: chainSchema, embeddings: chainSchema })
    .partial()
    .default({}),
});

export interface ModelsFile {
  readonly models: ReadonlyMap<string, ModelEntry>;
  /** Names of models in the order they are tried; `none` ends a chain. */
  readonly chains: Readonly<Partial<Record<'summaries' | 'chat' | 'embeddings', readonly string[]>>>;
}

/** Reads the file of `MODELS_CONFIG`. Throws `invalid_configuration` with one sentence for each bad entry. */
export async function readModelsFile(file: string): Promise<ModelsFile> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw refused([`cannot be read: ${(error as Error).message}`], error);
  }
  const outer = fileSchema.safeParse(json);
  if (!outer.success) throw refused(problemsOf(outer.error, ''));
  const problems: string[] = [];
  const models = new Map<string, ModelEntry>();
  for (const [name, raw] of Object.entries(outer.data.models)) {
    const entry = modelEntrySchema.safeParse(raw);
    if (entry.success) models.set(name, besideFile(entry.data, path.dirname(file)));
    else problems.push(...problemsOf(entry.error, `models.${name}`));
  }
  for (const [purpose, names] of Object.entries(outer.data.chains)) {
    const unknown = names.filter((name) => name !== 'none' && !Object.hasOwn(outer.data.models, name));
    if (unknown.length > 0) problems.push(`chains.${purpose}: there is no model ${unknown.join(', ')}`);
  }
  if (problems.length > 0) throw refused(problems);
  return { models, chains: outer.data.chains };
}

/** Paths in the file are meant from where the file lies. */
function besideFile(entry: ModelEntry, folder: string): ModelEntry {
  const at = (name: string) => path.resolve(folder, name);
  if (entry.kind === 'command') return { ...entry, folder: at(entry.folder) };
  if (entry.kind === 'onnx') return { ...entry, path: at(entry.path) };
  if (entry.kind === 'openai') return entry;
  return { ...entry, path: at(entry.path), lora: entry.lora.map((one) => ({ ...one, path: at(one.path) })) };
}

function problemsOf(error: z.ZodError, place: string): string[] {
  return error.issues.map(
    (issue) => `${[place, ...issue.path.map(String)].filter(Boolean).join('.')}: ${issue.message}`,
  );
}

function refused(problems: readonly string[], cause?: unknown): AppError {
  return new AppError(
    'invalid_configuration',
    `The file of MODELS_CONFIG: ${problems.join('; ')}. Correct it, or leave MODELS_CONFIG empty to go on without a model.`,
    { cause },
  );
}
