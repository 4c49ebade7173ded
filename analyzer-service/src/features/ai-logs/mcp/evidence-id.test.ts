import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceId, isLineOf, readEvidenceId } from './evidence-id.ts';

const LINE = { service: 'shop/ö api', timestampNs: '1795168800151000001', text: 'Connection refused' };

void test('an id is short, has no blanks, and is read back to the nanosecond', () => {
  const id = evidenceId(LINE);
  assert.match(id, /^e:\w{12}:[0-9a-f]{6}:shop%2F%C3%B6%20api$/);
  const read = readEvidenceId(id);
  assert.ok(read);
  assert.deepEqual([read.service, read.timestampNs], [LINE.service, LINE.timestampNs]);
  assert.ok(isLineOf(read, LINE));
  assert.ok(!isLineOf(read, { ...LINE, text: 'Connection reset' }), 'another line of that instant');
});

for (const text of [
  '',
  'e:',
  'e:abc:12345:api',
  'e:abc:12345g:api',
  'E:1:000000:x',
  'e:1:000000:%',
  'x'.repeat(1e6),
])
  void test(`'${text.slice(0, 20)}' is no id`, () => {
    assert.equal(readEvidenceId(text), null);
  });
