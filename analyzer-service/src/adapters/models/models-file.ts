import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../errors.ts';

const loraSchema = z.strictObject({ path: z.string().min(1), scale: z.number().min(0).max(10).default(1) });

const ggufSchema = z.strictObject({
  kind: z.literal('gguf'),
  path: z.string().min(1),
  context_tokens: z.int().min(128).max(1_048_576).default(4_096),
  threads: z.int().min(1).max(256).default(1),
  gpu_layers: z.int().min(0).max(1_000).default(0),
  lora: z.array(loraSchema).max(8).default([]),
});

const PRESETS = {
  openai: { url: 'https://api.openai.com/v1', key: 'OPENAI_API_KEY' },
  gemini: { url: 'https://generativelanguage.googleapis.com/v1beta/openai', key: 'GEMINI_API_KEY' },
  huggingface: { url: 'https://router.huggingface.co/v1', key: 'HF_TOKEN' },
  ollama: { url: 'http://127.0.0.1:11434/v1', key: null },
  vllm: { url: 'http://127.0.0.1:8000/v1', key: null },
  'grafana-llm-app': {
    url: 'http://127.0.0.1:3000/api/plugins/grafana-llm-app/resources/openai/v1',
    key: 'GRAFANA_TOKEN',
  },
  custom: { url: null, key: null },
} as const;

const openAiSchema = z
  .strictObject({
    kind: z.literal('openai'),
    preset: z.enum(Object.keys(PRESETS) as [keyof typeof PRESETS, ...(keyof typeof PRESETS)[]]),
    model: z.string().min(1).max(200),
    base_url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
    key_variable: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of an environment variable, never the key itself')
      .optional(),
    parallel: z.int().min(1).max(64).default(4),
  })
  .refine(({ preset, base_url }) => preset !== 'custom' || base_url !== undefined, {
    path: ['base_url'],
    message: 'is needed with the preset custom',
  })
  .transform(({ base_url, key_variable, preset, ...rest }) => ({
    ...rest,
    baseUrl: base_url ?? PRESETS[preset].url ?? '',
    keyVariable: key_variable ?? PRESETS[preset].key,
  }));

const entrySchema = z.discriminatedUnion('kind', [ggufSchema, openAiSchema]);
const nameSchema = z.string().regex(/^[\w.:-]{1,100}$/, 'must be letters, digits and ._:-');
const chainSchema = z.array(z.string()).max(10).default([]);

const fileSchema = z.strictObject({
  models: z.record(nameSchema, z.unknown()),
  chains: z
    .strictObject({ summaries: chainSchema, chat: chainSchema, embeddings: chainSchema })
    .partial()
    .default({}),
});

export type ModelEntry = z.infer<typeof entrySchema>;
export type GgufEntry = Extract<ModelEntry, { kind: 'gguf' }>;
export type OpenAiEntry = Extract<ModelEntry, { kind: 'openai' }>;

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
    const entry = entrySchema.safeParse(raw);
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
  if (entry.kind !== 'gguf') return entry;
  const at = (name: string) => path.resolve(folder, name);
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
