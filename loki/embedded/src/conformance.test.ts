import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { sharedData } from './testing/shared-data.ts';
import { startTestLoki } from './testing/test-loki.ts';

const recordings = sharedData('loki-conformance');

void test('answers every recorded request as Loki 3.4.6 did', { skip: recordings.skip }, async (t) => {
  const loki = await startTestLoki(t);
  const checker = spawn(process.execPath, [path.join(recordings.path, 'check.mjs'), loki.url, '--push']);
  let output = '';
  checker.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  checker.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(checker, 'close')) as [number];
  assert.equal(code, 0, output);
  assert.match(output, /^[1-9]\d* passed, 0 failed$/m);
});
