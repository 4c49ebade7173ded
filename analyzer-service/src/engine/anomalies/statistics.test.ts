import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findRise } from './change-point.ts';
import { dispersionOf, fallProbability, incompleteBeta, riseProbability } from './count-test.ts';
import { LogHistogram } from './log-histogram.ts';
import { rankRiseProbability } from './rank-test.ts';
import { discoveryThreshold, median, medianDeviation, normalTail } from './robust.ts';
import { findShareRise, shareRiseProbability } from './share-test.ts';

const near = (actual: number, expected: number, share = 0.01) =>
  assert.ok(
    Math.abs(actual - expected) <= share * Math.abs(expected) + 1e-12,
    `${actual} is not near ${expected}`,
  );

void test('the incomplete beta function agrees with the binomial tails that it stands for', () => {
  near(incompleteBeta(0.5, 3, 3), 0.5);
  // P(X >= 8) of 10 throws of a coin: 56 of 1,024.
  near(incompleteBeta(0.5, 8, 3), 56 / 1024);
  near(incompleteBeta(0.1, 1, 1), 0.1);
  near(incompleteBeta(0.9, 1, 20), 1 - 0.1 ** 20);
});

const RISES: readonly [
  what: string,
  count: number,
  baselineCount: number,
  dispersion: number,
  certain: boolean,
][] = [
  ['thirty where none was', 30, 0, 1, true],
  ['three where none was', 3, 0, 1, false],
  ['four times as many', 80, 20, 1, true],
  ['as many as before', 20, 20, 1, false],
  ['four times as many in bursts of forty', 80, 20, 40, false],
];
for (const [what, count, baselineCount, dispersion, certain] of RISES) {
  void test(`${what} is ${certain ? 'no' : 'possibly'} chance`, () => {
    const probability = riseProbability({
      count,
      baselineCount,
      exposure: 1,
      baselineExposure: 1,
      dispersion,
    });
    assert.equal(probability < 1e-4, certain, `p = ${probability}`);
  });
}

void test('a fall is a rise seen from the other side', () => {
  const fall = fallProbability({
    count: 2,
    baselineCount: 40,
    exposure: 1,
    baselineExposure: 1,
    dispersion: 1,
  });
  const rise = riseProbability({
    count: 40,
    baselineCount: 2,
    exposure: 1,
    baselineExposure: 1,
    dispersion: 1,
  });
  assert.equal(fall, rise);
});

void test('the dispersion is one for even counts, large for bursts and unknown for few events', () => {
  assert.equal(dispersionOf([5, 5, 5, 5, 5, 5]), 1);
  assert.ok((dispersionOf([0, 0, 30, 0, 0, 0]) ?? 0) > 20);
  assert.equal(dispersionOf([1, 0, 0, 1, 0, 0]), null);
});

void test('a rise is dated to the bin where it began', () => {
  const counts = [1, 0, 1, 1, 0, 1, 9, 8, 11, 10];
  const exposures = counts.map(() => 1);
  const rise = findRise({ counts, exposures, baselineCount: 6, baselineExposure: 10, dispersion: 1 });
  assert.equal(rise?.bin, 6);
  assert.equal(rise?.count, 38);
  assert.ok((rise?.probability ?? 1) < 1e-6);
});

void test('even counts have no significant rise', () => {
  const counts = [4, 5, 6, 5, 4, 5, 6, 5, 4, 5];
  const exposures = counts.map(() => 1);
  const rise = findRise({ counts, exposures, baselineCount: 50, baselineExposure: 10, dispersion: 1 });
  assert.ok((rise?.probability ?? 1) > 0.01);
});

void test("Fisher's test gives the tail of the tea tasting lady", () => {
  near(shareRiseProbability({ hits: 4, trials: 4, baselineHits: 0, baselineTrials: 4 }), 1 / 70);
  near(shareRiseProbability({ hits: 3, trials: 4, baselineHits: 1, baselineTrials: 4 }), 17 / 70);
  assert.equal(shareRiseProbability({ hits: 0, trials: 4, baselineHits: 0, baselineTrials: 4 }), 1);
});

void test('a share that rose is found with its start, one that did not is not', () => {
  const trials = [4, 4, 4, 4, 4, 4];
  const risen = findShareRise([0, 0, 0, 4, 4, 4], trials, 0, 30);
  assert.equal(risen?.bin, 3);
  assert.ok((risen?.probability ?? 1) < 1e-8);
  const even = findShareRise([1, 2, 1, 1, 2, 1], trials, 10, 30);
  assert.ok((even?.probability ?? 1) > 0.05);
});

void test('ranks prove no more than so few values can', () => {
  near(rankRiseProbability([100, 101, 102], [1, 2, 3]), 1 / 20);
  const many = Array.from({ length: 30 }, (_, index) => index);
  assert.ok(
    rankRiseProbability(
      many.map((value) => value + 100),
      many,
    ) < 1e-9,
  );
  assert.ok(rankRiseProbability(many, many) > 0.3);
});

void test('the median and its deviation do not follow outliers', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(median([]), 0);
  near(medianDeviation([1, 2, 3, 4, 5, 6, 7, 1000]), 1.4826 * 2);
});

void test('the normal tail is right in the middle and far out', () => {
  near(normalTail(0), 0.5);
  near(normalTail(1.959_964), 0.025);
  near(normalTail(-1.959_964), 0.975);
});

void test('discoveries are judged by how many were looked at', () => {
  assert.equal(discoveryThreshold([0.0001, 0.5, 0.9], 0.001), 0.0001);
  assert.equal(discoveryThreshold([0.0009, ...Array<number>(99).fill(0.5)], 0.001), 0);
  assert.equal(discoveryThreshold([], 0.001), 0);
});

void test('quantiles of a histogram are right to a few percent', () => {
  const histogram = new LogHistogram();
  for (let value = 1; value <= 1000; value += 1) histogram.add(value);
  near(histogram.quantile(0.5), 500, 0.04);
  near(histogram.quantile(0.95), 950, 0.04);
  assert.equal(new LogHistogram().quantile(0.5), 0);
});

void test('every probability lies between 0 and 1', () => {
  const count = fc.double({ min: 0, max: 1e6, noNaN: true });
  const positive = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(
      count,
      count,
      positive,
      positive,
      fc.double({ min: 1, max: 1e3, noNaN: true }),
      (a, b, x, y, d) => {
        const question = { count: a, baselineCount: b, exposure: x, baselineExposure: y, dispersion: d };
        for (const probability of [riseProbability(question), fallProbability(question)]) {
          assert.ok(probability >= 0 && probability <= 1, `${probability}`);
        }
      },
    ),
  );
  const small = fc.nat(60);
  fc.assert(
    fc.property(small, small, small, small, (hits, misses, before, beforeMisses) => {
      const probability = shareRiseProbability({
        hits,
        trials: hits + misses,
        baselineHits: before,
        baselineTrials: before + beforeMisses,
      });
      assert.ok(probability >= 0 && probability <= 1, `${probability}`);
    }),
  );
});
