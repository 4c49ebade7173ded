import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { AppError } from '../../errors.ts';
import { openLogFile } from './log-file.ts';
import { LINE_BYTES_MAX } from '../../engine/formats/line-splitter.ts';
import { readLines } from './read-lines.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sonde-test-'));
});
after(() => rm(folder, { recursive: true }));

async function linesOf(
  content: string | Buffer,
  name = 'x.log',
): Promise<{ lines: string[]; cutLines: number }> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return linesAt(file);
}

async function linesAt(
  name: string,
  stdin: Readable = Readable.from([]),
): Promise<{ lines: string[]; cutLines: number }> {
  await using file = await openLogFile(name, stdin);
  const lines: string[] = [];
  let cutLines = 0;
  for await (const batch of readLines(file)) {
    assert.equal(batch.firstLineNumber, lines.length + 1);
    lines.push(...batch.lines);
    cutLines += batch.cutLines;
  }
  return { lines, cutLines };
}

async function refusal(name: string): Promise<string> {
  try {
    await linesAt(name);
  } catch (error) {
    assert.ok(error instanceof AppError);
    assert.doesNotMatch(error.message, /\n/);
    return error.message;
  }
  return assert.fail('it was read');
}

void test('lines come without line ends, with or without a last newline', async () => {
  assert.deepEqual((await linesOf('a\nb\r\n\nc')).lines, ['a', 'b', '', 'c']);
  assert.deepEqual((await linesOf('a\n')).lines, ['a']);
  assert.deepEqual((await linesOf('\ufeffa\n')).lines, ['a']);
  assert.deepEqual((await linesOf('')).lines, []);
});

void test('lines that span chunks are whole', async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `${index} ${'ä'.repeat(index % 97)}`);
  assert.deepEqual((await linesOf(lines.join('\n'))).lines, lines);
  assert.deepEqual((await linesOf(gzipSync(lines.join('\n')), 'x.gz')).lines, lines);
});

void test('several gzip members in one file are one log', async () => {
  const content = Buffer.concat([gzipSync('a\nb\n'), gzipSync('c\n')]);
  assert.deepEqual((await linesOf(content, 'members')).lines, ['a', 'b', 'c']);
});

void test('a line longer than the limit is cut and counted', async () => {
  const { lines, cutLines } = await linesOf(`a\n${'x'.repeat(5 * LINE_BYTES_MAX)}\nb`);
  assert.deepEqual(
    lines.map(({ length }) => length),
    [1, LINE_BYTES_MAX, 1],
  );
  assert.equal(cutLines, 1);
});

void test('bytes that are no UTF-8 are replaced, not refused', async () => {
  assert.deepEqual((await linesOf(Buffer.from([0x61, 0xff, 0xfe, 0x62, 0x0a]))).lines, ['a\ufffd\ufffdb']);
});

void test('standard input is read as a file', async () => {
  const stdin = Readable.from([Buffer.from('a\nb'), Buffer.from('c\n')]);
  assert.deepEqual((await linesAt('-', stdin)).lines, ['a', 'bc']);
});

void test('a file that cannot be read is refused with what to do', async () => {
  const cut = gzipSync('line\n'.repeat(10_000)).subarray(0, 60);
  await writeFile(path.join(folder, 'cut.gz'), cut);
  await writeFile(path.join(folder, 'bad.gz'), Buffer.concat([cut.subarray(0, 20), Buffer.alloc(500, 7)]));
  await writeFile(path.join(folder, 'binary'), Buffer.from([1, 2, 0, 3]));
  await writeFile(path.join(folder, 'packed.zst'), Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1]));
  await writeFile(path.join(folder, 'wide'), Buffer.from('\ufeffa', 'utf16le'));
  await mkdir(path.join(folder, 'directory'));
  await writeFile(path.join(folder, 'logs.tar.gz'), gzipSync(Buffer.alloc(1024)));
  await writeFile(path.join(folder, 'binary.gz'), gzipSync(Buffer.from([1, 0, 2])));
  assert.match(await refusal(path.join(folder, 'logs.tar.gz')), /tar -xzOf/);
  assert.match(await refusal(path.join(folder, 'binary.gz')), /binary file/);
  assert.match(await refusal('/dev/zero'), /is a device/);
  assert.match(await refusal(path.join(folder, 'missing')), /does not exist/);
  assert.match(await refusal(path.join(folder, 'directory')), /is a directory/);
  assert.match(await refusal(path.join(folder, 'cut.gz')), /broken or cut-off gzip/);
  assert.match(await refusal(path.join(folder, 'bad.gz')), /broken or cut-off gzip/);
  assert.match(await refusal(path.join(folder, 'binary')), /binary file/);
  assert.match(await refusal(path.join(folder, 'packed.zst')), /zstdcat/);
  assert.match(await refusal(path.join(folder, 'wide')), /iconv/);
});
