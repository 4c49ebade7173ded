import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileLibrary, KNOWN_PATTERNS } from './library.ts';

const library = compileLibrary();

void test('there are at least 40 patterns, each with its own id, and every category has some', () => {
  assert.ok(KNOWN_PATTERNS.length >= 40);
  assert.equal(new Set(KNOWN_PATTERNS.map((pattern) => pattern.id)).size, KNOWN_PATTERNS.length);
  const categories = new Set(KNOWN_PATTERNS.map((pattern) => pattern.category));
  assert.deepEqual([...categories].toSorted(), [
    'ai',
    'connectivity',
    'data',
    'infrastructure',
    'performance',
    'security',
  ]);
});

void test('each pattern says what it means, why it happens and what to do', () => {
  for (const pattern of KNOWN_PATTERNS) {
    assert.match(pattern.meaning, /^[A-Z].{20,200}\.$/s, pattern.id);
    assert.ok(pattern.causes.length > 0 && pattern.nextSteps.length > 0, pattern.id);
  }
});

void test('lines that say that nothing is wrong match nothing', () => {
  const harmless = [
    '0 errors',
    'level=info msg="job finished" failed=0 errors=0 duration=12ms',
    '{"event": "signing key checked", "error": null, "level": "info"}',
    'no errors found',
    'error=null',
    'error=""',
    'level=info msg="probe" error=none timeout=0',
    'timed out=0',
    '{"deadlock detected":0,"connection refused":"0","out of memory":false}',
    'checks: disk full: no, out of memory: no',
    'completed without deadline exceeded',
    'never out of memory',
    '10.0.1.1 - - [21/Nov/2026:02:30:00 +0000] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.33" rt=0.000 urt=-',
    '',
    '\n\n',
  ];
  for (const line of harmless) assert.equal(library.match(line), null, line);
});

void test('a number that only ends in zero denies nothing', () => {
  assert.equal(library.match('after 10 connection refused, giving up')?.id, 'connection-refused');
  assert.equal(library.match('oomkilled=01')?.id, 'out-of-memory');
  assert.equal(
    library.match('curl: (28) Operation timed out after 5000 milliseconds with 0 bytes received')?.id,
    'deadline-exceeded',
  );
});

void test('one denied mention does not hide a real one', () => {
  assert.equal(
    library.match('retries: 0 connection refused so far; connect: connection refused')?.id,
    'connection-refused',
  );
});

void test('of two patterns on one line the graver one is named', () => {
  const line = 'HikariPool-1 - Connection is not available, request timed out after 3000ms';
  assert.equal(library.match(line)?.id, 'connection-pool-exhausted');
  assert.equal(library.match('login failed: connect ECONNREFUSED 10.0.0.1:5432')?.id, 'connection-refused');
});

void test('the cause at the end of a stack trace is found, and a regex does not reach over the end of a line', () => {
  const trace =
    'Payment failed\n\tat shop.pay(Pay.java:1)\nCaused by: java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 3000ms';
  assert.equal(library.match(trace)?.id, 'connection-pool-exhausted');
  assert.equal(library.match('model call finished\nread timed out')?.id, 'deadline-exceeded');
});

void test('words are whole words, in upper and lower case', () => {
  assert.equal(library.match('xenospc'), null);
  assert.equal(library.match('ENOSPC_COUNT'), null);
  assert.equal(library.match('eNoSpC')?.id, 'disk-full');
});

void test('what a reader gets has no search words in it', () => {
  const keys = Object.keys(library.match('ENOSPC') ?? {}).toSorted();
  assert.deepEqual(keys, ['category', 'causes', 'id', 'meaning', 'nextSteps', 'severity']);
});
