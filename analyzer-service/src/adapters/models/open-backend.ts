import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { CommandBackend } from './command/command-backend.ts';
import { GgufBackend } from './gguf-backend.ts';
import type { ModelBackend } from './model-backend.ts';
import type { ModelEntry } from './model-entry.ts';
import { OnnxBackend } from './onnx/onnx-backend.ts';
import { OpenAiBackend } from './openai-backend.ts';

export interface OpenBackendOptions {
  /** Reads a key by the name of its environment variable. */
  readonly secretOf: (variable: string) => string | undefined;
  /** What a program gets to see of the environment: with these variables besides. */
  readonly environmentFor: (variables: readonly string[]) => Readonly<Record<string, string>>;
  /** Told each line that a program writes. */
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Loads a model, or makes ready to ask it. */
export async function openBackend(entry: ModelEntry, options: OpenBackendOptions): Promise<ModelBackend> {
  if (entry.kind === 'gguf') return GgufBackend.open(entry, options.signal);
  if (entry.kind === 'onnx') return OnnxBackend.open(entry, options.environmentFor([]), options.signal);
  if (entry.kind === 'command') {
    const environment = options.environmentFor(entry.pass_variables);
    return CommandBackend.open(entry, { environment, tell: options.tell });
  }
  const key = entry.keyVariable ? options.secretOf(entry.keyVariable) : undefined;
  if (entry.keyVariable && !key)
    throw new Error(`the environment variable ${entry.keyVariable} holds no key`);
  return OpenAiBackend.open(entry, key);
}

/** Reading a library takes longer than the event loop may stand still: it is done at the start, for those in need of it. */
export async function readLibraries(entries: Iterable<ModelEntry>): Promise<void> {
  const kinds = new Set([...entries].map(({ kind }) => kind));
  if (kinds.has('gguf')) await import('node-llama-cpp');
  if (kinds.has('openai') || kinds.has('command')) await import('openai');
}

/** What a model takes in memory: by the size of its files, or as the entry says; 0 for one that runs elsewhere. */
export async function bytesOf(entry: ModelEntry): Promise<number> {
  if (entry.kind === 'gguf') return (await stat(entry.path)).size;
  if (entry.kind === 'onnx') return bytesOfFolder(entry.path);
  return entry.kind === 'command' ? entry.memory_bytes : 0;
}

async function bytesOfFolder(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((file) => file.isFile() && /\.onnx(_data.*)?$/.test(file.name))
    .map(async (file) => (await stat(path.join(file.parentPath, file.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
