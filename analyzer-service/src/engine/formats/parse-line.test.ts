import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectFormat } from './detect-format.ts';
import { parseLine } from './parse-line.ts';
import { toTimeMs } from './timestamp.ts';
import { assertCases, REFERENCE_MS } from './testing/assert-cases.ts';

void test('JSON lines are read by the usual key names', () => {
  assertCases([
    [
      '{"level":50,"time":1700000000123,"pid":1,"name":"api","msg":"boom"}',
      '2023-11-14T22:13:20.123Z',
      'error',
      'api',
      'boom',
    ],
    [
      '{"ts":"2024-05-01T10:00:00.5Z","severity":"WARNING","service":"db","message":"slow"}',
      '2024-05-01T10:00:00.500Z',
      'warn',
      'db',
      'slow',
    ],
    [
      '{"@timestamp":"2024-05-01T10:00:00Z","log.level":"x","lvl":"dbg","app":"a","msg":"m"}',
      '2024-05-01T10:00:00.000Z',
      'debug',
      'a',
      'm',
    ],
    [
      '{"log":"level=error msg=\\"inner\\"\\n","stream":"stderr","time":"2024-05-01T10:00:00Z"}',
      '2024-05-01T10:00:00.000Z',
      'error',
      '',
      'inner',
    ],
    ['{"ts":1714557600.25,"msg":"m"}', '2024-05-01T10:00:00.250Z', 'unknown', '', 'm'],
    [
      '{"__REALTIME_TIMESTAMP":"1714557600250000","PRIORITY":"3","SYSLOG_IDENTIFIER":"sshd","MESSAGE":"m"}',
      '2024-05-01T10:00:00.250Z',
      'error',
      'sshd',
      'm',
    ],
    [
      '{"time":"12ms","timestamp":"2024-05-01T10:00:00Z","msg":"m"}',
      '2024-05-01T10:00:00.000Z',
      'unknown',
      '',
      'm',
    ],
    ['{"broken":', null, 'unknown', '', '{"broken":'],
  ]);
});

void test('logfmt, access logs, klog and syslog are told apart', () => {
  assertCases([
    [
      'ts=2024-05-01T10:00:00Z level=warn msg="slow \\"q\\"" service=db',
      '2024-05-01T10:00:00.000Z',
      'warn',
      'db',
      'slow "q"',
    ],
    [
      '192.0.2.1 - bob [03/Jun/2005:10:00:00 +0200] "GET /a?b=1 HTTP/1.1" 503 123 "-" "curl/8" 0.5',
      '2005-06-03T08:00:00.000Z',
      'error',
      '',
      'GET a status=503',
    ],
    [
      '192.0.2.1 - - [03/Jun/2005:10:00:00 +0000] "POST /b HTTP/1.1" 404 -',
      '2005-06-03T10:00:00.000Z',
      'warn',
      '',
      'POST b status=404',
    ],
    [
      'E0501 10:00:00.123456    1234 server.go:42] listening',
      '2026-05-01T10:00:00.123Z',
      'error',
      'server.go',
      'listening',
    ],
    [
      '<11>1 2024-05-01T10:00:00.003Z host su - ID47 [ex@1 a="b]c"] failed',
      '2024-05-01T10:00:00.003Z',
      'error',
      'su',
      'failed',
    ],
    ['<13>May  1 10:00:00 host app[12]: hello', '2026-05-01T10:00:00.000Z', 'info', 'app', 'hello'],
    [
      'Dec 10 06:55:46 LabSZ sshd[24200]: Invalid user x',
      '2025-12-10T06:55:46.000Z',
      'unknown',
      'sshd',
      'Invalid user x',
    ],
    [
      '2024-05-01T10:00:00.123456+02:00 host kernel: oops',
      '2024-05-01T08:00:00.123Z',
      'unknown',
      'kernel',
      'oops',
    ],
    [
      'Jun 14 15:16:01 combo sshd(pam_unix)[19939]: check pass',
      '2026-06-14T15:16:01.000Z',
      'unknown',
      'sshd',
      'check pass',
    ],
  ]);
});

void test('what a container runtime puts before a line is taken off', () => {
  assertCases([
    [
      '2024-05-01T10:00:00.5Z stderr F {"level":"error","msg":"inner"}',
      '2024-05-01T10:00:00.500Z',
      'error',
      '',
      'inner',
    ],
    ['api-1  | 2024-05-01T10:00:00Z ERROR boom', '2024-05-01T10:00:00.000Z', 'error', 'api-1', 'boom'],
  ]);
});

void test('named values become fields, access logs a duration in milliseconds', () => {
  const json = parseLine('{"msg":"m","trace_id":"t1","http":{"status":500}}', detectFormat([], REFERENCE_MS));
  assert.deepEqual(json.fields, { trace_id: 't1', http_status: '500' });
  const access = '192.0.2.1 - - [03/Jun/2005:10:00:00 +0000] "GET /a HTTP/1.1" 200 12 "-" "x" 0.0125';
  assert.equal(parseLine(access, detectFormat([access], REFERENCE_MS)).fields.duration_ms, '12.5');
});

void test('the days of a file are read day first when one of them can only be a day', () => {
  const lines = ['03/04/2024 10:00:00 a', '13/04/2024 10:00:00 b'];
  const line = parseLine(lines[0] ?? '', detectFormat(lines, REFERENCE_MS));
  assert.equal(new Date(line.instant ? toTimeMs(line.instant) : 0).toISOString(), '2024-04-03T10:00:00.000Z');
});

void test('hostile lines are read without an error', () => {
  const format = detectFormat([], REFERENCE_MS);
  const repeated = [
    '[',
    '{"a":',
    'a=',
    '"',
    '\\',
    '- ',
    '1',
    ': ',
    'A',
    'a.',
    '<1>1 ',
    '(',
    '[a@1',
    '%',
    'Jan ',
    ' ',
    '\u0000',
    '\ud800',
    '{"a":{"b":[{',
    'a ',
    'a" "',
    'a="',
  ];
  for (const piece of repeated) {
    for (const start of [
      '',
      '{',
      '<13>1 ',
      '2024-01-02 10:00:00 ',
      'a=1 level=',
      'x - - [03/Jun/2005:10:00:00 +0000] "',
    ]) {
      const line = parseLine(start + piece.repeat(65_536 / piece.length), format);
      assert.equal(typeof line.message, 'string');
    }
  }
});
