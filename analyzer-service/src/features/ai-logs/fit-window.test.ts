import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sampleSuite } from '../../testing/sample-suite.ts';
import type { AnalyzeAnswer } from './analyze/schema.ts';
import type { AiLogsAnswer } from './schema.ts';

/** Less than half an hour of the sample holds. */
const SETTINGS = { LOKI_BYTES_PER_ANSWER_MAX: '1000000' };

sampleSuite(
  'disk-full',
  ({ ask, request }) => {
    void it('refuses a window that is too large, with what to narrow', async () => {
      const response = await request('query?time_range=30m');
      assert.equal(response.status, 400);
      assert.match(
        await response.text(),
        /query_too_large.*Either narrow to one of its services.*about \d+ min.*With too_large=newest/,
      );
    });

    void it('answers its newest part when asked so, says which and what to do, and keeps no such answer', async () => {
      const analyze = async () => (await ask('analyze?time_range=30m&too_large=newest')) as AnalyzeAnswer;
      const { window, baseline, warnings, lines, patterns, patterns_rest } = await analyze();
      assert.equal(window.end, '2026-11-20T12:00:00.000Z');
      assert.ok(window.start > '2026-11-20T11:45:00' && window.start < '2026-11-20T12:00:00');
      assert.equal(baseline?.end, window.start, 'the baseline is that of the part');
      assert.match(
        warnings[0] ?? '',
        /^Only the newest \d+ of 30 minutes were answered, from 2026-.*Either narrow to one of its services/,
      );
      assert.equal(patterns.reduce((sum, { count }) => sum + count, 0) + patterns_rest, lines);
      assert.equal((await analyze()).cached, false);
    });

    void it('answers the whole where it fits', async () => {
      const answer = (await ask('query?time_range=1m&services=auth&too_large=newest')) as AiLogsAnswer;
      assert.equal(answer.window.start, '2026-11-20T11:59:00.000Z');
      assert.deepEqual(answer.warnings, []);
    });

    void it('refuses what is too large even so', async () => {
      const given = 'baseline_start=2026-11-20T11:00:00Z&baseline_end=2026-11-20T11:30:00Z';
      const response = await request(`query?time_range=5m&too_large=newest&${given}`);
      assert.equal(response.status, 400);
      assert.match(await response.text(), /query_too_large/);
    });
  },
  SETTINGS,
);
