import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TemplateMiner } from './template-miner.ts';

function mine(lines: readonly string[]): { readonly text: string; readonly count: number }[] {
  const miner = new TemplateMiner();
  for (const line of lines) miner.add(line);
  return miner.templates().map(({ text, count }) => ({ text, count }));
}

const CASES: readonly {
  readonly name: string;
  readonly lines: readonly string[];
  readonly texts: readonly string[];
}[] = [
  {
    name: 'values of any spelling do not make a template of their own',
    lines: [
      'fetched http://a.example/x?y=1 from 10.0.0.7:80 as 5f2b9c1e-8a77-4f0e-9a44-0123456789ab in 12 ms',
      'fetched https://b.example/ from host-3.example.org:8080 as 9f2b9c1e-8a77-4f0e-9a44-0123456789ab in 7 ms',
    ],
    texts: ['fetched <*> from <*> as <*> in <*> ms'],
  },
  {
    name: 'a number keeps the wording joined to it',
    lines: ['wrote core.4711', 'wrote core.12'],
    texts: ['wrote core.<*>'],
  },
  {
    name: 'the header of a line is no part of its template',
    lines: [
      '2026-03-01 10:00:00,123 INFO  [main] org.acme.Shop: order 7 paid',
      '2026-03-01T10:00:09.1Z WARN order 8 paid',
      'Mar  1 10:00:10 web1 shop[4711]: order 9 paid',
      'order 10 paid',
    ],
    texts: ['order <*> paid'],
  },
  {
    name: 'a word that begins with a time is a message when there is nothing else',
    lines: ['10:00:00'],
    texts: ['<*>'],
  },
  {
    name: 'names after a word become one template when three of them were seen',
    lines: ['alice', 'bob', 'carol'].map((name) => `session was opened for user ${name} by admin`),
    texts: ['session was opened for user <*> by admin'],
  },
  {
    name: 'quoted names of any number of words are one value',
    lines: ['alice', 'bob smith', 'carol of the hills'].map((name) => `user "${name}" has left the room`),
    texts: ['user <*> has left the room'],
  },
  {
    name: 'two words that alternate are two templates',
    lines: ['task moved to state RUNNING', 'task moved to state FAILED'],
    texts: ['task moved to state FAILED', 'task moved to state RUNNING'],
  },
  {
    name: 'names that vary together in two places become one template',
    lines: ['a.B', 'c.D', 'e.F', 'g.H', 'i.J'].map((name) => `registering class ${name} for class x.${name}`),
    texts: ['registering class <*> for class <*>'],
  },
  {
    name: 'a missing value in brackets is a value',
    lines: [
      'connection from 10.0.0.1 () refused',
      'connection from 10.0.0.2 (web.example.org) refused',
      'connection from 10.0.0.3 (h-17.example.org) refused',
    ],
    texts: ['connection from <*> (<*>) refused'],
  },
  {
    name: 'a key of key=value always keeps its place, and a value that never changes keeps its wording',
    lines: [
      'auth failed tty=ssh user=root uid=0',
      'auth failed tty=ssh user=admin uid=0',
      'auth failed tty=ssh uid=0',
    ],
    texts: ['auth failed tty=ssh user=<*> uid=<*>', 'auth failed tty=ssh uid=<*>'],
  },
  {
    name: 'JSON lines go by their keys and by the text of their message',
    lines: [
      '{"level":"info","msg":"order 7 paid","user":"alice","tags":["a"]}',
      '{"level":"info","msg":"order 8 paid","user":"bob","tags":["b","c"]}',
      '{"level":"error","msg":"order 8 lost","user":"bob","tags":[]}',
    ],
    texts: [
      '{"level":"info","msg":"order <*> paid","user":<*>,"tags":<*>}',
      '{"level":"error","msg":"order <*> lost","user":<*>,"tags":<*>}',
    ],
  },
  {
    name: 'logfmt lines go by their keys and by the text of their message',
    lines: ['level=info msg="order 7 paid" user=alice', 'level=info msg="order 8 paid" user=bob'],
    texts: ['level=info msg="order <*> paid" user=<*>'],
  },
  {
    name: 'an event of several lines is told by its first line and its causes, not by its frames',
    lines: [
      'order 7 failed\njava.io.IOException: disk\n\tat a.B.c(B.java:12)\nCaused by: x.Y: full',
      'order 8 failed\njava.io.IOException: disk\n\tat d.E.f(E.java:3)\n\tat a.B.c(B.java:12)\nCaused by: x.Y: full',
    ],
    texts: ['order <*> failed | java.io.IOException: disk | Caused by: x.Y: full'],
  },
  { name: 'an empty line and one of symbols are lines too', lines: ['', '---', ''], texts: ['', '---'] },
];

