import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ErrorRateWatch } from './error-rate-watch.ts';

/** Steps, and the lines and errors of each. */
type Phase = readonly [steps: number, lines: number, errors: number];

const CASES: readonly (readonly [string, readonly Phase[], readonly string[]])[] = [
  ['no errors at all say nothing', [[60, 50, 0]], []],
  ['a steady share of errors says nothing', [[80, 50, 5]], []],
  [
    'errors from nothing raise an alert',
    [
      [20, 50, 0],
      [3, 50, 10],
    ],
    ['raised'],
  ],
  [
    'a share that grows fourfold raises an alert',
    [
      [60, 100, 5],
      [8, 100, 20],
    ],
    ['raised'],
  ],
  [
    'more lines with the same share say nothing',
    [
      [60, 20, 2],
      [20, 200, 20],
    ],
    [],
  ],
  ['the first lines say nothing: there is no past', [[10, 50, 25]], []],
  [
    'an alert is cleared when the share is back',
    [
      [60, 100, 5],
      [8, 100, 40],
      [20, 100, 5],
    ],
    ['raised', 'cleared'],
  ],
  [
    'a lasting fault stays one alert',
    [
      [60, 100, 5],
      [200, 100, 40],
    ],
    ['raised'],
  ],
];

for (const [what, phases, expected] of CASES) {
  void test(what, () => {
    const watch = new ErrorRateWatch();
    const states: string[] = [];
    for (const [steps, lines, errors] of phases) {
      for (let step = 0; step < steps; step++) {
        for (let line = 0; line < lines; line++) watch.add('api', line < errors);
        states.push(...watch.closeStep().map(({ state }) => state));
      }
    }
    assert.deepEqual(states, expected);
  });
}

void test('each service is judged by its own past', () => {
  const watch = new ErrorRateWatch();
  const changed: string[] = [];
  for (let step = 0; step < 40; step++) {
    for (let line = 0; line < 50; line++) {
      watch.add('noisy', line < 10);
      watch.add('broken', step >= 30 && line < 10);
    }
    changed.push(...watch.closeStep().map(({ service }) => service));
  }
  assert.deepEqual(changed, ['broken']);
});
