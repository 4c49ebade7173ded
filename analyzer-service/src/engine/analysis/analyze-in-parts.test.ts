import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { toJson } from './analysis-report.ts';
import { analyzeLogs } from './analyze-logs.ts';
import { cutIntoParts, type LogPart } from './cut-into-parts.ts';
import type { LogInput } from './log-input.ts';

const LEVELS = ['INFO', 'INFO', 'INFO', 'WARN', 'ERROR'];

/** A log of several services with requests, measured values, stack traces, blank lines and lines without a time. */
function logOf(name: string, lines: number): string {
  return Array.from({ length: lines }, (_, index) => {
    const time = new Date(Date.UTC(2026, 0, 1) + index * 730).toISOString();
    const level = LEVELS[(index * 7) % LEVELS.length]!;
    const head = `${time} ${level} service=${name}${index % 3} request_id=r${index % 97}`;
    if (index % 41 === 0)
      return `${head} failed in ${index % 900} ms\n  at work (app.js:${index % 50})\n  at main`;
    if (index % 53 === 0) return '';
    if (index % 67 === 0) return 'a line that says nothing of its time';
    return `${head} step ${index % 11} of ${name} took ${(index * 13) % 700} ms, attempt=${index % 4}`;
  }).join('\n');
}

function inputOf(name: string, text: string): LogInput {
  const bytes = Buffer.from(text);
  return {
    name,
    sizeBytes: bytes.length,
    modifiedMs: Date.UTC(2026, 0, 2),
    async *sample() {
      await nextTurn();
      yield text.split('\n');
    },
    read: () => chunksOf(bytes, 4096),
  };
}

async function* chunksOf(bytes: Buffer, chunkBytes: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    await nextTurn();
    yield bytes.subarray(start, start + chunkBytes);
  }
}

function analyze(logs: readonly LogInput[], threads: number, partBytes: number) {
  return analyzeLogs(logs, {
    sinceMs: null,
    threads,
    partBytes,
    onProgress: () => {},
    breathe: () => Promise.resolve(),
  });
}

void test('a log read in parts on threads gives the same answer as one read whole', async () => {
  const logs = [inputOf('shop.log', logOf('shop', 6_000)), inputOf('bank.log', logOf('bank', 2_500))];
  const whole = toJson(await analyze(logs, 1, 1e9));
  for (const threads of [1, 3])
    assert.deepEqual(toJson(await analyze(logs, threads, 60_000)), whole, `${threads} threads`);
});

void test('a log without any time is read in parts too, and its lines add up', async () => {
  const text = Array.from({ length: 9_000 }, (_, index) => `worker ${index % 7} is done`).join('\n');
  const { files, result } = await analyze([inputOf('plain.log', text)], 2, 30_000);
  assert.equal(files[0]?.lines, 9_000);
  assert.equal(
    result.templates.reduce((sum, { windowCount }) => sum + windowCount, 0) + result.restLines,
    9_000,
  );
});

void test('when a thread cannot read, the analysis fails instead of answering less', async () => {
  const broken: LogInput = {
    ...inputOf('broken.log', logOf('broken', 3_000)),
    async *read() {
      yield Buffer.from(logOf('broken', 1_000));
      await nextTurn();
      throw new Error('the disk is gone');
    },
  };
  await assert.rejects(analyze([broken], 2, 10_000), /the disk is gone/);
});

void test('parts hold every byte once, begin with a time and know their first line', async () => {
  const line = fc.oneof(
    fc.nat(999).map((number) => `t${number} begins`),
    fc.string({ maxLength: 40 }).map((text) => ` ${text.replaceAll('\n', ' ')}`),
    fc.constant(''),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 200 }),
      fc.integer({ min: 1, max: 300 }),
      async (lines, size) => {
        const bytes = Buffer.from(lines.join('\n'));
        const parts = await partsOf(bytes, size);
        assert.equal(Buffer.concat(parts.map((part) => part.bytes)).toString(), bytes.toString());
        let firstLineNumber = 1;
        for (const part of parts) {
          assert.equal(part.firstLineNumber, firstLineNumber);
          firstLineNumber += Buffer.from(part.bytes).toString().split('\n').length - 1;
        }
        const torn = parts.slice(1).filter((part) => !/^t\d/.test(Buffer.from(part.bytes).toString()));
        if (lines.every((text) => text.startsWith('t'))) assert.deepEqual(torn, []);
      },
    ),
    { numRuns: 60 },
  );
});

void test('a line longer than any line of a log costs no more memory than the longest', async () => {
  const long = Buffer.alloc(5_000_000, 'x');
  const parts = await partsOf(Buffer.concat([Buffer.from('t1 a\n'), long, Buffer.from('\nt2 b\n')]), 10_000);
  const bytes = parts.reduce((sum, part) => sum + part.bytes.length, 0);
  assert.ok(bytes < 70_000, `${bytes} bytes are kept`);
});

async function partsOf(bytes: Buffer, partBytes: number): Promise<LogPart[]> {
  const instantOf = (text: string) => (text.startsWith('t') ? { seconds: 1, nanos: 0 } : null);
  const options = { partBytes, firstInstant: { seconds: 0, nanos: 0 }, instantOf };
  const parts: LogPart[] = [];
  for await (const part of cutIntoParts(chunksOf(bytes, 97), options)) parts.push(part);
  return parts;
}