for (const { name, lines, texts } of CASES) {
  void test(name, () => {
    const templates = mine(lines);
    assert.deepEqual(
      templates.map(({ text }) => text),
      texts,
    );
    assert.equal(
      templates.reduce((sum, { count }) => sum + count, 0),
      lines.length,
    );
  });
}

void test('a line counts as many lines as its weight, none included', () => {
  const miner = new TemplateMiner();
  const handle = miner.add('order 7 paid', 3);
  miner.add('order 8 paid');
  assert.equal(miner.resolve(handle).count, 4);
  assert.equal(miner.lineCount, 4);
  assert.equal(miner.resolve(miner.add('order 9 paid', 0)).count, 4);
  assert.throws(() => miner.add('order 9 paid', -1), /weight/);
  assert.throws(() => miner.resolve(99), /handle 99/);
});

void test('a template has the same id in every miner', () => {
  const ids = ['order 7 paid', '2026-03-01 10:00:00 INFO order 12 paid'].map((line) => {
    const miner = new TemplateMiner();
    return miner.resolve(miner.add(line)).id;
  });
  assert.equal(ids[0], ids[1]);
  assert.match(ids[0]!, /^[0-9a-f]{16}$/);
});

void test('a handle follows its template when later lines show that a word varies', () => {
  const miner = new TemplateMiner();
  const [first] = ['alice', 'bob', 'carol'].map((name) => miner.add(`session was opened for user ${name}`));
  assert.deepEqual(miner.resolve(first!).text, 'session was opened for user <*>');
  assert.equal(miner.resolve(first!).count, 3);
});

void test('parameters have a name, a type and a distribution', () => {
  const miner = new TemplateMiner();
  let handle = 0;
  for (let i = 1; i <= 1000; i++)
    handle = miner.add(`GET ${i % 2 ? '/a' : '/b'} took ${i} ms, user=u${i % 7}`);
  const [path, duration, user] = miner.parameters(handle);
  assert.deepEqual([path?.name, duration?.name, user?.name], ['GET', 'took', 'user']);
  assert.ok(path && duration && user);
  assert.deepEqual([path.values.type, duration.values.type], ['path', 'duration']);
  assert.equal(path.values.distinct, 2);
  assert.equal(user.values.distinct, 7);
  assert.ok(duration.values.count > 980 && duration.values.count <= 1000);
  const { min, p50, p90 } = duration.values.numbers!;
  assert.equal(min, 1);
  assert.ok(Math.abs(p50 - 500) < 50, `${p50}`);
  assert.ok(Math.abs(p90 - 900) < 90, `${p90}`);
});

void test('words that vary are parameters too, with exact counts', () => {
  const miner = new TemplateMiner();
  const handles = ['alice', 'bob', 'carol', 'bob'].map((name) =>
    miner.add(`session was opened for user ${name}`),
  );
  const [user] = miner.parameters(handles[0]!);
  assert.equal(user?.name, 'user');
  assert.deepEqual(user?.values.top[0], { value: 'bob', count: 2 });
  assert.equal(user?.values.distinct, 3);
});
