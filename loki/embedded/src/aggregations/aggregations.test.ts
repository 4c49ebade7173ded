import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testSamples } from '../testing/line-cases.ts';
import { startTestLoki, testTime } from '../testing/test-loki.ts';

/** Values 1, 2, 4 and 9 of `a`, 10 and 30 of `b`, in the hour before the instant of the queries. */
const STREAMS = [
  [
    { app: 'a', zone: 'x' },
    [
      [60, 'v=1 took=1s size=1KB'],
      [120, 'v=2 took=2s size=2KB'],
      [180, 'v=4 took=3s size=3KB'],
      [3540, 'v=9 took=500ms size=4KB'],
    ],
  ],
  [
    { app: 'b', zone: 'x' },
    [
      [600, 'v=10'],
      [1200, 'v=30'],
    ],
  ],
  [{ app: 'b', zone: 'y' }, [[3000, 'v=oops']]],
] as const;

const V = '| logfmt | unwrap v | __error__="" [1h]';

testSamples('range aggregations make one number of a window', STREAMS, [
  ['sum by (app) (count_over_time({zone=~".+"}[1h]))', { 'app=a': '4', 'app=b': '3' }],
  ['sum by (app) (count_over_time({app="a"}[5m]))', { 'app=a': '1' }],
  ['sum by (app) (rate({app="a"}[1h])) * 3600', { 'app=a': '4' }],
  ['sum by (app) (bytes_over_time({app="b"}[1h]))', { 'app=b': '14' }],
  ['sum by (app) (bytes_rate({app="b", zone="x"}[1h])) * 3600', { 'app=b': '8' }],
  ['sum by (app) (sum_over_time({app="a"} | logfmt | unwrap v [1h]))', { 'app=a': '16' }],
  [`avg_over_time({app="a"} ${V}) by (app)`, { 'app=a': '4' }],
  [`min_over_time({app="a"} ${V}) by (app)`, { 'app=a': '1' }],
  [`max_over_time({zone="x"} ${V}) by (app)`, { 'app=a': '9', 'app=b': '30' }],
  [`stdvar_over_time({app="b"} ${V}) by (app)`, { 'app=b': '100' }],
  [`stddev_over_time({app="b"} ${V}) by (app)`, { 'app=b': '10' }],
  [`quantile_over_time(0.5, {app="a"} ${V}) by (app)`, { 'app=a': '3' }],
  [`quantile_over_time(0.25, {app="a"} ${V}) by (app)`, { 'app=a': '1.75' }],
  [`first_over_time({app="a"} ${V}) by (app)`, { 'app=a': '1' }],
  [`last_over_time({app="a"} ${V}) by (app)`, { 'app=a': '9' }],
  [`sum by (app) (rate({app="a"} ${V}))`, { 'app=a': '0.0044444444444444444' }],
  ['sum(rate_counter({app="a"} | logfmt v | unwrap v [1h])) * 3600', { '': '8' }],
  [`absent_over_time({app="nope", zone=~"x"}[1h])`, { 'app=nope': '1' }],
  ['absent_over_time({app="a"}[1h])', {}],
  ['sum(sum_over_time({app="a"} | logfmt | unwrap duration(took) [1h]))', { '': '6.5' }],
  ['sum(sum_over_time({app="a"} | logfmt | unwrap duration_seconds(took) [1h]))', { '': '6.5' }],
  ['sum(sum_over_time({app="a"} | logfmt | unwrap bytes(size) [1h]))', { '': '10000' }],
  [
    'count_over_time({app="a"}[1h] offset 30m)',
    { 'app=a,detected_level=unknown,service_name=a,zone=x': '3' },
  ],
  ['sum(count_over_time({app="a"}[1h] offset -1h))', {}],
  [`max_over_time({app="b", zone="y"} ${V}) by (zone) or vector(5)`, { '': '5' }],
]);

testSamples('without a grouping the unwrapped label is no label of the result', STREAMS, [
  [
    'max_over_time({app="b", zone="x"} | logfmt | unwrap v [1h])',
    { 'app=b,detected_level=unknown,service_name=b,zone=x': '30' },
  ],
  [
    'max_over_time({app="b", zone="x"} | logfmt | unwrap v [1h]) without (zone)',
    { 'app=b,detected_level=unknown,service_name=b': '30' },
  ],
]);

const COUNTS = 'sum by (app, zone) (count_over_time({zone=~".+"}[1h]))';

testSamples('vector aggregations make one series of several', STREAMS, [
  [`sum(${COUNTS})`, { '': '7' }],
  [`sum by (app) (${COUNTS})`, { 'app=a': '4', 'app=b': '3' }],
  [`sum without (app) (${COUNTS})`, { 'zone=x': '6', 'zone=y': '1' }],
  [`avg by (app) (${COUNTS})`, { 'app=a': '4', 'app=b': '1.5' }],
  [`min(${COUNTS})`, { '': '1' }],
  [`max(${COUNTS})`, { '': '4' }],
  [`count(${COUNTS})`, { '': '3' }],
  [`count by (app) (${COUNTS})`, { 'app=a': '1', 'app=b': '2' }],
  [`stddev by (app) (${COUNTS})`, { 'app=a': '0', 'app=b': '0.5' }],
  [`stdvar by (app) (${COUNTS})`, { 'app=a': '0', 'app=b': '0.25' }],
  [`topk(1, ${COUNTS})`, { 'app=a,zone=x': '4' }],
  [`bottomk(1, ${COUNTS})`, { 'app=b,zone=y': '1' }],
  [`topk by (app) (1, ${COUNTS})`, { 'app=a,zone=x': '4', 'app=b,zone=x': '2' }],
  [`approx_topk(1, ${COUNTS})`, { 'app=a,zone=x': '4' }],
  [`sum by () (${COUNTS})`, { '': '7' }],
  [`sum by (nope) (${COUNTS})`, { '': '7' }],
]);

