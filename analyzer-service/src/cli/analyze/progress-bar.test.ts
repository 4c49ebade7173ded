import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProgressBar } from './progress-bar.ts';

function draw(isTTY: boolean): string {
  let written = '';
  const stream = {
    isTTY,
    write: (text: string) => (written += text).length > 0,
  } as unknown as NodeJS.WriteStream;
  const bar = new ProgressBar(stream);
  bar.show(0.5);
  bar.clear();
  return written;
}

void test('the bar shows the share that is done and is wiped away in the end', () => {
  const written = draw(true);
  assert.match(written, /^\rReading █{15}░{15}  50 %/);
  assert.ok(written.endsWith('\r\u001b[K'));
});

void test('outside a terminal there is no bar', () => {
  assert.equal(draw(false), '');
});
