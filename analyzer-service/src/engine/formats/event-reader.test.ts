import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectFormat } from './detect-format.ts';
import { EventReader, type EventCounts, type FileEvent } from './event-reader.ts';

function read(lines: readonly string[]): { events: FileEvent[]; counts: EventCounts } {
  const events: FileEvent[] = [];
  const reader = new EventReader(
    {
      file: 'app.log',
      service: 'app',
      splitsComponents: true,
      format: detectFormat(lines, Date.UTC(2026, 10, 21)),
      firstInstant: { seconds: 1_700_000_000, nanos: 0 },
    },
    (event) => events.push(event),
  );
  lines.forEach((line, index) => reader.add(line, index + 1));
  return { events, counts: reader.end() };
}

void test('a stack trace is one event and cited by its first line', () => {
  const { events, counts } = read([
    '2024-05-01 10:00:00 ERROR App: request failed',
    'java.lang.IllegalStateException: pool is empty',
    '    at com.example.Pool.take(Pool.java:12)',
    'Caused by: java.io.IOException: closed',
    '    ... 3 more',
    '2024-05-01 10:00:01 INFO App: next',
  ]);
  assert.deepEqual(counts, { events: 2, continuationLines: 4, blankLines: 0, eventsWithoutTime: 0 });
  assert.equal(events[0]?.lineNumber, 1);
  assert.equal(events[0]?.firstLine, '2024-05-01 10:00:00 ERROR App: request failed');
  assert.match(events[0]?.text ?? '', /^App: request failed\njava\.lang.*\n.*Pool\.java:12\)\nCaused by/);
  assert.equal(events[1]?.lineNumber, 6);
});

void test('a line without a time that continues nothing gets the time of the line before', () => {
  const { events, counts } = read(['first words', '2024-05-01 10:00:00 INFO a', '', 'Server ready.']);
  assert.deepEqual(counts, { events: 3, continuationLines: 0, blankLines: 1, eventsWithoutTime: 2 });
  assert.deepEqual(
    events.map(({ timestampNs }) => timestampNs),
    ['1700000000000000000', '1714557600000000000', '1714557600000000000'],
  );
});

void test('every line is accounted for, and an endless event stays short', () => {
  const { events, counts } = read([
    '2024-05-01 10:00:00 INFO a',
    ...Array.from({ length: 5000 }, () => '    at frame'),
  ]);
  assert.equal(counts.events + counts.continuationLines + counts.blankLines, 5001);
  assert.ok((events[0]?.text.length ?? 0) < 10_000);
});

void test('values in the place of a service do not become services without end', () => {
  const { events } = read(
    Array.from({ length: 5000 }, (_, index) =>
      JSON.stringify({ ts: 1.7e9 + index, service: `run-${index}`, msg: 'm' }),
    ),
  );
  assert.ok(new Set(events.map(({ service }) => service)).size < 1000);
  assert.equal(events.at(-1)?.service, 'app');
});

void test('of a very long line the beginning is kept, and it says so', () => {
  const line = `2024-05-01 10:00:00 ERROR App: ${'payload '.repeat(5000)}`;
  const { events } = read(['2024-05-01 10:00:00 INFO App: short', line]);
  assert.deepEqual(
    events.map(({ isCut }) => isCut),
    [false, true],
  );
  assert.ok(line.startsWith(events[1]?.firstLine ?? 'nothing'));
  assert.deepEqual(
    [events[1]?.firstLine.length, events[1]?.text.length, events[1]?.level],
    [4096, 4096, 'error'],
  );
});
