import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { temporaryFolder } from '../testing/test-loki.ts';
import { applyRetention } from './retention.ts';
import { Store } from './store.ts';
import type { NewLines } from './writer.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 5, 1);

async function openStore(dataDir: string, segmentLinesMax = 1_000_000): Promise<Store> {
  return Store.open({ dataDir, memoryMegabytes: 128, segmentLinesMax });
}

function linesAt(store: Store, atMs: number, texts: readonly string[], app = 'a'): NewLines {
  const stream = store.streams.intern('fake', { app });
  return {
    streams: texts.map(() => stream),
    timestamps: texts.map((_, index) => `${atMs + index}000000`),
    lines: [...texts],
    metadata: texts.map(() => ''),
    levels: texts.map(() => 'info'),
  };
}

async function storedLines(store: Store): Promise<string[]> {
  const texts: string[] = [];
  for (const { schema } of store.segments.all)
    await store.read(new AbortController().signal, async (connection) => {
      const result = await connection.runAndReadAll(`SELECT line FROM ${schema}.lines ORDER BY ts`);
      texts.push(...result.getRows().map(([line]) => String(line)));
    });
  return texts;
}

void test('lines beyond the age limit are removed, and files that hold only such lines', async (t) => {
  const dataDir = await temporaryFolder(t);
  const store = await openStore(dataDir, 2);
  t.after(() => store.close());
  await store.append(linesAt(store, NOW_MS - 9 * DAY_MS, ['old 1', 'old 2'], 'gone'));
  await store.append(linesAt(store, NOW_MS - 8 * DAY_MS, ['old 3']));
  await store.append(linesAt(store, NOW_MS - DAY_MS, ['new 1', 'new 2']));
  await applyRetention(store, { retentionMs: 7 * DAY_MS, retentionBytes: 0 }, NOW_MS);
  assert.deepEqual(await storedLines(store), ['new 1', 'new 2']);
  assert.ok(!(await readdir(dataDir)).includes('lines-000001.duckdb'));
  assert.deepEqual(
    store.streams.select(['fake'], []).map(({ labels }) => labels.app),
    ['a'],
  );
});

void test('the oldest files go while all take more than the size limit', async (t) => {
  const dataDir = await temporaryFolder(t);
  const store = await openStore(dataDir, 1000);
  t.after(() => store.close());
  for (let batch = 0; batch < 8; batch += 1) {
    const texts = Array.from({ length: 1000 }, (_, index) =>
      `${batch} ${index} ${Math.sin(batch * 1000 + index)}`.repeat(8),
    );
    await store.append(linesAt(store, NOW_MS + batch * 1000, texts));
  }
  const before = await store.segments.bytes();
  await applyRetention(store, { retentionMs: 0, retentionBytes: Math.floor(before / 2) }, NOW_MS);
  assert.ok((await store.segments.bytes()) <= before / 2);
  const kept = await storedLines(store);
  assert.ok(kept.length > 0 && kept.length < 8000);
  assert.match(kept.at(-1) ?? '', /^7 999 /);
});

void test('a store without limits keeps everything', async (t) => {
  const dataDir = await temporaryFolder(t);
  const store = await openStore(dataDir);
  t.after(() => store.close());
  await store.append(linesAt(store, 1, ['from 1970']));
  await applyRetention(store, { retentionMs: 0, retentionBytes: 0 }, NOW_MS);
  assert.deepEqual(await storedLines(store), ['from 1970']);
});

void test('a finished segment opens with its streams, times and lines', async (t) => {
  const dataDir = await temporaryFolder(t);
  const first = await openStore(dataDir, 2);
  await first.append(linesAt(first, NOW_MS, ['one', 'two']));
  await first.append(linesAt(first, NOW_MS + 10, ['three']));
  await first.close();
  const store = await openStore(dataDir, 2);
  t.after(() => store.close());
  assert.deepEqual(await storedLines(store), ['one', 'two', 'three']);
  assert.equal(store.lines, 3);
  await store.append(linesAt(store, NOW_MS, ['one', 'two']));
  assert.deepEqual(await storedLines(store), ['one', 'two', 'three']);
});

void test('lines added to a finished segment under a larger limit are found after the next start', async (t) => {
  const dataDir = await temporaryFolder(t);
  const first = await openStore(dataDir, 2);
  await first.append(linesAt(first, NOW_MS, ['one', 'two']));
  await first.rollOver();
  await first.close();
  const second = await openStore(dataDir, 10);
  await second.append(linesAt(second, NOW_MS + DAY_MS, ['three']));
  await second.close();
  const store = await openStore(dataDir, 10);
  t.after(() => store.close());
  const laterNs = BigInt(NOW_MS + DAY_MS) * 1_000_000n;
  assert.equal(store.segments.between(laterNs, laterNs + 1n).length, 1);
  assert.equal(store.lines, 3);
});
