import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileModels } from '../summaries/file-models.ts';

export interface ModelSpeed {
  readonly loadMs: number;
  /** Of a prompt of some hundred tokens, with the model loaded. */
  readonly firstTokenMs: number;
  /** After the first one. */
  readonly tokensPerSecond: number;
  /** Written in all, over which the speed is measured. */
  readonly tokens: number;
}

const PROMPT =
  'The pool of payments has no free connection since 10:12; api waits for it. What is to be done? ';
const ROUNDS_MAX = 20;
const ROUND_TOKENS = 128;

/** How fast a GGUF file writes through the service's own manager. `folder` takes a `models.json`. */
export async function measureModel(
  file: string,
  { folder, threads, tokens }: { readonly folder: string; readonly threads: number; readonly tokens: number },
): Promise<ModelSpeed> {
  const config = path.join(folder, 'models.json');
  const one = { kind: 'gguf', path: path.resolve(file), context_tokens: 1_024, threads };
  await writeFile(config, JSON.stringify({ models: { one } }));
  const configured = await fileModels(config, {});
  const write = async (tokensMax: number) => {
    const startMs = performance.now();
    let firstMs = 0;
    const answer = await configured.models['one']?.generate({
      purpose: 'chat',
      messages: [{ role: 'user', content: PROMPT }],
      tokensMax,
      temperature: 1,
      timeoutMs: 600_000,
      signal: new AbortController().signal,
      onText: () => (firstMs ||= performance.now()),
    });
    const endMs = performance.now();
    return { waitedMs: (firstMs || endMs) - startMs, writtenMs: endMs - (firstMs || endMs), answer };
  };
  try {
    const startMs = performance.now();
    await write(1);
    const loadMs = performance.now() - startMs;
    let [written, writtenMs] = [0, 0];
    const waits: number[] = [];
    // Random weights may end an answer early.
    for (let round = 0; round < ROUNDS_MAX && written < tokens; round++) {
      const { waitedMs, writtenMs: ms, answer } = await write(ROUND_TOKENS);
      waits.push(waitedMs);
      written += Math.max(0, (answer?.answerTokens ?? 0) - 1);
      writtenMs += ms;
    }
    const firstTokenMs = waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)] ?? 0;
    return { loadMs, firstTokenMs, tokensPerSecond: written / (writtenMs / 1_000), tokens: written };
  } finally {
    await configured.close();
  }
}
