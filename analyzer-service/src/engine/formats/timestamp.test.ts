import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findTimestamp, parseTimestampValue, toTimestampNs, type Instant } from './timestamp.ts';

const OPTIONS = { referenceMs: Date.UTC(2026, 10, 21, 12), dayFirst: false };

function nsOf(instant: Instant | null): string | null {
  return instant && toTimestampNs(instant);
}

void test('nanoseconds survive exactly', () => {
  assert.equal(nsOf(findTimestamp('2024-05-01T10:00:00.123456789Z x', OPTIONS)), '1714557600123456789');
  assert.equal(nsOf(findTimestamp('1700000000123456789 x', OPTIONS)), '1700000000123456789');
  assert.equal(nsOf(parseTimestampValue('1700000000123456789', OPTIONS)), '1700000000123456789');
  assert.equal(nsOf(parseTimestampValue(1_700_000_000_123, OPTIONS)), '1700000000123000000');
});

void test('a date without a year is the latest one that is not after the file was written', () => {
  assert.equal(nsOf(findTimestamp('Nov 21 11:00:00 x', OPTIONS))?.slice(0, 10), '1795258800');
  assert.equal(nsOf(findTimestamp('Dec 24 11:00:00 x', OPTIONS))?.slice(0, 10), '1766574000');
});

void test('zones, halves of the day and odd separators are read', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['2024-05-01T10:00:00+02:00', '2024-05-01T08:00:00.000Z'],
    ['2024-05-01 10:00:00 -0530 x', '2024-05-01T15:30:00.000Z'],
    ['2024-05-01 10:00:00+00 x', '2024-05-01T10:00:00.000Z'],
    ['2024-05-01 10:00:00 UTC x', '2024-05-01T10:00:00.000Z'],
    ['Dec 4, 2005 12:47:44 AM x', '2005-12-04T00:47:44.000Z'],
    ['12/04/2005 4:47:44 PM x', '2005-12-04T16:47:44.000Z'],
    ['30.10.2024 16:49:06 x', '2024-10-30T16:49:06.000Z'],
    ['20171223-22:15:29:606|Step', '2017-12-23T22:15:29.606Z'],
    ['20240501T101500 x', '2024-05-01T10:15:00.000Z'],
    ['03/Jun/2005', '2005-06-03T00:00:00.000Z'],
  ];
  for (const [text, wanted] of cases) {
    const found = findTimestamp(text, OPTIONS);
    assert.equal(found && new Date(found.seconds * 1000 + found.nanos / 1e6).toISOString(), wanted, text);
  }
});

void test('numbers, versions, addresses and impossible dates are no times', () => {
  for (const text of [
    '2024-13-01 10:00:00',
    '2024-05-01 25:00:00',
    'v1.2.3',
    '10.0.0.1',
    '00:11:22:33:44:55',
    '42',
    '',
  ])
    assert.equal(findTimestamp(text, OPTIONS), null, text);
});

void test('a time reads the same whatever line came before it', () => {
  const styles: readonly ((iso: string) => string)[] = [
    (iso) => iso,
    (iso) => iso.replace('T', ' ').replace('Z', ''),
    (iso) => iso.replace('Z', '+01:00'),
    (iso) => `${iso.slice(0, 19)},${iso.slice(20, 23)} -1`,
    (iso) => `${iso.slice(0, 19)} +0200`,
    (iso) => `${iso.slice(2, 10).replaceAll('-', '')} ${iso.slice(11, 19).replaceAll(':', '')} 6116`,
    (iso) => `${iso.slice(11, 23)} Zebra`,
    (iso) => `${iso.slice(8, 10)}/Jun/2005:${iso.slice(11, 19)}`,
    (iso) => `Jun ${Number(iso.slice(8, 10))} ${iso.slice(11, 19)} 2005`,
    (iso) => `Jun ${Number(iso.slice(8, 10))} ${iso.slice(11, 19)}`,
  ];
  const line = fc
    .tuple(
      fc.date({ min: new Date('2024-05-01'), max: new Date('2024-05-01T00:00:03Z'), noInvalidDate: true }),
      fc.nat(7),
    )
    .map(([date, style]) => styles[style]?.(date.toISOString()) ?? '');
  fc.assert(
    fc.property(fc.array(line, { minLength: 2, maxLength: 12 }), (lines) => {
      const inARow = lines.map((text) => nsOf(findTimestamp(text, OPTIONS)));
      const alone = lines.map((text) => nsOf(findTimestamp(text, { ...OPTIONS })));
      assert.deepEqual(inARow, alone);
    }),
  );
});
