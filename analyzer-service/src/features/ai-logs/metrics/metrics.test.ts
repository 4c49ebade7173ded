import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sampleSuite } from '../../../testing/sample-suite.ts';
import { metricsAnswerSchema } from './schema.ts';

sampleSuite('slow-dependency', ({ ask }) => {
  const measure = async (parameters: string) =>
    metricsAnswerSchema.strict().parse(await ask(`metrics?${parameters}`));
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

  void it('services, levels and steps add up to the totals', async () => {
    const { totals, by_service, by_level, over_time, levels_over_time, step_ms, window } =
      await measure('time_range=15m');
    assert.ok(totals.lines > 1_000 && totals.errors > 0);
    assert.equal(sum(by_service.map(({ lines }) => lines)), totals.lines);
    assert.equal(sum(by_service.map(({ errors }) => errors)), totals.errors);
    assert.equal(sum(Object.values(by_level)), totals.lines);
    assert.equal(sum(over_time.lines), totals.lines);
    assert.equal(sum(over_time.errors), totals.errors);
    const steps = Object.values(levels_over_time);
    const added = over_time.lines.map((_, step) => sum(steps.map((counts) => counts[step] ?? 0)));
    assert.deepEqual(added, over_time.lines);
    assert.equal(over_time.lines.length * step_ms, Date.parse(window.end) - Date.parse(window.start));
    for (const { lines, over_time: own } of by_service) assert.equal(sum(own.lines), lines);
    assert.equal(totals.lines_per_second, Math.round((totals.lines / 900) * 1_000) / 1_000);
  });

  void it('the slow service shows in its quantiles', async () => {
    const now = await measure('time_range=10m&services=database');
    const before = await measure('start=2026-11-20T11:10:00Z&services=database');
    const p50 = ({ by_service }: typeof now) => by_service[0]?.latency?.p50_ms ?? 0;
    assert.ok(p50(now) > 0 && p50(before) > 0);
    const { latency } = now.by_service[0] ?? {};
    assert.ok(latency && (latency.p99_ms ?? 0) >= (latency.p95_ms ?? 0) && (latency.p95_ms ?? 0) >= p50(now));
    const earlier = metricsAnswerSchema.parse(
      await ask('metrics?time_range=10m&services=database&severity=info&search=duration'),
    );
    assert.deepEqual(Object.keys(earlier.by_level), ['info']);
  });

  void it('the same question is answered from the cache', async () => {
    const first = await measure('time_range=5m&services=auth');
    const second = await measure('time_range=5m&services=auth');
    assert.deepEqual([first.cached, second.cached], [false, true]);
    assert.deepEqual(second.by_service, first.by_service);
  });

  void it('an empty selection is an empty answer', async () => {
    const { totals, by_service, summary } = await measure('time_range=5m&search=nothing says this');
    assert.deepEqual([totals.lines, totals.error_share, by_service], [0, 0, []]);
    assert.match(summary, /No lines/);
  });
});
