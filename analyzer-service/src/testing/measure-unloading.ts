import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ModelManager } from '../adapters/models/model-manager.ts';
import { readModelsFile } from '../adapters/models/models-file.ts';
import { writeTinyGguf } from './tiny-gguf.ts';

// measure-unloading.ts [LAYERS]: bytes in memory before a model is loaded, with it, and after it was loaded and
// unloaded some times. A first, tiny model loads the library itself, which stays. 8 layers make a file of 126 MB, 16 of
// 235 MB.

const layers = Number(process.argv[2] ?? 16);
const folder = await mkdtemp(path.join(tmpdir(), 'sonde-unloading-'));
const [tiny, large] = [path.join(folder, 'tiny.gguf'), path.join(folder, 'large.gguf')];
await writeTinyGguf(tiny);
await writeTinyGguf(large, { width: 512, hidden: 1_536, layers, heads: 8, tokens: 4_096, type: 'f32' });
const file = path.join(folder, 'models.json');
const entry = { kind: 'gguf', context_tokens: 512 };
const models = { tiny: { ...entry, path: tiny }, large: { ...entry, path: large } };
await writeFile(file, JSON.stringify({ models }));
const manager = new ModelManager({
  file: await readModelsFile(file),
  secretOf: () => undefined,
  environmentFor: () => ({}),
  tell: () => undefined,
  queueMax: 1,
  idleMs: 60_000,
  loadMs: 60_000,
  memoryBytesMax: 2 ** 33,
});

async function use(model: string): Promise<void> {
  await manager.generate({
    purpose: 'chat',
    model,
    messages: [{ role: 'user', content: 'How is it?' }],
    tokensMax: 4,
    temperature: 0,
    timeoutMs: 60_000,
    signal: new AbortController().signal,
  });
}

async function residentBytes(): Promise<number> {
  globalThis.gc?.();
  const status = await readFile('/proc/self/status', 'utf8');
  return Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) * 1_024;
}

const CYCLES = 3;
const { size: fileBytes } = await stat(large);

await use('tiny');
await manager.unload('tiny');
const before = await residentBytes();
let loaded = 0;
for (let cycle = 0; cycle < CYCLES; cycle++) {
  await use('large');
  loaded = await residentBytes();
  await manager.unload('large');
}
const after = await residentBytes();
await rm(folder, { recursive: true, force: true });
console.log(JSON.stringify({ fileBytes, before, loaded, after, afterOfBefore: after / before }));
