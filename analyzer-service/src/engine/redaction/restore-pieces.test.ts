import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redactor } from './redactor.ts';
import { restorePieces } from './restore-pieces.ts';

function restored(pieces: readonly string[]): readonly string[] {
  const redactor = new Redactor();
  assert.equal(redactor.redact('from 10.1.2.3'), 'from [IP_1]');
  const told: string[] = [];
  const restore = restorePieces(redactor, (piece) => told.push(piece));
  for (const piece of pieces) restore.add(piece);
  restore.end();
  return told;
}

void test('a placeholder is put back wherever it is cut, and the rest comes as it is', () => {
  const text = 'ask [IP_1] or [not] this, then [IP_1]';
  for (let size = 1; size <= text.length; size++) {
    const pieces = text.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
    assert.equal(restored(pieces).join(''), 'ask 10.1.2.3 or [not] this, then 10.1.2.3');
  }
});

void test('text without placeholders is told at once; an open bracket holds back little, and is told in the end', () => {
  assert.deepEqual(restored(['a', 'b']), ['a', 'b']);
  assert.deepEqual(restored(['a [', 'b']), ['a ', '[b']);
  assert.deepEqual(restored(['[', 'x'.repeat(50), 'y']), ['[' + 'x'.repeat(50), 'y']);
});
