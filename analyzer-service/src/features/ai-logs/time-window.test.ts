import assert from 'node:assert/strict';
import { test } from 'node:test';
import { querySchema } from './schema.ts';
import { stepOf, timeWindow } from './time-window.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12, 0, 0, 250);
const at = (parameters: Record<string, string>) => timeWindow(querySchema.parse(parameters), NOW_MS, 200);

void test('the window ends now, in whole seconds, and the baseline is the time before it', () => {
  const { window, baseline } = at({ time_range: '15m' });
  assert.deepEqual(window, {
    startMs: Date.UTC(2026, 10, 20, 11, 45, 1),
    endMs: Date.UTC(2026, 10, 20, 12, 0, 1),
  });
  assert.deepEqual(baseline, { startMs: Date.UTC(2026, 10, 20, 11, 30, 1), endMs: window.startMs });
  assert.equal(stepOf(window), 15_000);
});

for (const text of [
  '2026-11-20T10:00:00Z',
  '1795168800',
  '1795168800000',
  '1795168800000000',
  '1795168800000000000',
]) {
  void test(`reads ${text} as a time`, () => {
    assert.equal(at({ start: text }).window.startMs, Date.UTC(2026, 10, 20, 10));
  });
}

void test('the step divides a window of any whole number of seconds', () => {
  for (let seconds = 1; seconds < 500; seconds++) {
    const { window } = at({ time_range: `${seconds}s` });
    const stepMs = stepOf(window);
    assert.ok(Number.isInteger(stepMs));
    assert.equal((window.endMs - window.startMs) % stepMs, 0);
  }
});

void test('the baseline can be yesterday, last week or nothing', () => {
  const day = 24 * 3_600_000;
  const window = at({ time_range: '1h' }).window;
  assert.equal(at({ time_range: '1h', baseline: 'yesterday' }).baseline?.startMs, window.startMs - day);
  assert.equal(at({ time_range: '1h', baseline: 'last_week' }).baseline?.endMs, window.endMs - 7 * day);
  assert.equal(at({ time_range: '1h', baseline: 'none' }).baseline, null);
});