testSamples('binary operators work on numbers and on series with equal labels', STREAMS, [
  ['1 + 2 * 3 ^ 2', { scalar: '19' }],
  ['2 ^ 3 ^ 2', { scalar: '512' }],
  ['(1 + 2) * 3', { scalar: '9' }],
  ['7 % 4 - 10 / 4', { scalar: '0.5' }],
  ['1 > bool 2', { scalar: '0' }],
  ['1 == 1', { scalar: '1' }],
  [`${COUNTS} > 1`, { 'app=a,zone=x': '4', 'app=b,zone=x': '2' }],
  [`2 <= ${COUNTS}`, { 'app=a,zone=x': '4', 'app=b,zone=x': '2' }],
  [`${COUNTS} > bool 1`, { 'app=a,zone=x': '1', 'app=b,zone=x': '1', 'app=b,zone=y': '0' }],
  [`${COUNTS} * 10 + 1`, { 'app=a,zone=x': '41', 'app=b,zone=x': '21', 'app=b,zone=y': '11' }],
  [`${COUNTS} / ${COUNTS}`, { 'app=a,zone=x': '1', 'app=b,zone=x': '1', 'app=b,zone=y': '1' }],
  [
    `${COUNTS} / on(app) group_left sum by (app) (${COUNTS})`,
    { 'app=a,zone=x': '1', 'app=b,zone=x': '0.6666666666666666', 'app=b,zone=y': '0.3333333333333333' },
  ],
  [
    `sum by (app) (${COUNTS}) - on(app) group_right ${COUNTS}`,
    { 'app=a,zone=x': '0', 'app=b,zone=x': '1', 'app=b,zone=y': '2' },
  ],
  [`sum by (zone) (${COUNTS}) + ignoring(app) sum by (zone) (${COUNTS})`, { 'zone=x': '12', 'zone=y': '2' }],
  [`${COUNTS} and on(app) sum by (app) (count_over_time({app="a"}[1h]))`, { 'app=a,zone=x': '4' }],
  [
    `${COUNTS} unless on(app) sum by (app) (count_over_time({app="a"}[1h]))`,
    { 'app=b,zone=x': '2', 'app=b,zone=y': '1' },
  ],
  [
    `sum by (app) (count_over_time({app="a"}[1h])) or sum by (app) (${COUNTS})`,
    { 'app=a': '4', 'app=b': '3' },
  ],
  ['vector(3) + vector(4)', { '': '7' }],
  [
    `label_replace(sum by (app) (${COUNTS}), "kind", "$1-svc", "app", "(.*)")`,
    { 'app=a,kind=a-svc': '4', 'app=b,kind=b-svc': '3' },
  ],
  [`label_replace(sum by (app) (${COUNTS}), "app", "", "app", "a")`, { '': '4', 'app=b': '3' }],
  [`label_replace(sum by (app) (${COUNTS}), "kind", "x", "app", "z")`, { 'app=a': '4', 'app=b': '3' }],
]);

void test('range queries give a value for each step that has one, windows open at their start', async (t) => {
  const loki = await startTestLoki(t);
  await loki.push({ app: 'a' }, [
    [60, 'at the end of a window'],
    [61, 'in the next'],
    [150, 'later'],
  ]);
  const range = { start: testTime(60), end: testTime(240), step: '60' };
  const at = (...samples: [number, string][]) =>
    samples.map(([second, value]) => [1_795_168_800 + second, value]);
  const values = async (query: string): Promise<unknown> =>
    ((await loki.range(query, range)).result as { values: unknown }[]).map((series) => series.values);
  assert.deepEqual(await values('sum(count_over_time({app="a"}[1m]))'), [
    at([60, '1'], [120, '1'], [180, '1']),
  ]);
  assert.deepEqual(await values('sum(count_over_time({app="a"}[2m]))'), [
    at([60, '1'], [120, '2'], [180, '2'], [240, '1']),
  ]);
  assert.deepEqual(await values('sum(count_over_time({app="a"} | logfmt [2m]))'), [
    at([60, '1'], [120, '2'], [180, '2'], [240, '1']),
  ]);
  assert.deepEqual(await values('sum(count_over_time({app="a"}[10s]))'), [at([60, '1'])]);
  assert.deepEqual(await values('sum(count_over_time({app="a"}[1m])) > 5'), []);
  assert.deepEqual(await values('vector(1)'), [at([60, '1'], [120, '1'], [180, '1'], [240, '1'])]);
});

void test('a line that a parser marks stops a metric query, unless it is filtered or not parsed at all', async (t) => {
  const loki = await startTestLoki(t);
  await loki.push({ app: 'a' }, [
    [1, 'no json'],
    [2, '{"a":1}'],
  ]);
  const { status, reason } = await loki.refusal('sum by (a) (count_over_time({app="a"} | json [5m]))');
  assert.equal(status, 400);
  assert.match(reason, /^pipeline error: 'JSONParserErr' for series: '\{.*app="a".*\}'/);
  assert.deepEqual(await loki.instant('sum by (a) (count_over_time({app="a"} | json | __error__="" [1h]))'), {
    'a=1': '1',
  });
  assert.deepEqual(await loki.instant('sum(count_over_time({app="a"} | json [1h]))'), { '': '2' });
});
