import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sampleSuite } from '../../../testing/sample-suite.ts';
import { analyzeAnswerSchema } from './schema.ts';

sampleSuite('disk-full', ({ ask, request }) => {
  const analyze = async (parameters: string) =>
    analyzeAnswerSchema.strict().parse(await ask(`analyze?${parameters}`));

  void it('the counts of patterns and their rest are the exact number of lines', async () => {
    const { lines, patterns, patterns_rest, patterns_found, coverage, baseline_lines } =
      await analyze('time_range=15m&limit=10');
    assert.equal(patterns.length, 10);
    assert.ok(patterns_found > 10 && patterns_rest > 0);
    assert.equal(patterns.reduce((sum, { count }) => sum + count, 0) + patterns_rest, lines);
    assert.equal(coverage.lines_counted, lines + baseline_lines);
  });

  void it('each pattern says what stood in its places: quantiles of numbers, the most frequent of the rest', async () => {
    const { patterns } = await analyze('time_range=30m&services=database&limit=50');
    for (const { text, parameters } of patterns)
      for (const { count, distinct, top, numbers } of parameters) {
        assert.ok(distinct >= 1 && count >= 1 && top.length <= 5, text);
        for (const one of top) assert.equal(one.count === null, distinct > 64, text);
        if (numbers) assert.ok(numbers.min <= numbers.p50 && numbers.p50 <= numbers.max, text);
      }
    const duration = patterns.flatMap(({ parameters }) => parameters).find(({ type }) => type === 'duration');
    assert.ok(duration?.numbers && duration.numbers.p50 > 0);
  });

  void it('what is new since the baseline comes first, with when it was first and last seen', async () => {
    const { patterns, anomalies, window } = await analyze('time_range=30m&services=database&limit=50');
    const full = patterns.find(({ text }) => text.includes('No space left on device'));
    assert.equal(full?.change, 'new');
    assert.equal(full.significant, true);
    assert.equal(full.known_pattern?.category, 'infrastructure');
    assert.ok(full.first_seen && full.last_seen);
    assert.ok(full.first_seen > '2026-11-20T11:41' && full.first_seen < '2026-11-20T11:44', full.first_seen);
    assert.ok(full.last_seen > full.first_seen && full.last_seen <= window.end);
    assert.equal(full.example?.service, 'database');
    const firstUsual = patterns.findIndex(({ significant }) => !significant);
    assert.ok(patterns.slice(firstUsual).every(({ significant }) => !significant));
    assert.ok(anomalies.some(({ service }) => service === 'database'));
  });

  void it('a pattern that was read whole has its exact series; its query finds its lines', async () => {
    const { patterns } = await analyze('time_range=15m&services=auth&severity=error');
    const [pattern] = patterns;
    assert.ok(pattern);
    assert.equal(pattern.estimated, false);
    assert.equal(
      pattern.series.reduce((sum, count) => sum + count, 0),
      pattern.count,
    );
    assert.match(pattern.query, /^\{service_name=~"auth"\} \|=/);
  });

  void it('a given baseline is compared in the same measure, and named in the answer', async () => {
    const { baseline, patterns } = await analyze(
      'time_range=10m&services=database&baseline_start=2026-11-20T11:05:00Z&baseline_end=2026-11-20T11:40:00Z',
    );
    assert.deepEqual(baseline, { start: '2026-11-20T11:05:00.000Z', end: '2026-11-20T11:40:00.000Z' });
    const usual = patterns.find(({ text }) => text.includes('SELECT rating'));
    assert.ok(usual && usual.baseline_count > usual.count / 2 && usual.baseline_count < usual.count * 2);
  });

  void it('without a baseline no change is claimed', async () => {
    const { baseline, patterns } = await analyze('time_range=10m&services=auth&baseline=none');
    assert.equal(baseline, null);
    assert.ok(patterns.length > 0 && patterns.every(({ change }) => change === 'unknown'));
  });

  const WRONG: readonly (readonly [string, RegExp])[] = [
    ['baseline_start=2026-11-20T11:05:00Z', /baseline_start and baseline_end together/],
    [
      'baseline_start=2026-11-20T11:05:00Z&baseline_end=2026-11-20T11:50:00Z',
      /baseline overlaps the window.*End it/,
    ],
    [
      'baseline_start=2026-11-20T11:05:00Z&baseline_end=2026-11-20T11:00:00Z',
      /baseline_start must be before baseline_end/,
    ],
    ['baseline_start=then&baseline_end=now', /baseline_start is not a time/],
  ];
  for (const [parameters, message] of WRONG)
    void it(`refuses ${parameters}`, async () => {
      const response = await request(`analyze?time_range=30m&${parameters}`);
      assert.equal(response.status, 400);
      assert.match(await response.text(), message);
    });
});
