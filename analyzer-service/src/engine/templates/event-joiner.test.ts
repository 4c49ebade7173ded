import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { EventJoiner, joinEvents } from './event-joiner.ts';

const events = (text: string): string[] => [...joinEvents(text.split('\n'))].map((event) => event.text);

const CASES: readonly { readonly name: string; readonly events: readonly string[] }[] = [
  {
    name: 'a Java stack trace with causes stays with the line that logged it',
    events: [
      '2024-05-01 10:00:00 ERROR order 7 failed\njava.io.IOException: disk\n\tat a.B.c(B.java:12)\nCaused by: x.Y: z\n\tat d.E.f(E.java:3)\n\t... 12 more',
      '2024-05-01 10:00:01 INFO next',
    ],
  },
  {
    name: 'a Python traceback ends with its exception, and a chained one goes on',
    events: [
      'ERROR payment failed\nTraceback (most recent call last):\n  File "a.py", line 3, in f\n    g()\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "b.py", line 9, in h\nValueError: no such card',
      'INFO next',
    ],
  },
  {
    name: 'a Go panic keeps its goroutines',
    events: [
      'panic: runtime error: index out of range\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:12 +0x1d\ncreated by main.start in goroutine 1\n\t/app/start.go:3 +0x2\nexit status 2',
      'level=info msg=restarted',
    ],
  },
  { name: 'a pretty-printed object is one event', events: ['config {\n  "a": 1,\n  "b": [2]\n}', 'ready'] },
  { name: 'an empty line outside of a trace is an event of its own', events: ['one', '', 'two'] },
  { name: 'plain lines stay apart', events: ['b', 'Caused by nothing'] },
];

for (const { name, events: expected } of CASES) {
  void test(name, () => assert.deepEqual(events(expected.join('\n')), expected));
}

void test('lines beyond a limit are counted but not kept', () => {
  const joiner = new EventJoiner({ linesMax: 2, charactersMax: 20 });
  for (const line of ['first', ' second', ' third', ' fourth']) assert.equal(joiner.add(line), null);
  assert.deepEqual(joiner.flush(), { text: 'first\n second', lineCount: 4 });
  joiner.add('x'.repeat(50));
  assert.deepEqual(joiner.flush(), { text: 'x'.repeat(20), lineCount: 1 });
});

void test('every line of any input is counted once, in order', () => {
  const line = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom(
      'Traceback (most recent call last):',
      '\tat x',
      '',
      'goroutine 1 [running]:',
      '}',
      'panic: x',
      '{',
    ),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const joined = [...joinEvents(lines)];
      assert.equal(
        joined.reduce((sum, event) => sum + event.lineCount, 0),
        lines.length,
      );
      assert.equal(joined.map((event) => event.text).join('\n'), lines.join('\n'));
    }),
  );
});
