import { stat } from 'node:fs/promises';
import { GgufBackend } from './gguf-backend.ts';
import type { ModelBackend } from './model-backend.ts';
import type { ModelEntry } from './model-entry.ts';
import { OpenAiBackend } from './openai-backend.ts';

/** Loads a model, or makes ready to ask it. `secretOf` reads a key by the name of its environment variable. */
export function openBackend(
  entry: ModelEntry,
  secretOf: (variable: string) => string | undefined,
  signal: AbortSignal,
): Promise<ModelBackend> {
  if (entry.kind === 'gguf') return GgufBackend.open(entry, signal);
  return OpenAiBackend.open(entry, entry.keyVariable ? secretOf(entry.keyVariable) : undefined);
}

/** What a model takes in memory, by the size of its file; 0 for one that runs elsewhere. */
export async function bytesOf(entry: ModelEntry): Promise<number> {
  return entry.kind === 'gguf' ? (await stat(entry.path)).size : 0;
}
