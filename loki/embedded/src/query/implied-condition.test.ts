import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { startEmbeddedLoki } from '../server.ts';

// The database leaves out only lines that cannot pass: each filter gives what a look at every line would give.

const VALUES = ['a', 'b', 'ab', 'a|b', 'a\\', 'b.c', 'bxc', 'quote"d', 'line\nfeed', 'ä'];
const FILTERS: readonly (readonly [string, (value: string) => boolean])[] = [
  [String.raw`id=~"a|b"`, (value) => value === 'a' || value === 'b'],
  [String.raw`id=~"a\\|b"`, (value) => value === 'a|b'],
  [String.raw`id=~"a\\\\|b"`, (value) => value === 'a\\' || value === 'b'],
  [String.raw`id=~"b\\.c|ab"`, (value) => value === 'b.c' || value === 'ab'],
  [String.raw`id=~"b.c"`, (value) => value === 'b.c' || value === 'bxc'],
  [String.raw`id=~"quote\"d|ä"`, (value) => value === 'quote"d' || value === 'ä'],
  [String.raw`id="line\nfeed"`, (value) => value === 'line\nfeed'],
  [String.raw`id=~"a|"`, (value) => value === 'a'],
  [String.raw`id!~"a|b"`, (value) => value !== 'a' && value !== 'b'],
  [String.raw`detected_level=~"error|fatal"`, (value) => value === 'b'],
];

void test('a filter on structured metadata finds each value that it asks for, and no other', async (context) => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'sonde-test-'));
  const store = await startEmbeddedLoki({ dataDir, port: 0, host: '127.0.0.1' });
  context.after(async () => {
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const values = VALUES.map((id, index) => [
    `${1_795_168_800 + index}000000000`,
    `line ${index}`,
    { id, ...(id === 'b' && { detected_level: 'error' }) },
  ]);
  const push = await fetch(`${store.url}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ streams: [{ stream: { app: 'x' }, values }] }),
  });
  assert.equal(push.status, 204);
  for (const [filter, passes] of FILTERS) {
    const parameters = new URLSearchParams({
      query: `{app="x"} | ${filter}`,
      start: '1795168800',
      end: '1795168900',
    });
    const answer = await fetch(`${store.url}/loki/api/v1/query_range?${parameters.toString()}`);
    const { data } = (await answer.json()) as { data: { result: { stream: { id: string } }[] } };
    const found = data.result.map(({ stream }) => stream.id).sort();
    assert.deepEqual(found, VALUES.filter(passes).sort(), filter);
  }
});
