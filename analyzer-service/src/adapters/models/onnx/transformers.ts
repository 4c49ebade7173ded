import { createRequire } from 'node:module';
import type { ModelMessage } from '../../../ports.ts';

/** A tensor; `data` holds whole numbers as bigint. */
export interface Tensor {
  readonly dims: readonly number[];
  slice(...ranges: readonly (null | readonly [number, number])[]): Tensor;
  tolist(): unknown;
}

export interface Tokenizer {
  readonly chat_template: unknown;
  apply_chat_template(messages: readonly ModelMessage[], options: object): Encoded;
  (text: string): Encoded;
  batch_decode(tokens: Tensor, options: object): readonly string[];
}

interface Encoded {
  readonly input_ids: Tensor;
}

export interface WritingModel {
  generate(options: object): Promise<Tensor>;
}

/** What is used of `@huggingface/transformers`, which is not installed with the service: its types are not there. */
export interface Transformers {
  readonly env: {
    allowRemoteModels: boolean;
    useFSCache: boolean;
    localModelPath: string;
  };
  readonly AutoTokenizer: { from_pretrained(name: string): Promise<Tokenizer> };
  readonly AutoModelForCausalLM: { from_pretrained(name: string, options: object): Promise<WritingModel> };
  pipeline(
    task: 'feature-extraction',
    name: string,
    options: object,
  ): Promise<(text: string, options: object) => Promise<Tensor>>;
  readonly TextStreamer: new (tokenizer: Tokenizer, options: object) => object;
  readonly InterruptableStoppingCriteria: new () => { interrupt(): void };
}

const RUNTIME = new URL('../../../../onnx/package.json', import.meta.url);

/** Loads the library from `analyzer-service/onnx`. Throws a sentence that says how it gets there. */
export function loadTransformers(from: URL = RUNTIME): Transformers {
  try {
    return createRequire(from)('@huggingface/transformers') as Transformers;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
    throw new Error(
      isMissing
        ? 'the runtime of ONNX models is not installed: "npm run onnx:install" installs it (300 MB)'
        : `the runtime of ONNX models cannot be loaded: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

export function hasTransformers(): boolean {
  try {
    createRequire(RUNTIME).resolve('@huggingface/transformers');
    return true;
  } catch {
    return false;
  }
}
