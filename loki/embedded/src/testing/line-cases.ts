import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestLoki, type TestLine } from './test-loki.ts';

/** A line, the stages of a query, and the labels beyond those of the stream that they give; null: it is dropped. */
export type LabelCase = readonly [
  name: string,
  line: string,
  stages: string,
  labels: Readonly<Record<string, string>> | null,
  metadata?: Readonly<Record<string, string>>,
];

const STREAM = { app: 'case', level: 'stream' };

/** Runs each case on a line of its own, in a stream with the labels app and level. */
export function testLabels(title: string, cases: readonly LabelCase[]): void {
  void test(title, async (t) => {
    const loki = await startTestLoki(t);
    for (const [index, [name, line, stages, labels, metadata]] of cases.entries()) {
      const case_ = { ...STREAM, case: String(index) };
      await loki.push(case_, [metadata ? [1, line, metadata] : [1, line]]);
      const streams = await loki.streams(`{case="${index}"} ${stages}`);
      const expected = { ...case_, service_name: 'case', detected_level: 'stream', ...labels };
      const kept = Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== GONE));
      assert.deepEqual(streams.map(withoutDetails), labels === null ? [] : [kept], `${name}: ${stages}`);
    }
  });
}

/** As a value in the labels of a case: the label is not there. */
export const GONE = '(gone)';

const withoutDetails = (labels: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => name !== '__error_details__'));

/** Lines, and for each query the lines that it keeps. */
export function testKept(
  title: string,
  lines: readonly TestLine[],
  cases: readonly (readonly [string, readonly string[]])[],
): void {
  void test(title, async (t) => {
    const loki = await startTestLoki(t);
    await loki.push({ app: 'case' }, lines);
    for (const [stages, kept] of cases)
      assert.deepEqual(await loki.lines(`{app="case"} ${stages}`), kept, stages);
  });
}

/** Lines, and for each instant query the samples that it gives, by labels. */
export function testSamples(
  title: string,
  streams: readonly (readonly [Readonly<Record<string, string>>, readonly TestLine[]])[],
  cases: readonly (readonly [string, Readonly<Record<string, string>>])[],
): void {
  void test(title, async (t) => {
    const loki = await startTestLoki(t);
    for (const [labels, lines] of streams) await loki.push(labels, lines);
    for (const [query, samples] of cases) assert.deepEqual(await loki.instant(query), samples, query);
  });
}
