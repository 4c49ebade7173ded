import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Level, LogLine } from '../log-line.ts';
import { requestCourse } from './request-course.ts';

function line(timeMs: number, service: string, text: string, level: Level = 'info'): LogLine {
  return { timestampNs: `${timeMs}000000`, timeMs, service, level, text, fields: {}, weight: 1 };
}

void test('a caller that only logs its end begins where its stated duration says', () => {
  const { spans, durationMs, bottleneck } = requestCourse([
    line(1_010, 'api', 'received'),
    line(1_090, 'api', 'done'),
    line(1_100, 'gateway', '"GET / HTTP/1.1" 200 12 rt=0.100'),
  ]);
  assert.deepEqual(
    spans.map(({ service, parent }) => [service, parent]),
    [
      ['gateway', -1],
      ['api', 0],
    ],
  );
  assert.ok(Math.abs(durationMs - 100) <= 1);
  assert.equal(bottleneck?.service, 'api');
});

void test('a callee that never answered is where the request broke, and has the time that was waited', () => {
  const { brokeAt, bottleneck } = requestCourse([
    line(0, 'api', 'received'),
    line(10, 'payments', 'payment requested'),
    line(2_010, 'api', 'call to payments timed out', 'error'),
    line(2_011, 'gateway', '"POST / HTTP/1.1" 504 12 rt=2.012', 'error'),
  ]);
  assert.deepEqual([brokeAt?.service, brokeAt?.how], ['payments', 'silence']);
  assert.deepEqual(brokeAt?.followers, ['api', 'gateway']);
  assert.equal(bottleneck?.service, 'payments');
});

void test('of errors of one instant the deepest service wrote first', () => {
  const { brokeAt } = requestCourse([
    line(0, 'api', 'received'),
    line(5, 'database', 'opened'),
    line(20, 'database', 'no space left', 'error'),
    line(20.5, 'api', 'failed', 'error'),
  ]);
  assert.deepEqual([brokeAt?.service, brokeAt?.how], ['database', 'error']);
});

void test('what nobody waited for is asynchronous and takes no part in the duration', () => {
  const { spans, durationMs } = requestCourse([
    line(0, 'api', 'received'),
    line(50, 'api', 'done'),
    line(300, 'worker', 'job started'),
    line(900, 'worker', 'job done'),
  ]);
  assert.equal(spans[1]?.asynchronous, true);
  assert.equal(durationMs, 50);
});

void test('twenty thousand spans with one id cost bounded work', () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => ({
    ...line(index, 'api', 'x'),
    fields: { span_id: `${index}` },
  }));
  assert.equal(requestCourse(lines).spans.length, 20_000);
});

void test('no lines are no request', () => {
  assert.throws(() => requestCourse([]), RangeError);
});
