import { z } from 'zod';

const loraSchema = z.strictObject({ path: z.string().min(1), scale: z.number().min(0).max(10).default(1) });
const threads = z.int().min(1).max(256).default(1);
const variableName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of an environment variable, never the key itself');

const ggufSchema = z
  .strictObject({
    kind: z.literal('gguf'),
    path: z.string().min(1),
    context_tokens: z.int().min(128).max(1_048_576).default(4_096),
    threads,
    gpu_layers: z.int().min(0).max(1_000).default(0),
    lora: z.array(loraSchema).max(8).default([]),
  })
  .transform((entry) => ({ ...entry, local: true }));

/** `forwards`: what listens there asks a model elsewhere, or may: only the operator can tell that nothing leaves. */
const PRESETS = {
  openai: { url: 'https://api.openai.com/v1', key: 'OPENAI_API_KEY', forwards: true },
  gemini: {
    url: 'https://generativelanguage.googleapis.com/v1beta/openai',
    key: 'GEMINI_API_KEY',
    forwards: true,
  },
  huggingface: { url: 'https://router.huggingface.co/v1', key: 'HF_TOKEN', forwards: true },
  ollama: { url: 'http://127.0.0.1:11434/v1', key: null, forwards: false },
  vllm: { url: 'http://127.0.0.1:8000/v1', key: null, forwards: false },
  'grafana-llm-app': {
    url: 'http://127.0.0.1:3000/api/plugins/grafana-llm-app/resources/openai/v1',
    key: 'GRAFANA_TOKEN',
    forwards: true,
  },
  custom: { url: null, key: null, forwards: true },
} as const;

const openAiSchema = z
  .strictObject({
    kind: z.literal('openai'),
    preset: z.enum(Object.keys(PRESETS) as [keyof typeof PRESETS, ...(keyof typeof PRESETS)[]]),
    model: z.string().min(1).max(200),
    base_url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
    key_variable: variableName.optional(),
    parallel: z.int().min(1).max(64).default(4),
    local: z.boolean().optional(),
  })
  .refine(({ preset, base_url }) => preset !== 'custom' || base_url !== undefined, {
    path: ['base_url'],
    message: 'is needed with the preset custom',
  })
  .transform(({ base_url, key_variable, local, ...rest }) => {
    const preset = PRESETS[rest.preset];
    const baseUrl = base_url ?? preset.url ?? '';
    // Ollama hands models of this name on to its own cloud.
    const staysHere = !preset.forwards && !/[:-]cloud$/.test(rest.model);
    return {
      ...rest,
      baseUrl,
      keyVariable: key_variable ?? preset.key,
      tokensField: rest.preset === 'openai' ? ('max_completion_tokens' as const) : ('max_tokens' as const),
      local: (local ?? staysHere) && isLoopback(baseUrl),
      claimsLocal: local === true,
    };
  })
  .refine(({ claimsLocal, local }) => local || !claimsLocal, {
    path: ['local'],
    message: 'can be true only for an address of this machine, like http://127.0.0.1:8000/v1',
  });

const onnxSchema = z
  .strictObject({
    kind: z.literal('onnx'),
    /** A folder as Hugging Face lays it out: config.json, tokenizer.json, onnx/model.onnx. */
    path: z.string().min(1),
    task: z.enum(['text-generation', 'embeddings']).default('text-generation'),
    precision: z.enum(['fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4']).default('fp32'),
    context_tokens: z.int().min(128).max(1_048_576).default(4_096),
    threads,
  })
  .transform((entry) => ({ ...entry, local: true }));

const commandSchema = z
  .strictObject({
    kind: z.literal('command'),
    command: z.array(z.string().min(1).max(4_096)).min(1).max(200),
    model: z.string().min(1).max(200),
    /** 0 takes a free one, which `{port}` in the command stands for. */
    port: z.int().min(0).max(65_535).default(0),
    health_path: z.string().regex(/^\//, 'must begin with /').max(200).default('/v1/models'),
    folder: z.string().min(1).default('.'),
    pass_variables: z.array(variableName).max(50).default([]),
    start_seconds: z.int().min(1).max(3_600).default(120),
    stop_seconds: z.int().min(1).max(300).default(10),
    memory_bytes: z.int().min(0).default(0),
    parallel: z.int().min(1).max(64).default(4),
  })
  .refine(({ port, command }) => port > 0 || command.some((word) => word.includes('{port}')), {
    path: ['port'],
    message: 'is needed where no word of the command holds {port}',
  })
  .transform((entry) => ({ ...entry, local: true }));

export const modelEntrySchema = z.discriminatedUnion('kind', [
  ggufSchema,
  onnxSchema,
  openAiSchema,
  commandSchema,
]);

/** One model of `models.json`, checked. `local`: what it is asked leaves this machine in no case. */
export type ModelEntry = z.infer<typeof modelEntrySchema>;
export type GgufEntry = Extract<ModelEntry, { kind: 'gguf' }>;
export type OnnxEntry = Extract<ModelEntry, { kind: 'onnx' }>;
export type CommandEntry = Extract<ModelEntry, { kind: 'command' }>;

function isLoopback(url: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}
