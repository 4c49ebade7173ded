import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redactor } from './redactor.ts';
import { lookAlikes, secretLines } from './testing/corpus.ts';

void test('at least 99 % of the lines with secrets lose them, and each line comes back whole', () => {
  const lines = secretLines();
  assert.ok(lines.length >= 200, `${lines.length} lines`);
  const missed = lines.filter(({ line, secret }) => {
    const redactor = new Redactor();
    const redacted = redactor.redact(line);
    assert.equal(redactor.restore(redacted), line);
    return redacted.includes(secret);
  });
  const caught = 1 - missed.length / lines.length;
  assert.ok(caught >= 0.99, `${caught}, missed:\n${missed.map(({ line }) => line).join('\n')}`);
});

void test('at most 2 % of the lines that only look like it are changed', () => {
  const lines = lookAlikes();
  assert.ok(lines.length >= 200, `${lines.length} lines`);
  const alarms = lines
    .map((line) => [line, new Redactor().redact(line)] as const)
    .filter(([line, redacted]) => line !== redacted);
  const share = alarms.length / lines.length;
  assert.ok(share <= 0.02, `${share}:\n${alarms.map((pair) => pair.join(' -> ')).join('\n')}`);
});

void test('the same secret has one placeholder in the whole prompt, and each kind is counted once', () => {
  const redactor = new Redactor();
  const first = redactor.redact('10.1.2.3 called 10.1.2.4');
  assert.equal(first, '[IP_1] called [IP_2]');
  assert.equal(redactor.redact('again 10.1.2.4, mail to a.b@example.com'), 'again [IP_2], mail to [EMAIL_1]');
  assert.deepEqual(redactor.counts, { ip: 2, email: 1 });
  assert.equal(
    redactor.restore('[IP_2] is down, ask [EMAIL_1], not [IP_9]'),
    '10.1.2.4 is down, ask a.b@example.com, not [IP_9]',
  );
});

void test('a line cannot pose as a placeholder', () => {
  const redactor = new Redactor();
  const line = 'from 10.1.2.3: [IP_1] did it';
  const redacted = redactor.redact(line);
  assert.equal(redacted, 'from [IP_1]: [TEXT_1] did it');
  assert.equal(redactor.restore(redacted), line);
});

void test('a secret inside another one comes back with it', () => {
  const redactor = new Redactor();
  const line = `cookie: sid=${['eyJhbGciOi', 'eyJzdWIiOi', 'x_y-z12345'].join('.')}; token=ab(10.2.3.4)cd1`;
  assert.equal(redactor.restore(redactor.redact(line)), line);
});

void test('names of the user are hidden as whole words, whatever their case or characters', () => {
  const redactor = new Redactor(['Acme Corp', 'jörg', 'a.b(c)', 'x']);
  assert.equal(
    redactor.redact('ACME corp wrote to Jörg about a.b(c), acmecorp did not'),
    '[NAME_1] wrote to [NAME_2] about [NAME_3], acmecorp did not',
  );
  assert.deepEqual(redactor.counts, { name: 3 });
});

void test('hostile lines cost time in proportion to their length', () => {
  const hostile = [
    'password='.repeat(20_000),
    '-----BEGIN PRIVATE KEY-----'.repeat(5_000),
    'a@'.repeat(50_000),
    'a'.repeat(100_000) + '@',
    '1:'.repeat(50_000),
    '4'.repeat(100_000),
    '4111 '.repeat(20_000),
    'eyJ'.repeat(30_000),
    'eyJaaaaaa.'.repeat(10_000),
    'sk-'.repeat(30_000),
    'http://a:'.repeat(10_000) + '@',
    'token = '.repeat(10_000),
    'password \\"'.repeat(10_000),
    `bearer ${'a'.repeat(90_000)}`,
    '1.'.repeat(50_000),
    ':::'.repeat(30_000),
    '[IP_1]'.repeat(15_000),
  ];
  for (const line of hostile) {
    const startMs = performance.now();
    new Redactor(['name']).redact(line);
    const tookMs = performance.now() - startMs;
    assert.ok(tookMs < 1_500, `${line.slice(0, 20)}: ${tookMs} ms for ${line.length} characters`);
  }
});
