import assert from 'node:assert/strict';
import { appendFile, readFile, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { startEmbeddedLoki } from '../server.ts';
import { StoreProcess } from '../testing/store-process.ts';
import { temporaryFolder, TestLoki } from '../testing/test-loki.ts';

const LINES = ['one', 'two', 'three'];

/** A folder whose store was killed after three acknowledged pushes; a fourth left `last` in the log. */
async function crashedFolder(dataDir: string): Promise<{ file: string; log: string; logBytes: number }> {
  const store = await StoreProcess.start(dataDir);
  const loki = new TestLoki(store.url);
  const file = path.join(dataDir, 'lines-000001.duckdb');
  const log = `${file}.wal`;
  for (const [index, text] of LINES.entries()) await loki.push({ app: 'a' }, [[index, text]]);
  const logBytes = (await stat(log)).size;
  await loki.push({ app: 'a' }, [[9, 'last']]);
  await store.stop('SIGKILL');
  return { file, log, logBytes };
}

async function reopen(dataDir: string): Promise<{ lines: string[]; repairs: readonly string[] }> {
  const embedded = await startEmbeddedLoki({ dataDir });
  try {
    const loki = new TestLoki(embedded.url);
    const lines = await loki.lines('{app="a"}');
    await loki.push({ app: 'a' }, [[lines.length + 20, 'afterwards']]);
    assert.deepEqual(await loki.lines('{app="a"}'), [...lines, 'afterwards']);
    return { lines, repairs: embedded.repairs };
  } finally {
    await embedded.close();
  }
}

void test('says that it recovered the log of a killed process', async (t) => {
  const dataDir = await temporaryFolder(t);
  await crashedFolder(dataDir);
  const { lines, repairs } = await reopen(dataDir);
  assert.deepEqual(lines, [...LINES, 'last']);
  assert.match(
    repairs.join(),
    /^recovered \d+ bytes of the write-ahead log of lines-000001.duckdb after an unclean stop$/,
  );
  assert.deepEqual((await reopen(dataDir)).repairs, []);
});

void test('a log that was cut off in its last entry keeps every earlier line', async (t) => {
  const dataDir = await temporaryFolder(t);
  const { log, logBytes } = await crashedFolder(dataDir);
  await truncate(log, logBytes + 7);
  assert.deepEqual((await reopen(dataDir)).lines, LINES);
});

void test('zeros or rubbish after the last entry of the log lose nothing', async (t) => {
  for (const rest of [Buffer.alloc(2000), Buffer.from('rubbish'.repeat(50))]) {
    const dataDir = await temporaryFolder(t);
    const { log } = await crashedFolder(dataDir);
    await appendFile(log, rest);
    assert.deepEqual((await reopen(dataDir)).lines, [...LINES, 'last']);
  }
});

void test('a damaged entry of the log is cut off, kept aside and reported', async (t) => {
  const dataDir = await temporaryFolder(t);
  const { log, logBytes } = await crashedFolder(dataDir);
  const bytes = await readFile(log);
  bytes[logBytes + 60] = (bytes[logBytes + 60] ?? 0) ^ 255;
  await writeFile(log, bytes);
  const { lines, repairs } = await reopen(dataDir);
  assert.deepEqual(lines, LINES);
  assert.match(
    repairs[0] ?? '',
    /^cut the write-ahead log of lines-000001.duckdb at byte \d+, where it is damaged/,
  );
  assert.ok((await readdir(dataDir)).includes('lines-000001.duckdb.wal.damaged'));
});

void test('a file that cannot be read is set aside and reported, and the store starts', async (t) => {
  const dataDir = await temporaryFolder(t);
  await crashedFolder(dataDir);
  await reopen(dataDir);
  await truncate(path.join(dataDir, 'lines-000001.duckdb'), 20_000);
  const { lines, repairs } = await reopen(dataDir);
  assert.deepEqual(lines, []);
  assert.match(
    repairs.join(),
    /^set lines-000001.duckdb aside as lines-000001.duckdb.damaged because it cannot be read/,
  );
});

void test('an empty file that a crash left is made anew', async (t) => {
  const dataDir = await temporaryFolder(t);
  await writeFile(path.join(dataDir, 'lines-000001.duckdb'), '');
  const { lines, repairs } = await reopen(dataDir);
  assert.deepEqual(lines, []);
  assert.deepEqual(repairs, ['made lines-000001.duckdb anew, which a crash had left empty']);
});
